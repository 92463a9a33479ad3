import { exportC, formatLitmus, litmusOfScenario } from 'fork-sim';
import { countOf, formatCount } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { Ground, SmallDifference } from '../conform/conform.ts';
import type { ConformAnswer, ConformPart } from '../conform/conformAnswer.ts';
import { saysMeasured } from '../conform/measuredProfile.ts';
import { claimsOfStep } from './claimsOfStep.ts';
import { drawDifference } from './drawDifference.ts';
import { drawTable } from './drawTable.ts';
import { playgroundLines } from './playgroundLines.ts';
import { item } from './section.ts';

/** Which kernel is compared with which rules, what was measured, and what is left out. */
export function drawGround({ kernel, note, leftOut }: Ground, style: Style): string {
  return [
    `${style.bold(`Linux ${kernel.kernel}`)}  ${style.dim(note)}`,
    `measured: ${saysMeasured(kernel).join('; ')}`,
    ...(kernel.frames ? [] : ['not root: pagemap hides frame numbers, so the zero page counts as any shared page']),
    ...leftOut.flatMap(({ why }) => item('left out', why, style)),
    '',
  ].join('\n');
}

/** The table of what was compared, and the verdict. */
export function drawConform({ parts, different }: ConformAnswer, style: Style): string {
  const rows = parts.map(({ name, done, steps, leftOut, different: some }: ConformPart) => [
    name,
    formatCount(done),
    steps === null ? style.sign.dash : formatCount(steps),
    leftOut === 0 ? style.sign.dash : formatCount(leftOut),
    some === 0 ? style.good('0') : style.bad(formatCount(some)),
  ]);
  const table = drawTable(['compared', 'number', 'calls', 'left out', 'differ'], rows, style.dim);
  const calls = parts.reduce((sum, { steps }) => sum + (steps ?? 0), 0);
  const verdict =
    different === 0
      ? style.good(`The model and this kernel agree in every field of ${countOf(calls, 'call')}.`)
      : style.bad(`The model and this kernel differ: ${countOf(different, 'scenario')}.`);
  const once = parts.reduce((sum, { differentOnce }) => sum + differentOnce, 0);
  const again =
    once === 0
      ? ''
      : `${countOf(once, 'scenario')} differed, and agreed when performed again: the kernel may have moved a page at that moment.\n`;
  return `${table.join('\n')}\n\n${again}${verdict}\n`;
}

/** A difference as a litmus file: in comments where kernel and model differ, then the calls, and what the kernel has, as claims. */
export function differenceLitmus({ kernel, profile }: Ground, found: SmallDifference, style: Style): string {
  const { scenario, index, recorded, model } = found;
  const calls = formatLitmus(litmusOfScenario(scenario)).trim();
  const drawn = drawDifference(`Linux ${kernel.kernel}`, scenario, index, recorded, model, style);
  const comments = [
    `Linux ${kernel.kernel} (recorded) and profile ${profile.name} (model) differ after the last of ${countOf(scenario.ops.length, 'call')}`,
    ...drawn.trimEnd().split('\n'),
    playgroundLines(profile.name, calls.split('\n')),
  ].map((line) => `# ${line}`.trimEnd());
  const result = recorded.res === 'ok' ? '' : ` => ${recorded.res}`;
  return `${comments.join('\n')}\n\n${calls}${result}\n${claimsOfStep(recorded).join('\n')}\n`;
}

/** The C program that makes the calls of a difference, and compares each step with what this kernel did. */
export function differenceC({ kernel }: Ground, { scenario, steps }: SmallDifference): string {
  return exportC(scenario, steps, kernel.kernel);
}
