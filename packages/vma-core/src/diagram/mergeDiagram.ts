import { InvariantError } from '../errors.ts';
import type { MergeRefusal } from '../merge/mergeRefusal.ts';
import { vmaMergeExistingRange } from '../merge/vmaMergeExistingRange.ts';
import { vmaMergeNewRange } from '../merge/vmaMergeNewRange.ts';
import type { MmEvent } from '../observer.ts';
import type { Vma } from '../vma.ts';
import { NO_VMA } from '../vmaStore.ts';
import { type DiagramOptions, type DrawnMm, mmFromDiagram } from './mmFromDiagram.ts';

/** What became of a drawn merge. All plain data. */
export type DiagramOutcome =
  | {
      readonly state: 'success';
      /** `prev` grew, `next` grew, or `prev` grew over `next`. */
      readonly into: 'prev' | 'next' | 'both';
      /** The VMA that holds the range now. */
      readonly merged: Vma;
      /** VMAs that are gone. */
      readonly removed: readonly Vma[];
      /** Why a neighbour that touches the range stayed out of it; `null`: it took part, or none touches. */
      readonly prev: MergeRefusal | null;
      readonly next: MergeRefusal | null;
      /** The state after it, drawn. */
      readonly after: string;
    }
  | {
      /** `nomem`: an allocation was made to fail. */
      readonly state: 'nomerge' | 'nomem';
      readonly prev: MergeRefusal | null;
      readonly next: MergeRefusal | null;
      readonly after: string;
    };

/**
 * Draws an address space, merges the drawn range, and says what came of it: `vmaMergeNewRange` where the range lies in a hole,
 * `vmaMergeExistingRange` where it lies in a VMA.
 *
 *   mergeDiagram('AA**BB').after                                    // 'AAAAAA'
 *   mergeDiagram('AA**BB', { letters: { B: { pgoff: 9 } } }).next   // { rule: 'pgoff', want: 4, got: 9 }
 *
 * @throws DiagramError where the drawing cannot be read; InvariantError where its range covers more than one VMA
 */
export function mergeDiagram(drawing: string, options: DiagramOptions = {}): DiagramOutcome {
  return mergeDrawn(mmFromDiagram(drawing, options));
}

/** {@link mergeDiagram} of a drawing that is an address space already. */
export function mergeDrawn(drawn: DrawnMm): DiagramOutcome {
  const { mm } = drawn;
  const vmg = drawn.vmg();
  const events: MmEvent[] = [];
  const watching = mm.observer;
  mm.observer = (event) => {
    events.push(event);
    watching?.(event);
  };
  const vma = vmg.middle === NO_VMA ? vmaMergeNewRange(vmg) : vmaMergeExistingRange(vmg);
  mm.observer = watching;
  const refusals = { prev: refusalOf(events, 'prev'), next: refusalOf(events, 'next') };
  const after = drawn.draw();
  if (vma === NO_VMA) return { state: vmg.state === 'nomem' ? 'nomem' : 'nomerge', ...refusals, after };
  const merged = events.find((event) => event.kind === 'merged');
  if (merged === undefined) throw new InvariantError('a merge that was not observed');
  return {
    state: 'success',
    into: merged.into,
    merged: merged.result,
    removed: merged.removed,
    ...refusals,
    after,
  };
}

function refusalOf(events: readonly MmEvent[], side: 'prev' | 'next'): MergeRefusal | null {
  for (const event of events) if (event.kind === 'refused' && event.side === side) return event.refusal;
  return null;
}
