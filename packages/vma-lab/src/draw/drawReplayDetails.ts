import type { LimitAnswer, ProcessReport, RefusalRows } from 'fork-sim';
import { countOf, flagsDiffWords, formatCount, formatKb, formatPages, refusalText } from 'fork-sim/words';
import { PAGE_SIZE } from 'vma-core';
import type { AskedKernel } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { residentText } from './drawForkAnswer.ts';
import { cut, drawTable, indent } from './drawTable.ts';
import { ellipsisOf, item, title } from './section.ts';

/** Groups of refusals, unless all are asked for. */
const MAX_REFUSALS = 8;

/** Refusals by rule, each with its first example. */
export function drawRefusals(refusals: readonly RefusalRows[], all: boolean, style: Style): string[] {
  const total = refusals.reduce((sum, { count }) => sum + count, 0);
  const asked = `${countOf(total, 'time')} a neighbour touched a range and refused`;
  const lines = [title('Why neighbours did not merge', asked, style)];
  const shown = all ? refusals : refusals.slice(0, MAX_REFUSALS);
  const rows = shown.map(({ rule, flags, count, examples }) => {
    const example = examples[0];
    const name = `${rule} ${flagsDiffWords(flags)}`.trimEnd();
    const where = example === undefined ? '' : `line ${example.line} ${example.call.split('(')[0]}`;
    const values = example === undefined ? '' : refusalText(example.refusal, (file) => example.paths[file] ?? '');
    return [`${formatCount(count)}${style.sign.times}`, cut(name, 30, '..'), where, cut(values, 40, '..')];
  });
  const columns = [{ right: '' }, 'rule', 'first at', 'the two values'];
  lines.push(...indent(drawTable(columns, rows, style.dim)));
  if (refusals.length > shown.length)
    lines.push(style.dim(`  and ${refusals.length - shown.length} more groups (--all)`));
  return lines;
}

/** VMAs, and the pages that they span. */
interface PageSum {
  readonly vmas: number;
  readonly pages: number;
}

const sizeOf = ({ pages }: PageSum): string => `at most ${formatPages(pages)}`;

/** What a fork would copy, leave to refault, empty and skip. */
export function drawFork(kernel: AskedKernel, first: ProcessReport, style: Style): string[] {
  const { forkTotals, proven, childTablesKbAtMost, refaultTablesKb, reserves } = first.summary;
  const { copy, refault, wipe, skip } = forkTotals;
  const { forkShown } = first;
  const pages =
    forkShown === null ? 'a log has no page faults, so sizes are upper bounds' : 'pages as the final smaps has them';
  const lines = [title('A fork now', `profile ${kernel.profile.name}; ${pages}`, style)];
  const resident = first.map.filter((vma) => vma.fork.action === 'copy' && vma.resident !== null);
  const residentPages = resident.reduce((sum, vma) => sum + (vma.resident ?? 0), 0);
  const real = resident.length === 0 ? '' : ` (resident, by the final smaps: ${formatPages(residentPages)})`;
  const row = (mark: string, what: string, part: PageSum, more: string, size = sizeOf(part)): string[] =>
    part.vmas === 0 ? [] : item(`${mark} ${what}`, `${countOf(part.vmas, 'VMA')}, ${size}${more}`, style);
  const copied = forkShown === null ? `at most ${formatPages(copy.pages)}${real}` : residentText(forkShown, PAGE_SIZE);
  const certain = `${countOf(proven.ptes, 'PTE')} in ${formatKb(proven.tablesKb)} of tables`;
  const sure = proven.ptes === 0 ? '' : `; for certain ${certain} (guards, populated pages)`;
  const { copy: copySign, refault: refaultSign } = style.sign;
  lines.push(
    ...row(copySign, 'copy', copy, `; page tables at most ${formatKb(childTablesKbAtMost)} more${sure}`, copied),
  );
  lines.push(...row(refaultSign, 'refault', refault, '; no page tables: the child faults in what it needs'));
  if (reserves.vmas > 0) {
    const text = `${countOf(reserves.vmas, 'VMA')}, ${formatPages(reserves.pages)}, without access and never written: no page of them can be faulted in, and none is counted above`;
    lines.push(...item('  reserves', text, style));
  }
  lines.push(...row(' ', 'wipe', wipe, '; empty in the child'));
  lines.push(...row(' ', 'skip', skip, '; not in the child at all'));
  if (kernel.profile.guards === 'all' && refault.vmas > 0) {
    const grows = `up to ${formatKb(refaultTablesKb)} in all`;
    const text = `A guard marker in one of these would make every later fork copy its tables too: ${grows}.`;
    lines.push(...item('', text, style));
  }
  return lines;
}

/** The limit that the log needs, and the call that fails first with one less. */
export function drawLimits(first: ProcessReport, limits: readonly LimitAnswer[], style: Style): string[] {
  const now = `it is ${formatCount(first.maxMapCount)}, the peak ${formatCount(first.peakVmas)} VMAs`;
  const lines = [title('Which call would fail first', `were max_map_count just too small; ${now}`, style)];
  const groups = new Map<string, LimitAnswer[]>();
  for (const limit of limits) {
    const key = `${limit.atLeast} ${limit.fails?.line ?? ''} ${limit.fails?.errno ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), limit]);
  }
  for (const group of groups.values()) {
    const [one] = group;
    if (one === undefined) continue;
    const all = group.length === limits.length && limits.length > 1;
    const who = all ? 'on every profile' : `on ${group.map(({ profile }) => profile).join(', ')}`;
    const fails =
      one.fails === null
        ? 'no call asks for room'
        : `with ${formatCount(one.atLeast - 1)}, line ${one.fails.line} fails with ${style.bad(one.fails.errno)}: ${cut(one.fails.call, 60, ellipsisOf(style))}`;
    lines.push(...item(`needs ${formatCount(one.atLeast)}`, `${who}: ${fails}`, style));
  }
  return lines;
}
