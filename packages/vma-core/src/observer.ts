import type { MergeRefusal } from './merge/mergeRefusal.ts';
import type { Vma } from './vma.ts';
import type { VmFlags } from './vmFlags.ts';

/** The range that asked for a merge. */
export interface MergeRange {
  /** First byte. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
  /** The flags it would have on its own. */
  readonly vmFlags: VmFlags;
}

/** What became of a merge, for an observer. All plain data. */
export type MmEvent =
  | {
      /** Two or three ranges became one. */
      readonly kind: 'merged';
      /** A new range, an existing range that changes, or a range that moves. */
      readonly of: MergeKind;
      readonly into: 'prev' | 'next' | 'both';
      readonly range: MergeRange;
      /** The VMA that remains, as it was before. */
      readonly target: Vma;
      /** The VMA that remains. */
      readonly result: Vma;
      /** VMAs that are gone. */
      readonly removed: readonly Vma[];
    }
  | {
      /** A neighbour that touches the range was asked, and refused. */
      readonly kind: 'refused';
      readonly of: MergeKind;
      readonly side: 'prev' | 'next';
      readonly range: MergeRange;
      readonly neighbour: Vma;
      readonly refusal: MergeRefusal;
    }
  | {
      /** One VMA became two. */
      readonly kind: 'split';
      readonly below: Vma;
      readonly above: Vma;
    };

/** Which of the three merges: `vmaMergeNewRange`, `vmaMergeExistingRange`, `vmaMergeCopiedRange`. */
export type MergeKind = 'new' | 'existing' | 'copied';

/** Watches an address space. Nothing is computed for it when there is none. */
export type MmObserver = (event: MmEvent) => void;
