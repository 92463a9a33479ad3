import { formatVmFlags, type KernelProfile, type MergeRefusal, vmFlags } from 'vma-core';
import { DIAGRAM_FLAGS, mergeDiagram } from 'vma-core/diagram';

/** One row of a table of permutations: who had the flag, and what the engine made of it. */
export interface PermutationRow {
  /** `true`: had the flag; in the order of the table's parts. */
  readonly had: readonly boolean[];
  readonly after: string;
  /** Flags of the VMA that holds the range afterwards; `null`: it merged with nothing. */
  readonly result: readonly string[] | null;
  readonly refusals: readonly MergeRefusal[];
}

/** A drawing whose parts have a flag, or not, in every combination. */
export interface PermutationCase {
  readonly drawing: string;
  /** Letters of the parts, `*` for the new range. */
  readonly parts: readonly string[];
}

/** The seed's tests: a new range among three VMAs (16 rows), and an existing one between two (8 rows). */
export const NEW_RANGE: PermutationCase = { drawing: 'AA**B.C', parts: ['*', 'A', 'B', 'C'] };
export const EXISTING_RANGE: PermutationCase = { drawing: 'PPPvvvvNN', parts: ['P', 'V', 'N'] };

/** Lets the engine merge every combination. */
export function permutationRows(
  { drawing, parts }: PermutationCase,
  flag: bigint,
  profile: KernelProfile | string,
): PermutationRow[] {
  return Array.from({ length: 2 ** parts.length }, (_, bits) => {
    const had = parts.map((_, i) => ((bits >> (parts.length - 1 - i)) & 1) === 1);
    const letters = Object.fromEntries(
      parts.map((part, i) => [part, { flags: had[i] ? vmFlags(DIAGRAM_FLAGS, flag) : DIAGRAM_FLAGS }]),
    );
    const outcome = mergeDiagram(drawing, { profile, letters });
    return {
      had,
      after: outcome.after,
      result: outcome.state === 'success' ? formatVmFlags(outcome.merged.vmFlags).split(' ') : null,
      refusals: [outcome.prev, outcome.next].filter((one) => one !== null),
    };
  });
}
