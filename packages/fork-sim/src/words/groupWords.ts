import { formatCount, formatSize } from './numbers.ts';

/** One member of a pattern of VMAs; see `GroupMember`. */
export interface MemberWords {
  readonly perms: string;
  readonly backing: 'anonymous' | 'file' | 'shared' | 'special';
  readonly name: string | null;
  readonly bytes: { readonly from: number; readonly to: number };
}

/** VMAs that are alike; see `VmaGroup`. */
export interface GroupWords {
  readonly members: readonly MemberWords[];
  readonly count: number;
}

/** VMAs that are alike, in a few words: `500 × none 16k + rw 1M`. Members stand as in memory, the lowest first. */
export function groupText({ members, count }: GroupWords): string {
  const instance = members.map(memberText).join(' + ');
  const names = new Set(members.map(({ name }) => (name === null ? null : lastPart(name))));
  const [name] = names;
  const whose = names.size > 1 || name === '' || name === undefined ? '' : ` ${name ?? 'of several names'}`;
  return `${count === 1 ? '' : `${formatCount(count)} × `}${instance}${whose}`;
}

/** Permissions and size of one: `rw 1M`, `none 16k`, `r file 4k-2M`. */
function memberText({ perms, backing, bytes }: MemberWords): string {
  const access = perms.slice(0, 3).replaceAll('-', '') || 'none';
  const what = backing === 'anonymous' ? '' : ` ${backing}`;
  const [from, to] = [formatSize(bytes.from), formatSize(bytes.to)];
  return `${access}${what} ${from === to ? from : `${from}–${to}`}`;
}

function lastPart(name: string): string {
  return name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
}
