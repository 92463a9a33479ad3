import { PAGE_STATES } from '../words/phrases.ts';

/** What is asked of a recorded scenario: how many VMAs there are after its last call, or what the child of that fork has at a page. */
type ExerciseQuestion = { readonly ask: 'vmas' } | { readonly ask: 'child'; readonly page: number };

/** An exercise that real kernels answer: the first `steps` calls of a recorded scenario. */
export type ChosenExercise = ExerciseQuestion & {
  readonly scenario: string;
  readonly steps: number;
  /** Versions that were recorded; with two, the question is about both. */
  readonly kernels: readonly string[];
};

/** What the build finds in the recordings for a {@link ChosenExercise}. */
export type RecordedExercise = ChosenExercise & {
  readonly lines: string;
  /** For each kernel, what it did: a number of VMAs, or the letter of a page's state. */
  readonly answers: readonly string[];
};

/** Scenarios whose answer surprised someone. Only the question is written here; the answers are in the recordings. */
export const CHOSEN_EXERCISES: readonly ChosenExercise[] = [
  { scenario: 'anonvma.left-faulted', steps: 4, ask: 'vmas', kernels: ['6.19.14'] },
  { scenario: 'anonvma.guard-creates-file', steps: 5, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'fork.fshared.g0.write.child', steps: 3, ask: 'child', page: 12, kernels: ['6.19.14'] },
  { scenario: 'anonvma.guard-creates', steps: 5, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'fork.fshared.g1.read.child', steps: 4, ask: 'child', page: 12, kernels: ['6.19.14'] },
  { scenario: 'mlock.adjacent-to-unfaulted', steps: 3, ask: 'vmas', kernels: ['6.12.107', '6.16.12'] },
  { scenario: 'fork.wipe-guard', steps: 5, ask: 'child', page: 11, kernels: ['6.19.14'] },
  { scenario: 'anonvma.distinct-by-flag', steps: 6, ask: 'vmas', kernels: ['6.19.14'] },
  { scenario: 'mremap.file-guard-join', steps: 5, ask: 'child', page: 15, kernels: ['6.16.12', '6.18.15'] },
  { scenario: 'merge-new.fshared.mmap.0110', steps: 7, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'fork.guard-removed', steps: 5, ask: 'child', page: 12, kernels: ['6.19.14'] },
  { scenario: 'anonvma.distinct-gap-prot', steps: 5, ask: 'vmas', kernels: ['6.19.14'] },
  { scenario: 'mremap.file-cow-moved-fill', steps: 4, ask: 'vmas', kernels: ['6.19.14', '7.3.4'] },
  { scenario: 'fork.split-guard', steps: 6, ask: 'child', page: 10, kernels: ['6.19.14'] },
  { scenario: 'anonvma.file-read', steps: 5, ask: 'vmas', kernels: ['6.19.14'] },
  { scenario: 'mremap.dontunmap-join', steps: 5, ask: 'vmas', kernels: ['6.16.12', '6.18.15'] },
  { scenario: 'fork.anon.g1.read.child', steps: 4, ask: 'child', page: 12, kernels: ['6.19.14'] },
  { scenario: 'mremap.file-join-contiguous-cow', steps: 4, ask: 'vmas', kernels: ['6.12.107', '6.16.12'] },
  { scenario: 'fork.mremap-faulted-next-to-plain-child', steps: 7, ask: 'vmas', kernels: ['6.16.12', '6.18.15'] },
  { scenario: 'merge-existing.fpriv.101.both', steps: 5, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'guard.fpriv.cross-vma', steps: 4, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'fork.child-middle-faulted-only', steps: 5, ask: 'child', page: 14, kernels: ['6.19.14'] },
  { scenario: 'guard.anon.cross-vma', steps: 4, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
  { scenario: 'mlock2.fpriv.mid', steps: 8, ask: 'vmas', kernels: ['6.18.15', '6.19.14'] },
];

/** The question, in words. */
export function questionOf(exercise: ChosenExercise): string {
  const on = `on ${exercise.kernels.join(' and on ')}`;
  return exercise.ask === 'vmas'
    ? `How many VMAs are there after the last call, ${on}?`
    : `What is in the child's page table at page ${exercise.page}, ${on}?`;
}

/** Answers to choose from, the right one among them: its index. With two kernels, each choice has an answer for both. */
export function choicesOf(exercise: RecordedExercise): {
  readonly choices: readonly string[];
  readonly answer: number;
} {
  const single = exercise.ask === 'vmas' ? likelyCounts(exercise.answers) : likelyStates(exercise.answers);
  const [first = '', second] = exercise.answers;
  const pairs =
    second === undefined ? single.map((one) => [one]) : single.flatMap((one) => single.map((two) => [one, two]));
  const right = second === undefined ? [first] : [first, second];
  const words = (answers: readonly string[]): string => answerText(exercise, answers);
  return { choices: pairs.map(words), answer: pairs.map((pair) => pair.join()).indexOf(right.join()) };
}

/** Answers in words, kernel by kernel. */
function answerText(exercise: ChosenExercise, answers: readonly string[]): string {
  const one = (answer: string): string => (exercise.ask === 'vmas' ? answer : (PAGE_STATES[answer] ?? answer));
  const [first = '', second] = answers;
  if (second === undefined) return one(first);
  return first === second
    ? `${one(first)} on both`
    : answers.map((answer, i) => `${one(answer)} on ${exercise.kernels[i]}`).join(', ');
}

/** Three numbers around the right one; for two kernels, the two that occur or are next. */
function likelyCounts(right: readonly string[]): string[] {
  const numbers = [...new Set(right.map(Number))].sort((a, b) => a - b);
  const [least = 1] = numbers;
  if (right.length === 1)
    return [Math.max(1, least - 1), least, least + 1, least + 2].slice(least === 1 ? 1 : 0).map(String);
  return (numbers.length > 1 ? numbers : [least, least + 1]).map(String);
}

/** The states that a newcomer would think of; for two kernels, the two that occur or are likely. */
function likelyStates(right: readonly string[]): string[] {
  const likely = [...new Set([...right, 'G', '.', 'a', 'f'])];
  return right.length === 1 ? likely.slice(0, 4) : likely.slice(0, 2);
}
