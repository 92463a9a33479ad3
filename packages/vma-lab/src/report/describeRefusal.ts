import { formatVmFlags, type MergeRefusal, type MergeRule, type VmFlags } from 'vma-core';

/** Each rule in words, as the reason why two neighbours stay two. */
export const RULE_TITLES: Readonly<Record<MergeRule, string>> = {
  notAdjacent: 'there is a hole between them',
  notAtEdge: 'the range does not reach the edge of its VMA',
  special: 'special mappings never merge',
  vmFlags: 'flags differ',
  vmFile: 'not the same open file',
  policy: 'memory policies differ',
  userfaultfd: 'userfaultfd contexts differ',
  anonName: 'names of anonymous memory differ',
  anonVma: 'two different anon_vmas',
  forkChild: 'the anon_vma of a fork child',
  faultedIntoUnfaulted: 'written memory does not merge into unwritten (up to 6.12)',
  pgoff: 'offsets do not continue',
  anonPgoff: 'anonymous offsets of a private file mapping do not continue (7.3)',
  neighboursAnonVma: 'both neighbours fit, but their anon_vmas are two',
  closeHook: 'a VMA with a close hook is not removed',
  ownSource: 'a copy does not join its own source (7.3)',
  justExpand: 'brk never joins the next VMA',
};

/** The two values on which a refusal rests; `pathOf` names an open file by its id. */
export function describeRefusal(refusal: MergeRefusal, pathOf: (file: number) => string): string {
  switch (refusal.rule) {
    case 'notAdjacent':
      return refusal.gap === null ? 'nothing there' : `${refusal.gap / 4096} pages between`;
    case 'notAtEdge':
      return `edge at ${hex(refusal.edge)}`;
    case 'special':
      return formatVmFlags(refusal.flags);
    case 'vmFlags':
      return describeFlags(refusal.range, refusal.neighbour, refusal.diff);
    case 'vmFile':
      return `${fileName(refusal.range, pathOf)} ≠ ${fileName(refusal.neighbour, pathOf)}`;
    case 'policy':
      return `policy ${refusal.range} ≠ ${refusal.neighbour}`;
    case 'userfaultfd':
      return `context ${refusal.range ?? 'none'} ≠ ${refusal.neighbour ?? 'none'}`;
    case 'anonName':
      return `${refusal.range ?? 'no name'} ≠ ${refusal.neighbour ?? 'no name'}`;
    case 'anonVma':
      return `av${refusal.range} ≠ av${refusal.neighbour}`;
    case 'forkChild':
      return `av${refusal.anonVma} of the ${refusal.side}, chain of ${refusal.chain}`;
    case 'faultedIntoUnfaulted':
      return `av${refusal.range} ≠ none`;
    case 'pgoff':
    case 'anonPgoff':
      return `${hex(refusal.got)} ≠ ${hex(refusal.want)}`;
    case 'neighboursAnonVma':
      return `av${refusal.prev} ≠ av${refusal.next}`;
    case 'closeHook':
      return `the VMA at ${hex(refusal.removed)}`;
    case 'ownSource':
    case 'justExpand':
      return '';
    default:
      return refusal satisfies never;
  }
}

/** Which side has which of the flags that differ: `range wr, neighbour ac`. */
function describeFlags(range: VmFlags, neighbour: VmFlags, diff: VmFlags): string {
  const ofRange = formatVmFlags((range & diff) as VmFlags);
  const ofNeighbour = formatVmFlags((neighbour & diff) as VmFlags);
  const parts = [
    ofRange === '' ? '' : `only the range: ${ofRange}`,
    ofNeighbour === '' ? '' : `only the neighbour: ${ofNeighbour}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** A refusal between two VMAs of a map, short: `flags wr ac`, `pgoff 4 ≠ 6`. */
export function describeWall(refusal: MergeRefusal): string {
  switch (refusal.rule) {
    case 'vmFlags':
      return `flags ${formatVmFlags(refusal.diff)}`;
    case 'special':
      return `special ${formatVmFlags(refusal.flags)}`;
    case 'vmFile':
      return refusal.range === null || refusal.neighbour === null ? 'file ≠ anonymous' : 'other open file';
    case 'pgoff':
      return `pgoff ${hex(refusal.got)} ≠ ${hex(refusal.want)}`;
    case 'anonPgoff':
      return `anon pgoff ${hex(refusal.got)} ≠ ${hex(refusal.want)}`;
    case 'anonVma':
      return `anon_vma av${refusal.range} ≠ av${refusal.neighbour}`;
    case 'forkChild':
      return `fork child av${refusal.anonVma}`;
    default:
      return refusal.rule;
  }
}

function fileName(file: number | null, pathOf: (file: number) => string): string {
  if (file === null) return 'anonymous';
  const path = pathOf(file);
  return path === '' ? `file ${file}` : (path.split('/').at(-1) as string);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
