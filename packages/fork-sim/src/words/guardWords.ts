import { countOf, formatCount } from './numbers.ts';

/** Guards of one size: bytes, and how many. */
interface SizeWords {
  readonly bytes: number;
  readonly count: number;
}

/** Sizes that are named one by one. */
const MAX_SIZES = 4;

/** How many guards of what size: `7 PROT_NONE guards (4 of 16 kB, 3 of 4 kB)`. */
export function guardsText(guards: number, sizes: readonly SizeWords[]): string {
  const all = countOf(guards, 'PROT_NONE guard');
  const ofSize = ({ bytes }: SizeWords): string => `of ${formatCount(bytes / 1024)} kB`;
  const [first] = sizes;
  if (first === undefined) return all;
  if (sizes.length === 1) return `${all} ${ofSize(first)}`;
  const shown = sizes.slice(0, MAX_SIZES).map((size) => `${formatCount(size.count)} ${ofSize(size)}`);
  const left = sizes.slice(MAX_SIZES).reduce((sum, { count }) => sum + count, 0);
  return `${all} (${[...shown, ...(left > 0 ? [`${formatCount(left)} of other sizes`] : [])].join(', ')})`;
}
