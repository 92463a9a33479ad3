import type { Op } from '../scenario/scenario.ts';
import type { CallResult, Claim } from './claim.ts';
import type { KernelSet } from './kernelSet.ts';

/** A header line. */
export interface HeaderLine {
  readonly kind: 'header';
  readonly name: HeaderName;
  readonly value: string;
}

/** The names of header lines. */
export type HeaderName =
  | 'id'
  | 'source'
  | 'tags'
  | 'kernels'
  | 'soft-dirty'
  | 'fault-around'
  | 'span'
  | 'reserve'
  | 'window';

/** An operation, and what comes of it where the file says so. */
export interface OpLine {
  readonly kind: 'op';
  readonly op: Op;
  readonly result: CallResult | null;
  readonly comment: string | null;
}

/** The operation right above, on some kernels: what comes of it there. Nothing is performed again. */
export interface OtherResultLine {
  readonly kind: 'otherResult';
  readonly kernels: KernelSet;
  readonly op: Op;
  readonly result: CallResult;
  readonly comment: string | null;
}

/** A claim about the state after the operation above; with `never` or `always`, about every state. */
export interface ClaimLine {
  readonly kind: 'claim';
  readonly kernels: KernelSet | null;
  readonly when: 'here' | 'never' | 'always';
  /** The process it is about; `null`: the one that the story is in. */
  readonly process: string | null;
  readonly claim: Claim;
  readonly comment: string | null;
}

/** A line of a litmus file. */
export type LitmusLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  | HeaderLine
  | OpLine
  | OtherResultLine
  | ClaimLine;

/** Where something stands in a text: line and column from 1, the end exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly end: number;
}

/** A litmus file: its lines in their order. {@link formatLitmus} prints them, `parseLitmus` reads them again. */
export interface Litmus {
  readonly lines: readonly LitmusLine[];
}
