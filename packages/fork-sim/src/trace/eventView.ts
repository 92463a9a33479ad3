import { formatVmFlags, type MergeRange, type MmEvent, PAGE_SIZE, type Vma, type VmFlags } from 'vma-core';
import type { ForkDecision } from '../process/fork.ts';
import { ARENA_BASE } from '../scenario/scenario.ts';
import { flagWords } from './mapStateOf.ts';
import type { AskingRange, DecisionView, EventView, Piece } from './trace.ts';
import type { VmaLetters } from './vmaLetters.ts';

/** An event of the engine as a trace shows it. `sticky`: the profile's. */
export function eventView(event: MmEvent, letters: VmaLetters, sticky: VmFlags): EventView {
  switch (event.kind) {
    case 'merged': {
      const { range, target, result, removed } = event;
      const common = [target, ...removed].reduce((all, { vmFlags }) => all & vmFlags, range.vmFlags as bigint);
      return {
        kind: 'merged',
        of: event.of,
        into: event.into,
        range: askingRange(range),
        target: piece(target, letters),
        result: piece(result, letters),
        removed: removed.map((one) => piece(one, letters)),
        stuck: flagWords(formatVmFlags((result.vmFlags & sticky & ~common) as VmFlags)),
      };
    }
    case 'refused':
      return {
        kind: 'refused',
        of: event.of,
        side: event.side,
        range: askingRange(event.range),
        neighbour: piece(event.neighbour, letters),
        refusal: event.refusal,
      };
    case 'split':
      letters.split(event.below.ref, event.above.ref);
      return {
        kind: 'split',
        below: piece(event.below, letters),
        above: piece(event.above, letters),
      };
    default:
      return event satisfies never;
  }
}

/** What fork did with a VMA, as a trace shows it. `letters`: the parent's. */
export function decisionView(decision: ForkDecision, letters: VmaLetters): DecisionView {
  const { src, vmStart, vmEnd, reason, action, ptes, tables } = decision;
  return {
    letter: letters.of(src),
    start: pageOf(vmStart),
    end: pageOf(vmEnd),
    action,
    rule: reason?.rule ?? null,
    flags: reason && 'flags' in reason ? flagWords(formatVmFlags(reason.flags)) : [],
    ptes,
    tables,
  };
}

function askingRange({ start, end, vmFlags }: MergeRange): AskingRange {
  return { start: pageOf(start), end: pageOf(end), flags: flagWords(formatVmFlags(vmFlags)) };
}

function piece({ ref, vmStart, vmEnd, vmFlags }: Vma, letters: VmaLetters): Piece {
  return {
    letter: letters.of(ref),
    start: pageOf(vmStart),
    end: pageOf(vmEnd),
    flags: flagWords(formatVmFlags(vmFlags)),
  };
}

function pageOf(addr: number): number {
  return (addr - ARENA_BASE) / PAGE_SIZE;
}
