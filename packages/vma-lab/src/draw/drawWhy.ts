import type { PairAssumption, VmaRow, WhyAt, WhyPair, WhyReport } from 'fork-sim';
import { assumptionText, countOf, formatAddress, formatSize, holeText, pairsText, pairText } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { WhyAnswer } from '../json/whyJson.ts';
import { cut } from './drawTable.ts';
import { kernelLines } from './kernelLines.ts';
import { ellipsisOf, finish, item, title } from './section.ts';

/** Groups that are listed, unless all pairs are asked for. */
const MAX_GROUPS = 8;

/** Draws why neighbours are two. */
export function drawWhy(answer: WhyAnswer, options: { readonly all?: boolean }, style: Style): string {
  const { file, kernel, report, notes } = answer;
  const lines = kernelLines(`${style.bold(file)}   ${countOf(report.vmas, 'VMA')},`, kernel, style);
  const { at, pairs } = report;
  if (at !== null) lines.push('', ...drawAt(at, answer, style));
  else {
    lines.push(...item('neighbours', describePairs(report, style), style), '');
    lines.push(...(options.all === true ? drawPairs(pairs, style) : drawGroups(answer, style)));
  }
  lines.push('', ...drawAssumed(at?.pairs ?? pairs, answer, style));
  for (const note of notes) lines.push(...item('note', note, style));
  while (lines.at(-1) === '') lines.pop();
  return finish(lines, style);
}

function describePairs({ groups }: WhyReport, style: Style): string {
  const { touch, parts } = pairsText(groups);
  const texts = parts.map(({ kind, text }) => (kind === 'seam' ? style.note(text) : text));
  return texts.length === 0 ? touch : `${touch}: ${texts.join(', ')}`;
}

function drawGroups({ report: { groups } }: WhyAnswer, style: Style): string[] {
  const shown = groups.slice(0, MAX_GROUPS);
  const lines = shown.flatMap(({ count, first }) => {
    const { values, kernelFunction, sentence } = pairText(first);
    const head = kernelFunction === '' ? style.note(values) : `${values}   ${style.dim(kernelFunction)}`;
    const example = `First at ${formatAddress(first.upper.start)}: ${vmaText(first.lower, style)} below ${vmaText(first.upper, style)}.`;
    return [
      ...item(countOf(count, 'pair'), head, style),
      ...item('', `${sentence} ${example}`, style).map((line) => style.dim(line)),
    ];
  });
  const left = groups.slice(MAX_GROUPS).reduce((sum, { count }) => sum + count, 0);
  if (left > 0) lines.push(style.dim(`  and ${countOf(left, 'pair')} for other reasons (--all lists every pair)`));
  else if (groups.length > 0)
    lines.push(style.dim('  --all lists every pair; with an address, vma-lab why explains the pairs there'));
  return lines;
}

function drawPairs(pairs: readonly WhyPair[], style: Style): string[] {
  return pairs.map((pair) => {
    const { values, kernelFunction } = pairText(pair);
    const text = pair.answer.kind === 'seam' ? style.note(values) : values;
    const { lower, upper } = pair;
    return `  ${formatAddress(upper.start)}  ${vmaText(lower, style)} | ${vmaText(upper, style)}: ${text}  ${style.dim(kernelFunction)}`.trimEnd();
  });
}

function drawAt(at: WhyAt, { pageSize }: WhyAnswer, style: Style): string[] {
  const { address, vma, pairs } = at;
  const lines: string[] = [];
  if (vma === null) lines.push(...item(formatAddress(address), 'no VMA holds this address', style));
  else if (pairs[0]?.upper.start !== address) {
    lines.push(...item(formatAddress(address), `is in ${rangeText(vma)} ${vmaText(vma, style)}`, style));
  }
  for (const pair of pairs) lines.push(...drawPair(pair, style));
  const isBorder = pairs[0]?.upper.start === address;
  if (isBorder) return lines;
  if (at.holeBelow !== null) lines.push(...item('', holeText(at.holeBelow, pageSize, 'below'), style));
  if (at.holeAbove !== null) lines.push(...item('', holeText(at.holeAbove, pageSize, 'above'), style));
  return lines;
}

const VERDICTS = { seam: 'could merge', wall: 'stay apart', unknown: 'not known' } as const;

function drawPair(pair: WhyPair, style: Style): string[] {
  const { lower, upper, answer } = pair;
  const { values, kernelFunction, sentence } = pairText(pair);
  const by = kernelFunction === '' ? '' : `, by ${kernelFunction}`;
  return [
    title(`At ${formatAddress(upper.start)}`, 'the lower one first', style),
    `  ${rangeText(lower)}  ${vmaText(lower, style)}`,
    `  ${rangeText(upper)}  ${vmaText(upper, style)}`,
    ...item(VERDICTS[answer.kind], `${answer.kind === 'seam' ? style.note(values) : values}${style.dim(by)}`, style),
    ...item('', sentence, style),
    '',
  ];
}

function rangeText({ start, end }: VmaRow): string {
  return `${formatAddress(start)}-${formatAddress(end)}`;
}

/** A VMA in few words: `rw-p 132k [heap]`. */
function vmaText({ start, end, perms, name }: VmaRow, style: Style): string {
  const short = cut(name.slice(name.lastIndexOf('/') + 1), 24, ellipsisOf(style));
  return `${perms} ${formatSize(end - start)}${short === '' ? '' : ` ${short}`}`;
}

/** What the answers take for granted, each thing once. That maps shows no flags is among the notes. */
function drawAssumed(pairs: readonly WhyPair[], { isSmaps, rows }: WhyAnswer, style: Style): string[] {
  const of = isSmaps ? (rows[0]?.anonymousPages === null ? 'maps' : 'smaps') : 'log';
  const counts = new Map<PairAssumption, number>();
  for (const { assumes } of pairs) for (const one of assumes) counts.set(one, (counts.get(one) ?? 0) + 1);
  counts.delete('flags');
  return [...counts].flatMap(([assumption, count]) =>
    item(
      'assumed',
      `${assumptionText(assumption, of)} ${countOf(count, 'answer rests', 'answers rest')} on it.`,
      style,
    ),
  );
}
