import type { LitmusFailure, LitmusVerdict } from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import { drawTable } from './drawTable.ts';

/** A litmus file, and what came of it on each kernel that was asked. */
export interface JudgedFile {
  readonly path: string;
  readonly title: string;
  readonly verdicts: readonly LitmusVerdict[];
}

/** Draws the table, litmus files by kernels, then every claim that fails. */
export function drawLitmus(files: readonly JudgedFile[], style: Style): string {
  const kernels = files[0]?.verdicts.map(({ kernel }) => kernel) ?? [];
  const rows = files.map(({ path, title, verdicts }) => [path, ...verdicts.map((one) => signOf(one, style)), title]);
  const table = drawTable(['file', ...kernels, 'what it says'], rows, style.dim);
  const failures = files.flatMap(({ path, verdicts }) => drawFailures(path, verdicts, style));
  return [...table, '', ...failures, drawTotal(files, style), ''].join('\n');
}

function signOf({ verdict }: LitmusVerdict, style: Style): string {
  if (verdict === 'notApplicable') return style.dim(style.sign.dash);
  return verdict === 'holds' ? style.good(style.sign.check) : style.bad(style.sign.cross);
}

/** The failures of a file; one that several kernels share stands once. */
function drawFailures(path: string, verdicts: readonly LitmusVerdict[], style: Style): string[] {
  const drawn = new Map<string, string[]>();
  const lines = new Map<string, { readonly failure: LitmusFailure; readonly kernels: string[] }>();
  for (const { kernel, failures } of verdicts) {
    for (const failure of failures) {
      const key = JSON.stringify(failure);
      const same = lines.get(key) ?? { failure, kernels: [] };
      same.kernels.push(kernel);
      lines.set(key, same);
    }
  }
  for (const [key, { failure, kernels }] of lines) drawn.set(key, drawFailure(path, failure, kernels, style));
  return [...drawn.values()].flat();
}

function drawFailure(path: string, failure: LitmusFailure, kernels: readonly string[], style: Style): string[] {
  const { line, step, op, claim, found, map, pages } = failure;
  return [
    `${style.bad(style.sign.cross)} ${path}:${line}: fails on ${kernels.join(', ')}, after step ${step + 1}: ${op}`,
    `    claimed   ${claim}`,
    `    there is  ${style.bad(found)}`,
    ...(map === '' ? [] : [style.dim(`    VMAs      ${map}`), style.dim(`    pages     ${pages}`)]),
    '',
  ];
}

function drawTotal(files: readonly JudgedFile[], style: Style): string {
  const all = files.flatMap(({ verdicts }) => verdicts);
  const count = (verdict: LitmusVerdict['verdict']): number => all.filter((one) => one.verdict === verdict).length;
  const claims = all.reduce((sum, { claims }) => sum + claims, 0);
  const fails = count('fails');
  const parts = [
    `${style.sign.check} holds ${count('holds')}`,
    `${style.sign.cross} fails ${fails}`,
    `${style.sign.dash} not applicable ${count('notApplicable')}`,
  ];
  const text = `${countOf(files.length, 'file')}, ${countOf(claims, 'claim')} looked at: ${parts.join(', ')}`;
  return fails === 0 ? style.good(text) : style.bad(text);
}
