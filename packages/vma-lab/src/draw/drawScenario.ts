import { formatOp, type Scenario, type StateRecord, type StepRecord } from 'fork-sim';
import type { Style } from '../cli/style.ts';
import { describeResult } from './describeResult.ts';
import { drawState, GUTTER } from './drawState.ts';
import { finish } from './section.ts';
import { StripLetters } from './stripLetters.ts';

/** Draws a scenario step by step: what was asked, what came of it, and the state afterwards. */
export function drawScenario(scenario: Scenario, steps: readonly StepRecord[], style: Style): string {
  const title = `${style.bold(scenario.id)}${scenario.note === undefined ? '' : `  ${style.dim(scenario.note)}`}`;
  const letters = new StripLetters();
  const childLetters = new StripLetters();
  const lines = [title, ruler(scenario, style)];
  for (const [index, step] of steps.entries()) {
    const failed = step.res !== 'ok';
    const result = describeResult(step);
    const head = `${String(index).padStart(4)}  ${formatOp(step.op)}`;
    lines.push(`${head.padEnd(58)} ${failed ? style.bad(result) : style.good(result)}`);
    lines.push(...drawState(scenario, step, letters, style), ...extras(step, style));
    if (step.child !== undefined) {
      lines.push(`${' '.repeat(GUTTER)}${style.note('child')}`);
      lines.push(...drawState(scenario, step.child, childLetters, style), ...extras(step.child, style));
    }
  }
  return finish(
    lines.filter((line) => line !== ''),
    style,
  );
}

/** Page numbers above the strip: only where there is one strip that starts at page 0. */
function ruler(scenario: Scenario, style: Style): string {
  if (scenario.windows !== undefined) return '';
  const marks = Array.from({ length: 7 }, (_, at) => String(at * 10).padEnd(10)).join('');
  return style.dim(`${' '.repeat(GUTTER)}${marks.slice(0, 64)}`.trimEnd());
}

/** Soft-dirty and write-protect masks and the size of the page tables, where there is something to say. */
function extras(state: StateRecord, style: Style): string[] {
  const words: string[] = [];
  for (const [name, mask] of [
    ['soft-dirty', state.sd],
    ['write-protected', state.wp],
  ] as const) {
    if (mask === undefined) continue;
    for (const [window, digits] of Object.entries(typeof mask === 'string' ? { '': mask } : mask)) {
      if (/[1-9a-f]/.test(digits))
        words.push(`${name}${window === '' ? '' : ` ${window}`} ${digits.replace(/^0+/, '')}`);
    }
  }
  if (state.pt !== undefined) words.push(`page tables ${state.pt} kB`);
  return words.length === 0 ? [] : [style.dim(`${' '.repeat(GUTTER)}${words.join(', ')}`)];
}
