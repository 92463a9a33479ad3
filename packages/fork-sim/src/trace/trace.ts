import type { KernelProfile, MergeKind, MergeRefusal, NeedsCopyReason } from 'vma-core';
import type { Op, Scenario, StepRecord } from '../scenario/scenario.ts';
import type { MapState } from './mapState.ts';

/** How a scenario is traced. */
export interface TraceOptions {
  readonly profile: KernelProfile | string;
  /** Default false: pictures are calmer without a soft-dirty flag on every new mapping. */
  readonly softDirty?: boolean;
  /** Bytes that the model may take; past it, OutOfMemoryError. Default: no limit. */
  readonly maxBytes?: number;
}

/** A VMA as an event saw it; pages of the arena, the end is exclusive. */
export interface Piece {
  readonly letter: string;
  readonly start: number;
  readonly end: number;
  /** Two-letter words of smaps. */
  readonly flags: readonly string[];
}

/** The range that asked for a merge. */
export interface AskingRange {
  readonly start: number;
  readonly end: number;
  /** The flags it would have on its own. */
  readonly flags: readonly string[];
}

/** An event of the engine, with letters and pages instead of VMAs. */
export type EventView =
  | {
      readonly kind: 'merged';
      readonly of: MergeKind;
      /** Which neighbour grew; `both`: prev, over the range and next. */
      readonly into: 'prev' | 'next' | 'both';
      readonly range: AskingRange;
      /** The VMA that grew, as it was. */
      readonly target: Piece;
      /** The same, as it is now. */
      readonly result: Piece;
      readonly removed: readonly Piece[];
      /** Sticky flags of the result that the range, the target, or a removed VMA had not: they came along in the merge. */
      readonly stuck: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly of: MergeKind;
      readonly side: 'prev' | 'next';
      readonly range: AskingRange;
      readonly neighbour: Piece;
      readonly refusal: MergeRefusal;
    }
  | { readonly kind: 'split'; readonly below: Piece; readonly above: Piece };

/** What fork did with one VMA. */
export interface DecisionView {
  readonly letter: string;
  readonly start: number;
  readonly end: number;
  readonly action: 'copy' | 'refault' | 'wipe' | 'skip';
  /** The rule by which `vmaNeedsCopy` answered; `null` where it was not asked. */
  readonly rule: NeedsCopyReason['rule'] | null;
  /** The flags that the rule found. */
  readonly flags: readonly string[];
  /** Entries that were copied. */
  readonly ptes: number;
  /** Page tables that the child got for it, 4 kB each. */
  readonly tables: number;
}

/** One step of a trace. */
export interface TraceStep {
  /** From 0. */
  readonly index: number;
  readonly op: Op;
  readonly result: {
    /** `ok`, or the name of the error or signal. */
    readonly text: string;
    readonly ok: boolean;
    /** Where a mapping landed: a page. */
    readonly at: number | 'outside' | null;
    readonly faults: string | null;
    readonly values: readonly (number | null)[] | null;
  };
  readonly before: MapState;
  readonly state: MapState;
  /** After a fork: the child, before it did anything. */
  readonly child: MapState | null;
  /** In the order in which they happened. */
  readonly events: readonly EventView[];
  /** In address order; empty for everything but a fork. */
  readonly decisions: readonly DecisionView[];
  /** The step as a recording has it. */
  readonly record: StepRecord;
}

/** A scenario that was run in one profile. Plain data. */
export interface Trace {
  readonly scenario: Scenario;
  /** Name of the profile. */
  readonly profile: string;
  readonly steps: readonly TraceStep[];
}
