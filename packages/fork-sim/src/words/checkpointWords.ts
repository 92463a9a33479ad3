import { countOf, formatCount } from './numbers.ts';
import type { ComparedMap, Verdict } from './verdictWords.ts';

/**
 * Why a map was not compared, or not all of it.
 *
 * - `noProcess`: the log shows no such process there
 * - `cut`: strace has cut off what was read
 * - `part`: the program did not read on to the end
 * - `unreadable`: what was read is no map
 * - `machine`: the process has an address space that is not modelled
 * - `pages`: page frames are not modelled
 * - `sums`: the file has sums, and no mapping by itself
 */
export type NotCompared = 'noProcess' | 'cut' | 'part' | 'unreadable' | 'machine' | 'pages' | 'sums';

const WHY: { readonly [W in NotCompared]: string } = {
  noProcess: 'the log shows no such process there',
  cut: 'strace has cut the text off (-s 65536 shows all of it)',
  part: 'the program read no further',
  unreadable: 'the text is no readable map',
  machine: 'the address space of this process is not modelled',
  pages: 'which page frames are used is not modelled',
  sums: 'it has sums, and no mapping by itself',
};

/** A map at a line of a log, compared. */
interface Checkpoint {
  readonly pid: number | 'first' | null;
  readonly file: string;
  readonly source: 'given' | 'log';
  readonly comparison: ComparedMap | null;
  readonly before: number;
  readonly certain: boolean;
  readonly why: NotCompared | null;
  readonly times: number;
}

/** Was the map there as the model has it? */
export function checkpointVerdict(checkpoint: Checkpoint): Verdict {
  const { file, source, comparison, before, certain, why } = checkpoint;
  const what = source === 'log' ? `${file}, read here` : file;
  if (comparison === null) return { state: source === 'given' ? 'wrong' : 'open', text: notCompared(checkpoint) };
  const { real, equal, differing, flagsUnknown } = comparison;
  // What the program did not read is not left out of what it read.
  const isAll = before === 0 && (why === null || why === 'part');
  const rest = [
    before > 0 ? `${countOf(before, 'VMA')} of it from before the log: not compared` : '',
    why === null ? '' : WHY[why],
  ].filter((part) => part !== '');
  const and = rest.length === 0 ? '' : `; ${rest.join('; ')}`;
  const fields = flagsUnknown > 0 ? ' (a maps shows no flags)' : '';
  const whose = whoseText(checkpoint);
  if (differing === 0) {
    if (real === 0) return { state: 'open', text: `nothing${whose} in ${what} can be compared${and}` };
    const which = why === 'part' ? 'that were read' : 'that can be compared';
    const all = rest.length === 0 ? `all ${countOf(real, 'VMA')}` : `the ${countOf(real, 'VMA')} ${which}`;
    return { state: isAll ? 'right' : 'open', text: `${all}${whose} as in ${what}${fields}${and}` };
  }
  const text = `${formatCount(equal)} of ${countOf(real, 'VMA')}${whose} as in ${what}; ${countOf(differing, 'difference')}${and}`;
  const maybe = '; memory from before the log is not known, and may be the reason';
  return certain ? { state: 'wrong', text } : { state: 'open', text: `${text}${maybe}` };
}

function notCompared(checkpoint: Checkpoint): string {
  const { file, source, why, times } = checkpoint;
  const whose = whoseText(checkpoint);
  if (source === 'given') return `${file}${whose}: ${WHY[why ?? 'noProcess']}`;
  const often = times > 1 ? ` ${formatCount(times)} times` : '';
  return `${file}${whose} was read here${often} and not compared: ${WHY[why ?? 'noProcess']}`;
}

function whoseText({ pid }: Checkpoint): string {
  return typeof pid === 'number' ? ` of pid ${pid}` : '';
}
