import type { ForkAction, KernelProfile, MergeKind, MergeRefusal, NeedsCopyReason } from 'vma-core';
import type { Op, Scenario, StepRecord } from '../scenario/scenario.ts';
import type { FlaggedRange, MapState, Piece } from './mapState.ts';

/** How a scenario is traced. */
export interface TraceOptions {
  readonly profile: KernelProfile | string;
  /** Default false: pictures are calmer without a soft-dirty flag on every new mapping. */
  readonly softDirty?: boolean;
  /** Pages that a read fault of a file maps at once. Default 1: every picture shows one touch. */
  readonly faultAroundPages?: number;
  /** Bytes that the model may take; past it, OutOfMemoryError. Default: no limit. */
  readonly maxBytes?: number;
}

/** An event of the engine, with letters and pages instead of VMAs. */
export type EventView =
  | {
      readonly kind: 'merged';
      readonly of: MergeKind;
      /** Which neighbour grew; `both`: prev, over the range and next. */
      readonly into: 'prev' | 'next' | 'both';
      /** The range that asked, with the flags it would have on its own. */
      readonly range: FlaggedRange;
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
      readonly range: FlaggedRange;
      readonly neighbour: Piece;
      readonly refusal: MergeRefusal;
    }
  | { readonly kind: 'split'; readonly below: Piece; readonly above: Piece };

/** What fork did with one VMA; `flags` are those that the rule found. */
export interface DecisionView extends Piece {
  readonly action: ForkAction;
  /** The rule by which `vmaNeedsCopy` answered; `null` where it was not asked. */
  readonly rule: NeedsCopyReason['rule'] | null;
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
  /** The operation in the notation of scenarios: see `formatOp`. */
  readonly line: string;
  /** The operation as a system call in C: see `callText`. */
  readonly call: string;
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
