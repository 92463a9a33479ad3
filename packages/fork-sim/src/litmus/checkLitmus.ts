import { checkScenario } from '../scenario/checkScenario.ts';
import { absentProcess, ProcessNames } from '../scenario/processNames.ts';
import type { Op } from '../scenario/scenario.ts';
import type { ClaimLine, HeaderLine, LitmusLine } from './litmus.ts';
import { scenarioHeader } from './litmusScenario.ts';

/** A line that says nothing in the place where it stands. */
export interface LineMisplaced {
  /** Of the line, from 0. */
  readonly index: number;
  readonly message: string;
}

/** Finds what is wrong between the lines of a file: each by itself was read. */
export function checkLitmus(lines: readonly LitmusLine[]): LineMisplaced[] {
  return [...checkHeaders(lines), ...checkBody(lines)];
}

function checkHeaders(lines: readonly LitmusLine[]): LineMisplaced[] {
  const problems: LineMisplaced[] = [];
  const firstBelow = lines.findIndex(({ kind }) => kind === 'op' || kind === 'claim' || kind === 'otherResult');
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'header') continue;
    const message = headerProblem(line, seen, firstBelow >= 0 && index > firstBelow);
    if (message !== null) problems.push({ index, message });
    seen.add(line.name);
  }
  return problems.length > 0 ? problems : checkArena(lines);
}

/** What is wrong with the arena: windows that overlap, say. None of its lines stands then. */
function checkArena(lines: readonly LitmusLine[]): LineMisplaced[] {
  const problem = checkScenario({ ...scenarioHeader(lines, 'litmus'), ops: [] });
  if (problem === null) return [];
  return lines.flatMap((line, index) =>
    line.kind === 'header' && (line.name === 'window' || line.name === 'span')
      ? [{ index, message: problem.message }]
      : [],
  );
}

function headerProblem({ name }: HeaderLine, seen: ReadonlySet<string>, late: boolean): string | null {
  if (late) return `"${name}:" is a header line, and these stand before the first operation`;
  return name !== 'window' && seen.has(name) ? `"${name}:" is there twice` : null;
}

function checkBody(lines: readonly LitmusLine[]): LineMisplaced[] {
  const problems: LineMisplaced[] = [];
  const names = new ProcessNames();
  let op: Op | null = null;
  let claims: ClaimLine[] = [];
  let newborn: string | null = null;
  let other = true;
  for (const [index, line] of lines.entries()) {
    let message: string | null = null;
    if (line.kind === 'op') {
      message = absentProcess(names, line.op)?.message ?? null;
      newborn = line.op.op === 'fork' ? names.childOf(line.op) : null;
      if (message === null) names.after(line.op);
      op = line.op;
      claims = claimsBelow(lines, index);
      other = true;
    } else if (line.kind === 'otherResult') {
      message = other ? otherProblem(op, line.op) : 'what comes of an operation elsewhere stands right below it';
    } else if (line.kind === 'claim') {
      other = false;
      if (line.when === 'here')
        message = claimProblem(line, op, claims, newborn === null ? names.living : new Set([...names.living, newborn]));
    }
    if (message !== null) problems.push({ index, message });
  }
  return problems;
}

function claimsBelow(lines: readonly LitmusLine[], from: number): ClaimLine[] {
  const next = lines.findIndex(({ kind }, index) => index > from && kind === 'op');
  return lines
    .slice(from + 1, next < 0 ? undefined : next)
    .filter((line): line is ClaimLine => line.kind === 'claim' && line.when === 'here');
}

function otherProblem(above: Op | null, op: Op): string | null {
  if (above !== null && JSON.stringify(above) === JSON.stringify(op)) return null;
  return 'a line with kernels and "=>" says what comes of the operation above there, and repeats it word for word';
}

function claimProblem(
  { claim, process }: ClaimLine,
  op: Op | null,
  claims: readonly ClaimLine[],
  living: ReadonlySet<string>,
): string | null {
  if (op === null) return 'a claim stands below the operation after which it should hold';
  if (process !== null && !living.has(process)) {
    return `there is no process "${process}" here; there are: ${[...living].join(', ')}`;
  }
  if (claim.kind === 'forked' && op.op !== 'fork') return 'forked says what a fork decided, and stands below a fork';
  const vma = 'vma' in claim ? claim.vma : '0';
  if (/^\d+$/.test(vma) || claims.some((one) => one.claim.kind === 'map' && one.claim.drawing.includes(vma)))
    return null;
  return `no map line below this operation has a VMA ${vma}; add one, or name the VMA by a page that it holds`;
}
