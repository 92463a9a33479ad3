import { fileURLToPath } from 'node:url';
import { formatOp, type RecordedScenario, type RunOptions, runScenario, type StepRecord, scenarioOf } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../plugins/readRecording.ts';
import { DIFFERENCES } from '../src/content/differences.ts';
import { traceLines } from '../src/engine.ts';
import { compareTraces } from '../src/picture/compareTraces.ts';

const ALL = DIFFERENCES.flatMap(({ all }) => all);
/** The recorded kernel of each profile. */
const KERNELS: Readonly<Record<string, string>> = {
  '6.12': '6.12.107',
  '6.16': '6.16.12',
  '6.18': '6.18.15',
  '6.19': '6.19.14',
  '7.3': '7.3.4',
};

interface Kept {
  readonly options: RunOptions;
  readonly scenarios: ReadonlyMap<string, RecordedScenario>;
}

const kept = new Map<string, Kept>();
function recording(set: 1 | 2, kernel: string): Kept {
  const path = `../../../conformance/recordings/kernels${set === 1 ? '' : '2'}/${kernel}.jsonl.gz`;
  let known = kept.get(path);
  if (!known) {
    const { options, scenarios } = readRecording(fileURLToPath(new URL(path, import.meta.url)));
    known = { options, scenarios: new Map(scenarios.map((one) => [one.scenario.id, one])) };
    kept.set(path, known);
  }
  return known;
}

/** A step without its operation, which may be written in more than one way. */
const answer = (step: StepRecord): object => ({ ...step, op: null });

describe('differences between kernels', () => {
  it.each(ALL)('$id: the two kernels differ, and at the last step', (one) => {
    const [a, b] = one.profiles.map((profile) =>
      traceLines(one.id, one.lines, { profile, softDirty: one.softDirty ?? false }),
    );
    if (!a || !b) throw new Error('a pair has two profiles');
    expect(compareTraces(a, b)).toContain(a.steps.length - 1);
  });

  it.each(ALL.filter(({ recorded }) => recorded))('$id: both answers are those of the real kernels', (one) => {
    const { ops } = typeof one.lines === 'string' ? scenarioOf(one.id, one.lines) : one.lines;
    const answers = one.profiles.map((profile) => {
      const set = recording(1, '6.19.14').scenarios.has(one.recorded ?? '') ? 1 : 2;
      const { options, scenarios } = recording(set, KERNELS[profile] ?? '');
      const recorded = scenarios.get(one.recorded ?? '');
      if (!recorded) throw new Error(`no recording of ${one.recorded}`);
      expect(recorded.steps.slice(0, ops.length).map(({ op }) => formatOp(op))).toEqual(ops.map(formatOp));
      const scenario = { ...recorded.scenario, ops };
      const ran = runScenario(scenario, options).map(answer);
      expect(ran).toEqual(recorded.steps.slice(0, ops.length).map(answer));
      return ran.at(-1);
    });
    expect(answers[0]).not.toEqual(answers[1]);
  });

  it('have names of their own', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
  });
});
