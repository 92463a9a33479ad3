import { countOf, formatCount } from './numbers.ts';

/** One process of a log; see `ProcessRow`. */
export interface ProcessWords {
  readonly pid: number | null;
  readonly program: string | null;
  readonly exited: boolean;
  readonly startsFrom: 'map' | 'execve' | 'unknown';
  readonly vmas: { readonly peak: number; readonly now: number };
  readonly failed: number;
  readonly atLimit: number;
  readonly short: number;
}

/** Heads of the table of processes; the cells are {@link processCells}. */
export const PROCESS_HEADS: readonly string[] = [
  'pid',
  'program',
  'VMAs at the peak',
  'at the end',
  'calls that failed',
];

/** What a table says of a process. */
export function processCells({ pid, program, exited, startsFrom, vmas, ...failures }: ProcessWords): string[] {
  const least = startsFrom === 'map' ? '' : '≥ ';
  return [
    pid === null ? '' : String(pid),
    programName(program),
    `${least}${formatCount(vmas.peak)}`,
    `${formatCount(vmas.now)}${exited ? ', exited' : ''}`,
    failedText(failures),
  ];
}

/** A program by the name of its file. */
function programName(program: string | null): string {
  return program === null ? '' : (program.split('/').at(-1) ?? program);
}

function failedText({ failed, atLimit, short }: Pick<ProcessWords, 'failed' | 'atLimit' | 'short'>): string {
  if (failed === 0) return '';
  const why = [
    atLimit > 0 ? `${formatCount(atLimit)} at the limit` : '',
    short > 0 ? `${formatCount(short)} for memory, not VMAs` : '',
  ].filter((text) => text !== '');
  return `${formatCount(failed)}${why.length === 0 ? '' : `: ${why.join(', ')}`}`;
}

/** Programs that are named of those that are left out. */
const MOST_NAMED = 5;

/** What is said of processes that a table leaves out; empty: of none. */
export function moreProcessesText(rows: readonly ProcessWords[]): string {
  if (rows.length === 0) return '';
  const counts = new Map<string, number>();
  for (const { program } of rows) {
    const name = programName(program);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const named = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} × ${name || 'not named'}`);
  const more = named.length > MOST_NAMED ? ', ...' : '';
  const most = rows.reduce((peak, { vmas }) => Math.max(peak, vmas.peak), 0);
  return `and ${formatCount(rows.length)} more, of at most ${countOf(most, 'VMA')}: ${named.slice(0, MOST_NAMED).join(', ')}${more}`;
}
