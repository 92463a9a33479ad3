import type { OutcomeGroup, WhatIfReport, WhatIfSide } from 'fork-sim';
import { countOf, formatCount, formatKb, guardsText, roomText, unseenText } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { WhatIfFound } from '../json/whatIfJson.ts';
import { cut, drawTable, indent } from './drawTable.ts';
import { ellipsisOf, finish, item } from './section.ts';

/** Groups of calls that are listed. */
const MAX_GROUPS = 10;

/** Draws a log or a map in two worlds. */
export function drawWhatIf(found: WhatIfFound, style: Style): string {
  const { file, isLog, isMarkers, report, longestGuard } = found;
  const { before, after, calls, guards } = report;
  const lines = [
    style.bold(file),
    ...headline(report, style).flatMap((text) => item('', text, style)),
    '',
    ...indent(drawTable(['', { right: 'before' }, { right: 'after' }], rowsOf(before, after, isLog), style.dim)),
    '',
  ];
  if (guards !== null) {
    const bound = `up to ${formatCount(longestGuard / 1024)} kB; a longer range is a reserve (--longest-guard)`;
    const cost = guards.tablesKb === null ? '' : `, for ${formatKb(guards.tablesKb)} of page tables in all`;
    lines.push(...item('markers', `${guardsText(guards.guards, guards.sizes)} became markers${cost}: ${bound}`, style));
    if (!isLog) {
      const text =
        'This is the best case. What the guards kept apart may still differ by anon_vma, which smaps does not show.';
      lines.push(...item('', text, style));
    }
  } else if (isMarkers) lines.push(...item('markers', 'there is no PROT_NONE guard beside writable memory', style));
  if (before.startsFrom !== 'map') {
    const text = `The log begins without a map: VMAs are counted${unseenText(before.startsFrom)}. Give --initial.`;
    lines.push(...item('note', text, style));
  }
  lines.push(...(isLog ? drawCalls(calls, style) : item('calls', 'a map shows no calls: a log would', style)));
  return finish(lines, style);
}

/** The answer, a sentence a line. */
function headline({ before, after, calls }: WhatIfReport, { sign }: Style): string[] {
  const saved = before.peakVmas - after.peakVmas;
  const most = countOf(after.peakVmas, 'VMA');
  const part = Math.round((100 * Math.abs(saved)) / before.peakVmas);
  const vmas =
    saved === 0
      ? `As many VMAs as before: ${most} at most.`
      : `${formatCount(before.peakVmas)} ${sign.arrow} ${most} at most: ${formatCount(Math.abs(saved))} ${saved > 0 ? 'fewer' : 'more'} (${part}%).`;
  const ends = (isWanted: (group: OutcomeGroup) => boolean, would: string): string[] => {
    const some = calls.filter(isWanted);
    if (some.length === 0) return [];
    const count = some.reduce((sum, group) => sum + group.count, 0);
    const first = Math.min(...some.map((group) => group.first.line));
    return [`${countOf(count, 'call')} would ${would}, the first on line ${formatCount(first)}.`];
  };
  return [
    ...ends((group) => group.before === null, 'fail that succeeded before'),
    ...ends((group) => group.after === null, 'succeed that failed before'),
    vmas,
  ];
}

function rowsOf(before: WhatIfSide, after: WhatIfSide, isLog: boolean): string[][] {
  const row = (what: string, of: (side: WhatIfSide) => string): string[] => [what, of(before), of(after)];
  const count = (value: number | null): string => (value === null ? 'not known' : formatCount(value));
  const vmas = isLog
    ? [
        row('VMAs at the peak', ({ peakVmas }) => formatCount(peakVmas)),
        row('made by line', ({ peakCall }) => (peakCall === null ? 'the start' : formatCount(peakCall.line))),
        row('VMAs at the end', ({ endVmas }) => formatCount(endVmas)),
      ]
    : [row('VMAs', ({ endVmas }) => formatCount(endVmas))];
  return [
    row('profile', ({ profile }) => profile),
    ...vmas,
    row('max_map_count', ({ maxMapCount }) => formatCount(maxMapCount)),
    row('room', (side) => roomOf(side)),
    row('neighbours that could merge', ({ couldMerge }) => count(couldMerge)),
    row('VMAs that a fork copies', ({ forkCopies }) => count(forkCopies)),
    row('page tables for them, at most', ({ forkTablesKb }) => formatKb(forkTablesKb)),
  ];
}

function roomOf({ startsFrom, peakVmas: vmas, maxMapCount }: WhatIfSide): string {
  if (startsFrom === 'unknown') return 'not known';
  return roomText({ vmas, maxMapCount });
}

/** Calls that end otherwise; of a log that goes on as it did, also where a call fails. */
function drawCalls(calls: readonly OutcomeGroup[], style: Style): string[] {
  if (calls.length === 0) return item('calls', `${style.good(style.sign.check)} every call would end as before`, style);
  const total = calls.reduce((sum, { count }) => sum + count, 0);
  const text = `${countOf(total, 'call')} would end otherwise. After the first of them the program would do other things than the log shows; the numbers are those of the log's calls all the same.`;
  const rows = calls
    .slice(0, MAX_GROUPS)
    .map(({ name, before, after, count, first }) => [
      `${formatCount(count)} ${style.sign.times} ${name}`,
      `${before ?? 'succeeds'} ${style.sign.arrow} ${after === null ? style.good('succeeds') : style.bad(after)}`,
      `line ${first.line}: ${cut(first.call, 50, ellipsisOf(style))}`,
    ]);
  const lines = [
    ...item('calls', text, style),
    ...indent(drawTable(['', 'before and after', 'first'], rows, style.dim)),
  ];
  if (calls.length > MAX_GROUPS)
    lines.push(style.dim(`  and ${countOf(calls.length - MAX_GROUPS, 'more kind')} (--json)`));
  return lines;
}
