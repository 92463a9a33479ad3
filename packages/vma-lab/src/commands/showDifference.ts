import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../cli/printable.ts';
import type { Style } from '../cli/style.ts';
import { type Ground, type SmallDifference, shrinkDifference } from '../conform/conform.ts';
import { differenceC, differenceLitmus } from '../draw/drawConform.ts';
import type { DifferentStep } from '../verify/compareSteps.ts';

/**
 * Makes a difference small, and writes it into a folder: a litmus file, and the C program that shows it.
 * @param shrinks false: it stays as it is, as in a virtual machine, where each attempt takes a boot
 * @param style without colours: the file is not for a terminal
 * @returns the litmus file, and where both are
 */
export async function showDifference(
  ground: Ground,
  different: DifferentStep,
  { folder, shrinks }: { readonly folder: string; readonly shrinks: boolean },
  style: Style,
): Promise<string> {
  const small: SmallDifference = shrinks
    ? await shrinkDifference(ground, different)
    : { ...different, steps: [different.recorded] };
  const base = join(folder, different.scenario.id.replace(/[^\w.-]+/g, '-').slice(0, 80));
  await mkdir(folder, { recursive: true });
  const text = differenceLitmus(ground, printable(small), style);
  await writeFile(`${base}.litmus`, text);
  const written = [`${base}.litmus`];
  if (small.steps.length === small.scenario.ops.length) {
    await writeFile(`${base}.c`, differenceC(ground, small));
    written.push(`${base}.c`);
  }
  return `${text}\nwritten: ${written.join(' and ')}\n\n`;
}
