import type { Op, Scenario, StepRecord } from 'fork-sim';
import type { MergeKind, MergeRefusal } from 'vma-core';

/** A VMA as it is drawn; edges are pages of the arena, the end is exclusive. */
export interface MapVma {
  /** Names it for the length of a story. */
  readonly letter: string;
  readonly start: number;
  readonly end: number;
  /** As `maps` prints it: `rw-p`. */
  readonly perms: string;
  /** `anon`, `file0`, `shm0`, ... */
  readonly backing: string;
  readonly kind: 'anon' | 'private' | 'shared';
  readonly pgoff: number;
  /** Two-letter words of smaps. */
  readonly flags: readonly string[];
  /** Those of `flags` that are sticky in this profile. */
  readonly sticky: readonly string[];
  readonly anonVma: number | null;
  /** Links of the anon_vma chain; 2 or more: a fork child. */
  readonly chain: number;
  readonly name: string | null;
}

/** Two VMAs that touch: may they be one? */
export interface MapBorder {
  /** The page at which they meet. */
  readonly page: number;
  readonly below: string;
  readonly above: string;
  /** `null`: no rule keeps them apart; a merge was only never tried. */
  readonly refusal: MergeRefusal | null;
}

/** A state of an address space, ready to be drawn. Plain data. */
export interface MapState {
  /** Pages of the arena. */
  readonly span: number;
  readonly vmas: readonly MapVma[];
  /** One character a page: ` . z a A f F S G W`. */
  readonly pages: string;
  /** Soft-dirty bits in hex, the highest page first. */
  readonly softDirty: string;
  readonly borders: readonly MapBorder[];
  /** Page-table memory, in kB. */
  readonly tablesKb: number;
}

/** An event of the engine, with letters instead of VMAs. */
export type EventView =
  | {
      readonly kind: 'merged';
      readonly of: MergeKind;
      readonly into: 'prev' | 'next' | 'both';
      readonly result: string;
      readonly removed: readonly string[];
      readonly flags: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly of: MergeKind;
      readonly side: 'prev' | 'next';
      readonly neighbour: string;
      readonly refusal: MergeRefusal;
    }
  | { readonly kind: 'split'; readonly below: string; readonly above: string; readonly flags: readonly string[] };

/** What fork did with one VMA. */
export interface DecisionView {
  readonly letter: string;
  readonly action: 'copy' | 'refault' | 'wipe' | 'skip';
  readonly rule: string | null;
  readonly flags: readonly string[];
  readonly ptes: number;
  readonly tables: number;
}

/** One step of a trace. */
export interface TraceStep {
  readonly index: number;
  readonly op: Op;
  readonly result: {
    readonly text: string;
    readonly ok: boolean;
    readonly at: number | 'outside' | null;
    readonly faults: string | null;
    readonly values: readonly (number | null)[] | null;
  };
  readonly before: MapState;
  readonly state: MapState;
  /** After a fork: the child, before it did anything. */
  readonly child: MapState | null;
  readonly events: readonly EventView[];
  readonly decisions: readonly DecisionView[];
  /** The step as a recording has it. */
  readonly record: StepRecord;
}

/** A scenario that was run in one profile. */
export interface Trace {
  readonly scenario: Scenario;
  readonly profile: string;
  readonly steps: readonly TraceStep[];
}
