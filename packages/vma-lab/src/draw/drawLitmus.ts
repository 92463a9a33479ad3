import type { LitmusFailure, LitmusVerdict } from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { HereVerdict } from '../litmus/runHere.ts';
import { drawTable } from './drawTable.ts';

/** A litmus file, and what came of it on each kernel that was asked. */
export interface JudgedFile {
  readonly path: string;
  readonly title: string;
  readonly verdicts: readonly LitmusVerdict[];
  /** On this machine's kernel, where it was asked. */
  readonly here?: HereVerdict;
}

/** Draws the table, litmus files by kernels, then every claim that fails. */
export function drawLitmus(files: readonly JudgedFile[], style: Style): string {
  const kernels = files[0]?.verdicts.map(({ kernel }) => kernel) ?? [];
  const here = files[0]?.here;
  const rows = files.map((file) => [
    file.path,
    ...file.verdicts.map(({ verdict }) => signOf(verdict, style)),
    ...(file.here === undefined ? [] : [signOf(file.here.verdict, style)]),
    file.title,
  ]);
  const columns = ['file', ...kernels, ...(here === undefined ? [] : [`running ${here.kernel}`]), 'title'];
  const table = drawTable(columns, rows, style.dim);
  const failures = files.flatMap((file) => [
    ...drawFailures(file.path, file.verdicts, style),
    ...(file.here === undefined ? [] : drawHere(file.path, file.here, style)),
  ]);
  return [...table, '', ...failures, drawTotal(files, style), ''].join('\n');
}

function signOf(verdict: LitmusVerdict['verdict'] | HereVerdict['verdict'], style: Style): string {
  if (verdict === 'notApplicable') return style.dim(style.sign.dash);
  if (verdict === 'notRun') return style.bad('?');
  return verdict === 'holds' ? style.good(style.sign.check) : style.bad(style.sign.cross);
}

/** What the running kernel does not keep, or why it could not be asked. */
function drawHere(path: string, { verdict, kernel, failures, why }: HereVerdict, style: Style): string[] {
  if (verdict === 'notRun') return [`${style.bad('?')} ${path}: not run on ${kernel}: ${why}`, ''];
  return failures.flatMap(({ line, claim, found }) => [
    `${style.bad(style.sign.cross)} ${path}:${line}: fails on the running kernel, ${kernel}`,
    `    claimed   ${claim}`,
    `    there is  ${style.bad(found)}`,
    '',
  ]);
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
  const asked = files.flatMap(({ here }) => (here === undefined ? [] : [here]));
  const bad = fails + asked.filter(({ verdict }) => verdict === 'fails' || verdict === 'notRun').length;
  const text = `${countOf(files.length, 'file')}, ${countOf(claims, 'claim')} looked at: ${parts.join(', ')}`;
  const lines = asked.length === 0 ? [text] : [text, hereTotal(asked, style)];
  return lines.map(bad === 0 ? style.good : style.bad).join('\n');
}

function hereTotal(asked: readonly HereVerdict[], style: Style): string {
  const count = (verdict: HereVerdict['verdict']): number => asked.filter((one) => one.verdict === verdict).length;
  const claims = asked.reduce((sum, { holds, failures }) => sum + holds + failures.length, 0);
  const unseen = asked.reduce((sum, one) => sum + one.unseen, 0);
  const parts = [
    `${style.sign.check} holds ${count('holds')}`,
    `${style.sign.cross} fails ${count('fails')}`,
    `${style.sign.dash} not applicable ${count('notApplicable')}`,
    `? not run ${count('notRun')}`,
  ];
  const where = `the running kernel, ${asked[0]?.kernel}`;
  return `${where}: ${countOf(claims, 'claim')} looked at, ${unseen} that no program can see: ${parts.join(', ')}`;
}
