import type { ForkEntries, ForkSum, ForkVmaGroup, SmapsFork } from 'fork-sim';
import {
  countOf,
  FORK_TIME_SOURCE,
  forkShort,
  formatCount,
  formatKb,
  formatPages,
  groupText,
  timeText,
} from 'fork-sim/words';
import { formatVmFlags } from 'vma-core';
import type { Style } from '../cli/style.ts';
import type { ForkAnswer, ForkOnKernel } from '../json/forkJson.ts';
import { cut, drawTable, indent } from './drawTable.ts';
import { kernelLines } from './kernelLines.ts';
import { ellipsisOf, finish, item, title } from './section.ts';

/** Groups that are listed, unless all are asked for. */
const MAX_GROUPS = 12;

/** Draws what a fork would copy. */
export function drawFork({ kernels, others }: ForkAnswer, options: { readonly all?: boolean }, style: Style): string {
  const lines: string[] = [];
  for (const one of kernels) lines.push(...drawKernel(one, style), '');
  const [first, second] = kernels;
  if (first === undefined) return '';
  lines.push(...drawGroups(first, options.all === true, style));
  if (second !== undefined) lines.push('', ...drawDifference(first, second, options.all === true, style));
  if (others.length > 0) lines.push('', ...item('elsewhere', describeOthers(first, others), style));
  lines.push(...item('time', FORK_TIME_SOURCE, style).map((line) => style.dim(line)));
  for (const note of first.notes) lines.push(...item('note', note, style));
  return finish(lines, style);
}

function drawKernel(one: ForkOnKernel, style: Style): string[] {
  const { file, kernel, report, pageSize } = one;
  const { sums, reserves, time, timeIsKnown } = report;
  const lines = kernelLines(`${style.bold(file)}   ${countOf(report.vmas, 'VMA')},`, kernel, style);
  const row = (label: string, sum: ForkSum, text: string): string[] =>
    sum.vmas === 0 ? [] : item(label, `${countOf(sum.vmas, 'VMA')}${text}`, style);
  const tables = (kB: number | null): string => `page tables at most ${formatKb(kB)}`;
  lines.push(
    ...row(`${style.sign.copy} copy`, sums.copy, `${inThem(sums.copy, pageSize)}; ${tables(sums.copy.tablesKbAtMost)}`),
    ...row(
      `${style.sign.refault} refault`,
      sums.refault,
      `: no page tables, the child faults pages in as needed. A guard marker in one of them would make fork copy it; in all of them ${tables(sums.refault.tablesKbAtMost)}`,
    ),
    ...row('  wipe', sums.wipe, ': empty in the child (MADV_WIPEONFORK)'),
    ...row('  skip', sums.skip, ': not in the child (MADV_DONTFORK)'),
    ...row(
      '  reserves',
      reserves,
      `, ${formatPages(reserves.pages, pageSize)}, without access and never written: nothing to copy`,
    ),
  );
  const asFarAs = timeIsKnown ? '' : ', from no page present to all copied pages present';
  lines.push(...item('takes', `${style.bold(timeText(time))}${asFarAs}`, style));
  return lines;
}

/** What is in the VMAs that are copied; where that is not shown, how large they are. */
function inThem({ pages, shown }: ForkSum, pageSize: number): string {
  if (shown === null) return `, at most ${formatPages(pages, pageSize)} (which are present is not shown)`;
  return `, ${residentText(shown, pageSize)}`;
}

/** The pages that a fork copies, as a smaps shows them. */
export function residentText(shown: ForkEntries, pageSize: number): string {
  const huge = shown.huge === 0 ? '' : `, ${formatCount(shown.huge)} of them huge`;
  return `${formatPages(shown.resident, pageSize)} resident: ${countOf(shown.entries, 'entry', 'entries')}${huge}`;
}

function drawGroups({ report: { groups } }: ForkOnKernel, all: boolean, style: Style): string[] {
  const shown = all ? groups : groups.slice(0, MAX_GROUPS);
  const rows = shown.map((one) => [
    cut(groupText(one.group), 44, ellipsisOf(style)),
    actionText(one, style),
    one.action !== 'copy' ? '' : one.shown === null ? '?' : formatCount(one.shown.entries),
    one.action === 'copy' ? formatKb(one.tablesKbAtMost) : '',
  ]);
  const lines = [
    title('VMA by VMA', 'like ones as one; copied ones first', style),
    ...indent(drawTable(['VMAs', 'fork', { right: 'entries' }, { right: 'tables at most' }], rows, style.dim)),
  ];
  const left = groups.slice(shown.length).reduce((sum, { vmas }) => sum + vmas, 0);
  if (left > 0) lines.push(style.dim(`  and ${countOf(left, 'more VMA')} (--all)`));
  return lines;
}

function actionText({ action, rule, flags, assumed }: Omit<ForkVmaGroup, keyof ForkSum>, style: Style): string {
  const why = forkShort({ action, rule }, formatVmFlags(flags));
  if (action === 'copy') return `${style.note(`${style.sign.copy} copy`)} ${why}${assumed ? ' (assumed)' : ''}`;
  if (action === 'refault') return style.good(`${style.sign.refault} refault`);
  return `  ${why}`;
}

/** VMAs that both kernels have, and treat differently. */
function drawDifference(a: ForkOnKernel, b: ForkOnKernel, all: boolean, style: Style): string[] {
  const other = new Map(b.rows.map((row) => [`${row.start} ${row.end}`, row.fork]));
  const different = a.rows.filter(({ start, end, fork }) => {
    const same = other.get(`${start} ${end}`);
    return same !== undefined && same.action !== fork.action;
  });
  if (different.length === 0)
    return item('differs', `nothing: ${a.kernel.kernel} and ${b.kernel.kernel} do the same with every VMA`, style);
  const lines = [
    title(`What differs, ${a.kernel.kernel} against ${b.kernel.kernel}`, countOf(different.length, 'VMA'), style),
  ];
  const most = all ? different.length : MAX_GROUPS;
  for (const { start, end, perms, name, fork } of different.slice(0, most)) {
    const same = other.get(`${start} ${end}`)!;
    const [from, to] = [fork, same].map((one) => `${one.action} (${forkShort(one, formatVmFlags(one.flags))})`);
    lines.push(`  ${start.toString(16)} ${perms} ${name}: ${from} ${style.bad(style.sign.differs)} ${to}`);
  }
  if (different.length > most) lines.push(style.dim(`  and ${different.length - most} more (--all)`));
  return lines;
}

/** What the other profiles do, those that do the same together. */
function describeOthers({ report: { sums } }: ForkOnKernel, others: readonly SmapsFork[]): string {
  const byText = new Map<string, string[]>();
  for (const { profile, copy, childTablesKbAtMost } of others) {
    const same = copy === sums.copy.vmas && childTablesKbAtMost === sums.copy.tablesKbAtMost;
    const text = same
      ? 'the same'
      : `${countOf(copy, 'VMA')} copied, page tables at most ${formatKb(childTablesKbAtMost)}`;
    byText.set(text, [...(byText.get(text) ?? []), profile]);
  }
  return [...byText].map(([text, profiles]) => `on ${profiles.join(', ')} ${text}`).join('; ');
}
