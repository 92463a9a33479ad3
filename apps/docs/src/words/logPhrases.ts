import { countOf, explain, formatPages, formatRange } from 'fork-sim/words';
import type { LogStep } from 'fork-sim/worker';
import { type MmEvent, PAGE_SIZE, permissions, type Vma } from 'vma-core';
import { MERGE_OF } from './phrases.ts';

/** What a call of a log did to the map, as sentences with addresses. */
export function logStepSentences(events: readonly MmEvent[], log: LogStep): string[] {
  const lines = events.map((event) => eventSentence(event));
  const { fork } = log;
  if (fork !== null) {
    lines.push(
      `Fork: ${countOf(fork.copy, 'VMA')} copied, ${fork.refault} not copied, ${fork.wipe} emptied, ${fork.skip} left out.`,
    );
  }
  if (lines.length === 0)
    lines.push('This call merged nothing: it changed no VMA, or what it changed touches no other.');
  return lines;
}

function eventSentence(event: MmEvent): string {
  switch (event.kind) {
    case 'merged': {
      const gone = event.removed.length === 0 ? '' : `; ${countOf(event.removed.length, 'VMA')} gone in it`;
      return `Merged: ${SIDES[event.into]} took in ${MERGE_OF[event.of]} and is now ${vmaText(event.result)}${gone}.`;
    }
    case 'refused': {
      const side = event.side === 'prev' ? 'below' : 'above';
      return `Refused: the VMA ${side} (${vmaText(event.neighbour)}) did not join. ${explain(event.refusal)}`;
    }
    case 'split':
      return `Split at ${event.above.vmStart.toString(16)}: one VMA became two. Both halves have all of its flags; the call then changes one of them.`;
    default:
      return event satisfies never;
  }
}

const SIDES = { prev: 'the VMA below', next: 'the VMA above', both: 'the VMA below, with the one above,' } as const;

function vmaText({ vmStart, vmEnd, vmFlags }: Vma): string {
  return `${formatRange(vmStart, vmEnd)} ${permissions(vmFlags)}, ${formatPages((vmEnd - vmStart) / PAGE_SIZE)}`;
}
