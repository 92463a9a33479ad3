import type { StepRecord, VmaRecord } from './scenario.ts';

/** What the model did at each step, as the C program's table `steps`. */
export function cSteps(steps: readonly StepRecord[]): string {
  return `static const struct step steps[] = {\n${steps.map(cStep).join('')}  { 0 },\n};\n`;
}

function cStep(step: StepRecord): string {
  const { res, at, done, faults, vals, vmas, child } = step;
  const fields = [
    /^E[A-Z\d]+$/.test(res) ? `.error = ${res}` : null,
    at === undefined ? null : `.at = ${at === 'outside' ? 'OUTSIDE' : at}`,
    done === undefined ? null : `.done = ${done}`,
    faults === undefined ? null : `.signals = "${faults}"`,
    vals === undefined ? null : `.bytes = (const int[]){ ${vals.map((value) => value ?? -1).join(', ')} }`,
    `.map = ${cMap(vmas)}`,
    child === undefined ? null : `.child = ${cMap(child.vmas)}`,
  ];
  return `  { ${fields.filter((field) => field !== null).join(', ')} },\n`;
}

function cMap(vmas: readonly VmaRecord[]): string {
  const rows = vmas.map(
    ([start, end, perms, offset, , flags]) => `    { ${start}, ${end}, "${perms}", ${offset}, "${flags}" },\n`,
  );
  return `(const struct vma[]){\n${rows.join('')}    { 0 } }`;
}
