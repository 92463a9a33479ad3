import type { Op } from 'fork-sim';
import { MmCounters } from 'vma-core';
import type { Call } from './call.ts';
import type { Machine } from './machine.ts';
import type { Property } from './properties.ts';
import type { SearchSpace } from './searchSpace.ts';
import { StateView } from './stateView.ts';
import { mostWords } from './stateWords.ts';
import type { Step } from './step.ts';

/** What properties are asked about, filled in anew for each call. */
export type MutableStep = { -readonly [field in keyof Step]: Step[field] };

/** Makes what is asked of properties, once: the views in it are read anew for each call. */
export function makeSteps(space: SearchSpace, before: readonly StateView[], call: Call): MutableStep[] {
  const steps: MutableStep[] = [];
  for (let m = space.profiles.length - 1; m >= 0; m--) {
    const profile = space.profiles[m]!;
    const other = steps[0] ?? null;
    const counters = new MmCounters();
    const after = new StateView(space.pages);
    steps.unshift({ profile, call, result: 0, before: before[m]!, after, changed: 0, counters, other });
  }
  return steps;
}

/** What is asked of a property, with the same fields for each: they are read millions of times. */
export interface Asked {
  readonly broken: Property['broken'];
  readonly brokenByFork: NonNullable<Property['brokenByFork']> | null;
  readonly ofUnchanged: boolean;
}

export function asked({ broken, brokenByFork, ofUnchanged }: Property): Asked {
  return { broken, brokenByFork: brokenByFork ?? null, ofUnchanged: ofUnchanged ?? false };
}

/** A call with the flags that its mapping has where nothing else is mapped. */
export function withFresh(call: Call, machine: Machine, pages: number): Call {
  if (call.op.op !== 'mmap') return call;
  const words = new Int32Array(mostWords(pages));
  machine.load(words, 0);
  machine.perform(call);
  machine.save(words, 0);
  const fresh = { lo: words[2]!, hi: words[1]! & 0xfff };
  return { ...call, fresh };
}

/** May a call fault pages in without a write? */
export function populating(op: Op): boolean {
  if (op.op === 'madvise') return op.advice === 'POPULATE_READ' || op.advice === 'POPULATE_WRITE';
  return op.op === 'mlock' || op.op === 'mlock2' || (op.op === 'mmap' && (op.populate === true || op.locked === true));
}
