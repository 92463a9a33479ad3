import type { Scenario } from 'fork-sim';
import { countOf, formatCount } from 'fork-sim/words';
import { type CallKindName, type Theme, transitionsOf } from 'vma-check';
import type { CliIo } from '../cli/cliIo.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { plainStyle, type Style } from '../cli/style.ts';
import { compareScenarios } from '../conform/conform.ts';
import { findGround } from '../conform/findGround.ts';
import { drawGround } from '../draw/drawConform.ts';
import { readProfile } from '../input/readProfile.ts';
import { showDifference } from './showDifference.ts';

/** What `vma-lab check --running` was asked for. */
interface RunningCheck {
  readonly profile?: string;
  readonly pages: number;
  readonly ops: Theme | readonly CallKindName[];
  readonly depth?: number;
  /** The space in words. */
  readonly name: string;
  /** Seconds. */
  readonly time?: number;
  readonly json?: boolean;
}

const DEFAULT_SECONDS = 60;
/** Differences that are made small and printed. */
const SHOWN_DIFFERENCES = 5;

/** Makes the same calls on this machine's kernel, and compares every state. */
export async function checkRunning(command: RunningCheck, io: CliIo, style: Style): Promise<number> {
  const { profile: asked, time = DEFAULT_SECONDS, pages, ops, depth = Number.POSITIVE_INFINITY, name } = command;
  const ground = await findGround(
    asked === undefined ? {} : { profile: { profile: readProfile(asked), measured: false, note: `profile ${asked}` } },
  );
  const end = performance.now() + time * 1000;
  const progress = new ProgressLine(io);
  let reached = 0;
  const scenarios = function* (): Generator<Scenario> {
    let count = 0;
    for (const calls of transitionsOf(ground.profile, { pages, ops, depth, softDirty: ground.kernel.softDirty })) {
      if (performance.now() > end) return;
      reached = calls.length;
      yield { id: `call-${count++}`, ops: calls };
    }
    reached = 0;
  };
  const compared = await compareScenarios(ground, scenarios(), {
    onScenario: ({ scenarios: done, different }) =>
      progress.update(() => `check: ${countOf(done, 'call')} compared, ${formatCount(different.length)} differ`),
  });
  progress.done();
  const { scenarios: calls, different } = compared;
  if (command.json) {
    const { kernel, profile } = ground;
    const rest = { pages, ops, complete: reached === 0, calls, different: different.length };
    await io.out(jsonLine({ kind: 'checkRunning', kernel, profile: profile.name, ...rest }));
  } else {
    for (const one of different.slice(0, SHOWN_DIFFERENCES)) {
      await io.out(await showDifference(ground, one, { folder: 'vma-lab-differences', shrinks: true }, plainStyle(io)));
    }
    await io.out(
      `${drawGround(printable(ground), style)}${sayCompared(name, depth, reached, calls, different.length, style)}\n`,
    );
  }
  return different.length === 0 ? EXIT_OK : EXIT_DIFFERENT;
}

/** How far kernel and model were compared. `reached`: the calls of the last sequence where time ended it, else 0. */
function sayCompared(
  name: string,
  depth: number,
  reached: number,
  calls: number,
  different: number,
  style: Style,
): string {
  const how =
    reached > 0
      ? `until time ended, among sequences of ${countOf(reached, 'call')}`
      : depth === Number.POSITIVE_INFINITY
        ? 'every call in every state there is'
        : `every call in every state that ${countOf(depth - 1, 'call')} lead to`;
  const verdict = different === 0 ? style.good('none differs') : style.bad(`${formatCount(different)} differ`);
  return `${name}, ${how}: ${countOf(calls, 'call')} compared, ${verdict}`;
}
