import type { EventView, FlaggedRange, MapState, TraceStep } from 'fork-sim';

type Merged = Extract<EventView, { kind: 'merged' }>;
type Refused = Extract<EventView, { kind: 'refused' }>;

/** One question to the merge rules: may this range become part of a neighbour? With the answer of each side that touches it. */
export interface Attempt {
  readonly of: Merged['of'];
  readonly range: FlaggedRange;
  /** The refusal of the neighbour below, and of the one above; `null`: it did not refuse, or nothing touches there. */
  readonly prev: Refused | null;
  readonly next: Refused | null;
  readonly merged: Merged | null;
}

/** The questions of a step, in the order in which they were asked. */
export function attemptsOf({ events }: Pick<TraceStep, 'events'>): Attempt[] {
  const attempts: Attempt[] = [];
  for (const event of events) {
    if (event.kind === 'split') continue;
    const { of, range } = event;
    const open = attempts.at(-1);
    const same = open?.of === of && open.range.start === range.start && open.range.end === range.end;
    const answered = same && (open.merged !== null || (event.kind === 'refused' && open[event.side] !== null));
    const base: Attempt =
      same && !answered ? (attempts.pop() as Attempt) : { of, range, prev: null, next: null, merged: null };
    attempts.push(event.kind === 'merged' ? { ...base, merged: event } : { ...base, [event.side]: event });
  }
  return attempts;
}

const NEW: Readonly<Record<Merged['into'], string>> = {
  prev: 'left: prev grows',
  next: 'right: next grows downwards',
  both: 'both: prev grows over all, next is removed',
};

/** The case of a merge, by the names of the kernel's own tests (tools/testing/vma): left, right, both; a partial or a full span. */
export function caseName({ of, into, removed }: Merged): string {
  if (of !== 'existing') return NEW[into];
  if (into === 'both') return 'both: prev spans all, middle and next are removed';
  const [span, middle] = removed.length > 0 ? ['full', 'middle is removed'] : ['partial', 'middle shrinks'];
  return into === 'prev'
    ? `left, ${span} span: prev grows, ${middle}`
    : `right, ${span} span: next grows downwards, ${middle}`;
}

/** Flags that stuck in a merge, and that the VMA has not at the end of the call. */
export function lostFlags({ stuck, result }: Merged, { vmas }: MapState): string[] {
  const now = vmas.find(({ letter }) => letter === result.letter);
  return now === undefined ? [] : stuck.filter((word) => !now.flags.includes(word));
}

/** The function of the kernel that asked. */
export const MERGE_FUNCTIONS: Readonly<Record<Merged['of'], string>> = {
  new: 'vma_merge_new_range()',
  existing: 'vma_merge_existing_range()',
  copied: 'vma_merge_copied_range()',
};

/** What the range is. */
export const RANGE_NAMES: Readonly<Record<Merged['of'], string>> = {
  new: 'the new range',
  existing: 'the changed range',
  copied: 'the moved range',
};
