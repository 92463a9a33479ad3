import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readExercises } from '../plugins/exercises.ts';
import { makeExercise } from '../src/content/exercises.ts';
import { exerciseHash, exerciseOf, exerciseTask } from '../src/content/exerciseTask.ts';
import { CHOSEN_EXERCISES } from '../src/content/recordedExercises.ts';
import { lettersOf } from '../src/picture/lettersOf.ts';

const recorded = readExercises(fileURLToPath(new URL('../../../conformance/recordings/kernels', import.meta.url)));

describe('exercises made from a seed', () => {
  it.each(['easy', 'usual'] as const)('%s: always the same, and the answers are among the choices', (level) => {
    for (let seed = 1; seed <= 60; seed++) {
      const task = makeExercise(seed, level);
      for (const at of task.right) expect(task.choices[at]).toBeDefined();
      expect(task.choices.length).toBeGreaterThan(task.many ? 0 : 1);
      if (!task.many) expect(task.right).toHaveLength(1);
      expect(new Set(task.choices).size).toBe(task.choices.length);
      expect(makeExercise(seed, level).lines).toBe(task.lines);
      if (level === 'easy') expect(task.trace.steps.length).toBeLessThanOrEqual(3);
    }
  });

  it('a link that was sent opens the same exercise as ever', () => {
    expect(makeExercise(3).lines.split('\n')).toEqual([
      'mmap 2+4 r file0@2 shared',
      'guard 5',
      'mmap 8+4 r file0@8 shared',
      'guard 9',
      'mmap 6+2 rw file0@6 shared',
      'mprotect 2+4 none',
    ]);
  });
});

describe('exercises that real kernels answer', () => {
  it('are all found in the recordings, with an answer from each kernel', () => {
    expect(recorded).toHaveLength(CHOSEN_EXERCISES.length);
    for (const { answers, kernels } of recorded) expect(answers).toHaveLength(kernels.length);
    // Hard ones are there: kernels that differ, and children that have something else than their parents.
    expect(recorded.filter(({ answers }) => new Set(answers).size > 1).length).toBeGreaterThanOrEqual(8);
    expect(recorded.filter(({ ask }) => ask === 'child').length).toBeGreaterThanOrEqual(6);
  });

  it.each(recorded.map((one, place) => [`${one.scenario} ${one.kernels.join()}`, one, place] as const))(
    '%s: the answer is a choice, and the pictures agree with it',
    (_, one, seed) => {
      const task = exerciseTask({ level: 'hard', seed }, recorded);
      expect(new Set(task.choices).size).toBe(task.choices.length);
      expect(task.choices.length).toBeGreaterThan(2);
      const [answer = -1] = task.right;
      expect(answer).toBeGreaterThanOrEqual(0);
      const engine = task.traces.map(({ steps }) => {
        const last = steps.at(-1);
        if (one.ask === 'vmas') return String((last?.child ?? last?.state)?.vmas.length);
        return last?.child ? lettersOf(last.child, one.page, one.page + 1) : undefined;
      });
      expect(engine).toEqual(one.answers);
      for (const said of one.answers) expect(task.choices[answer]).toContain(one.ask === 'vmas' ? said : ' ');
    },
  );
});

describe('the link of an exercise', () => {
  it('names a seed or a recorded scenario, and is read again', () => {
    for (const name of [
      { level: 'easy', seed: 3 },
      { level: 'usual', seed: 17 },
      { level: 'hard', seed: 8 },
    ] as const)
      expect(exerciseOf(exerciseHash(name, recorded), recorded)).toEqual(name);
    const hashes = recorded.map((_, seed) => exerciseHash({ level: 'hard', seed }, recorded));
    expect(new Set(hashes).size).toBe(recorded.length);
    expect(exerciseOf('#seed=17', recorded)).toEqual({ level: 'usual', seed: 17 });
  });

  it.each(['', '#seed=x', '#recorded=no.such.scenario:3', '#step-2'])('%s names none', (hash) => {
    expect(exerciseOf(hash, recorded)).toBeNull();
  });
});
