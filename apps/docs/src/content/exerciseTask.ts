import type { Trace } from 'fork-sim';
import { traceLines } from '../engine.ts';
import { type ExerciseLevel, makeExercise } from './exercises.ts';
import { choicesOf, questionOf, type RecordedExercise } from './recordedExercises.ts';

/** Which exercise: one that is made from a seed, or the hard one at a place of the list. */
export interface ExerciseName {
  readonly level: ExerciseLevel | 'hard';
  /** The seed; of a hard one its place in the list, from 0. */
  readonly seed: number;
}

/** An exercise as it is shown. */
export interface ExerciseTask {
  readonly title: string;
  readonly lines: string;
  readonly kernels: readonly string[];
  readonly question: string;
  readonly choices: readonly string[];
  /** Indices of the right choices: one of them; of `many` any number, or none. */
  readonly right: readonly number[];
  /** Several may be chosen. */
  readonly many: boolean;
  /** What the engine says, for each kernel. */
  readonly traces: readonly Trace[];
  /** The recorded scenario whose answer this is; `null`: the engine alone answers. */
  readonly source: string | null;
  readonly next: ExerciseName;
}

/** Reads a link's fragment: `#seed=17`, `#seed=17&level=easy`, `#recorded=fork.wipe-guard:5:6.19.14`; `null`: it names no exercise. */
export function exerciseOf(hash: string, recorded: readonly RecordedExercise[]): ExerciseName | null {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const place = recorded.findIndex((_, i) => nameOf(recorded, i) === words.get('recorded'));
  if (place >= 0) return { level: 'hard', seed: place };
  const seed = words.get('seed') ?? '';
  if (!/^\d{1,9}$/.test(seed)) return null;
  return { level: words.get('level') === 'easy' ? 'easy' : 'usual', seed: Number(seed) };
}

/** The fragment that names an exercise; {@link exerciseOf} reads it. */
export function exerciseHash({ level, seed }: ExerciseName, recorded: readonly RecordedExercise[]): string {
  if (level === 'hard') return `#recorded=${nameOf(recorded, seed)}`;
  return level === 'easy' ? `#seed=${seed}&level=easy` : `#seed=${seed}`;
}

/** A hard exercise's name: its scenario, how many of its calls, and the kernels. */
function nameOf(recorded: readonly RecordedExercise[], place: number): string {
  const one = recorded[place];
  return one ? [one.scenario, one.steps, ...one.kernels].join(':') : '';
}

/** Makes the exercise of a name. */
export function exerciseTask(name: ExerciseName, recorded: readonly RecordedExercise[]): ExerciseTask {
  const hard = name.level === 'hard' ? recorded[name.seed % recorded.length] : undefined;
  if (hard) {
    const { choices, answer } = choicesOf(hard);
    return {
      title: `Hard exercise ${name.seed + 1} of ${recorded.length}`,
      lines: hard.lines,
      kernels: hard.kernels,
      question: questionOf(hard),
      choices,
      right: [answer],
      many: false,
      traces: hard.kernels.map((profile) => traceLines('exercise', hard.lines, { profile })),
      source: hard.scenario,
      next: { level: 'hard', seed: (name.seed + 1) % recorded.length },
    };
  }
  const level = name.level === 'easy' ? 'easy' : 'usual';
  const made = makeExercise(name.seed, level);
  return {
    title: `Exercise ${made.seed}`,
    lines: made.lines,
    kernels: [made.profile],
    question: made.question,
    choices: made.choices,
    right: made.right,
    many: made.many,
    traces: [made.trace],
    source: null,
    next: { level, seed: name.seed + 1 },
  };
}
