import type { Trace } from 'fork-sim';
import { traceLines } from '../engine.ts';

/** A question about a scenario whose last step is not shown yet. */
export interface MadeExercise {
  readonly seed: number;
  readonly lines: string;
  readonly profile: string;
  readonly question: string;
  readonly choices: readonly string[];
  /** Indices of the right choices: one of them; of `many` any number, or none. */
  readonly right: readonly number[];
  readonly many: boolean;
  readonly trace: Trace;
}

/** A small random number generator, so that a seed always gives the same exercise (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PROFILES = ['6.12', '6.18', 'guard-flag', '6.19'] as const;

/** How hard a made exercise is: `easy` ones are about one kernel, and three mappings at most. */
export type ExerciseLevel = 'easy' | 'usual';

/** Makes the exercise of a seed. The engine gives the answer. A link with a seed is kept by people: the same seed stays the same exercise. */
export function makeExercise(seed: number, level: ExerciseLevel = 'usual'): MadeExercise {
  const random = randomOf(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  for (let tries = 0; tries < 40; tries++) {
    const profile = level === 'easy' ? '6.19' : pick(PROFILES);
    const lines = level === 'easy' ? easyLines(pick) : randomLines(random, pick);
    const trace = traceLines('exercise', lines, { profile });
    const last = trace.steps.at(-1);
    if (last?.record.res !== 'ok') continue;
    const isFork = last.op.op === 'fork';
    const rights = isFork ? copiedOf(trace) : [String(last.state.vmas.length)];
    const choices = isFork ? lettersOf(trace) : countChoices(last.state.vmas.length, last.before.vmas.length);
    return {
      seed,
      lines,
      profile,
      question: isFork
        ? 'Which VMAs does the fork copy? Tick each of them, or none.'
        : 'How many VMAs are there after the last call?',
      choices,
      right: rights.map((one) => choices.indexOf(one)),
      many: isFork,
      trace,
    };
  }
  return makeExercise(seed + 1, level);
}

/** Two or three calls on one kernel: do they meet, and do they fit? */
function easyLines(pick: <T>(all: readonly T[]) => T): string {
  const prot = pick(['r', 'rw']);
  const from = pick([1, 2, 3, 4, 5]);
  const pages = pick([3, 4, 5]);
  const end = from + pages;
  const inside = from + pick([0, 1, pages - 1]);
  const first = `mmap ${from}+${pages} ${prot}`;
  const file = `${first} file0@${from} shared`;
  return pick([
    [first, `mmap ${end + pick([0, 0, 1])}+3 ${pick([prot, 'r'])}`],
    [first, `mprotect ${inside}+1 none`],
    [first, `guard ${inside}`],
    [first, `munmap ${inside}`],
    [first, `mmap ${end + 2}+3 ${prot}`, `mmap ${end}+2 ${pick(['r', 'rw'])}`],
    [file, `mmap ${end}+3 ${prot} file0@${end + pick([0, 3])} shared`],
    [file, `${pick(['guard', 'read'])} ${inside}`, 'fork'],
    [`mmap ${from}+${pages} rw`, `${pick(['write', 'read', 'guard'])} ${inside}`, 'fork'],
  ]).join('\n');
}

function randomLines(random: () => number, pick: <T>(all: readonly T[]) => T): string {
  const file = random() < 0.6;
  const at = (page: number): string => (file ? ` file0@${page} shared` : '');
  const lines = [`mmap 2+4 ${pick(['r', 'rw'])}${at(2)}`];
  const wish = pick(['guard', 'write', 'plain']);
  if (wish === 'guard') lines.push(`guard ${2 + Math.floor(random() * 4)}`);
  if (wish === 'write') lines.push('read 3');
  lines.push(`mmap 8+4 ${pick(['r', 'rw'])}${at(pick([8, 8, 8, 20]))}`);
  if (random() < 0.4) lines.push(`guard ${8 + Math.floor(random() * 4)}`);
  lines.push(`mmap 6+2 ${pick(['r', 'rw'])}${at(6)}`);
  const end = random();
  if (end < 0.35) lines.push(`mprotect ${pick([2, 4, 6, 8])}+${pick([2, 4])} ${pick(['r', 'none', 'rw'])}`);
  else if (end < 0.75) lines.push('fork');
  return lines.join('\n');
}

/** The VMAs that a fork copies. */
function copiedOf(trace: Trace): string[] {
  const decisions = trace.steps.at(-1)?.decisions ?? [];
  return decisions.flatMap(({ action, letter }) => (action === 'copy' ? [letter] : []));
}

/** The VMAs that a fork looks at. */
function lettersOf(trace: Trace): string[] {
  return (trace.steps.at(-1)?.decisions ?? []).map(({ letter }) => letter);
}

function countChoices(right: number, before: number): string[] {
  const numbers = new Set([right, before, right + 1, Math.max(1, right - 1), right + 2]);
  return [...numbers].sort((a, b) => a - b).map(String);
}
