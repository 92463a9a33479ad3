import { countOf, formatCount } from './numbers.ts';

/** Calls that failed for one reason; see `FailureRow`. */
export interface FailureWords {
  readonly name: string;
  readonly errno: string;
  readonly reason:
    | 'limit'
    | 'maybeLimit'
    | 'memlock'
    | 'outside'
    | 'noHole'
    | 'noLowHole'
    | 'noRoom'
    | 'notMapped'
    | 'taken'
    | 'arguments'
    | 'access'
    | 'unknownMemory'
    | 'differs';
  readonly why: string;
  readonly count: number;
  readonly vmas: number;
  readonly first: { readonly line: number };
  readonly lines: readonly number[];
}

/** `mmap, line 4: ENOMEM`, `3 × mprotect, lines 5, 6, 9: ENOMEM`. */
export function failureTitle({ name, errno, count, lines }: FailureWords): string {
  const shown = `${lines.map(formatCount).join(', ')}${count > lines.length ? ', ...' : ''}`;
  const what = count === 1 ? name : `${formatCount(count)} × ${name}`;
  return `${what}, ${count === 1 ? 'line' : 'lines'} ${shown}: ${errnoText(errno)}`;
}

/** Errnos whose reason is a shortage of something, for which the number of VMAs is suspected. */
const SHORTAGE: ReadonlySet<string> = new Set(['ENOMEM', 'EAGAIN', 'refused']);

const NOT_VMAS: ReadonlySet<string> = new Set(['memlock', 'outside', 'noHole', 'noLowHole']);

/** Is the failure one for which the number of VMAs may be suspected, and is not the reason? */
export function isNotForVmas({ reason, errno }: FailureWords): boolean {
  return SHORTAGE.has(errno) && NOT_VMAS.has(reason);
}

/** Why calls failed, as a clause. `maxMapCount`: the limit. */
export function failureWhy(failure: FailureWords, maxMapCount: number): string {
  const { reason, why, name, vmas } = failure;
  switch (reason) {
    case 'limit':
      return `at the limit of ${formatCount(maxMapCount)}, with ${countOf(vmas, 'VMA')}: ${needText(name)}`;
    case 'maybeLimit':
      return 'the call cuts a VMA and needs one VMA more: the process was at max_map_count, most likely';
    case 'memlock':
    case 'outside':
      return isNotForVmas(failure) ? `not VMAs: ${why}` : why;
    case 'noHole':
      return 'not VMAs: no free range of that size where the call may map';
    case 'noLowHole':
      return 'not VMAs: no free range of that size in the low 2 GiB, where MAP_32BIT maps';
    case 'noRoom':
      return 'it may not move the mapping, and something is mapped above it';
    case 'notMapped':
      return 'a part of the range is not mapped';
    case 'taken':
      return 'MAP_FIXED_NOREPLACE, and something is mapped there';
    case 'arguments':
      return 'the kernel refuses its arguments on any map';
    case 'access':
      return 'the file was not opened for it, or the memory is sealed';
    case 'unknownMemory':
      return 'it depends on memory from before the log, which the log does not show';
    case 'differs':
      return 'not known: the model would have given another result';
    default:
      return reason satisfies never;
  }
}

/** What a call needs VMAs for. */
function needText(name: string): string {
  switch (name) {
    case 'mmap':
    case 'mmap2':
    case 'shmat':
    case 'brk':
      return 'a new mapping needs one more';
    case 'mremap':
      return 'a move needs room for several more';
    default:
      return 'a cut in a VMA needs one more';
  }
}

/** An errno; the program break has none. */
export function errnoText(errno: string): string {
  return errno === 'refused' ? 'stayed where it was' : errno;
}
