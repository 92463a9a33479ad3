import { formatVmFlags, type MmEvent, PAGE_SIZE, type Vma, type VmFlags } from 'vma-core';
import type { ForkDecision } from '../process/fork.ts';
import { ARENA_BASE } from '../scenario/scenario.ts';
import type { FlaggedRange, Piece } from './mapState.ts';
import type { DecisionView, EventView } from './trace.ts';
import type { VmaLetters } from './vmaLetters.ts';

/** Flags as the two-letter words of smaps. */
export function flagWords(flags: bigint): string[] {
  return formatVmFlags(flags as VmFlags)
    .split(' ')
    .filter((word) => word !== '');
}

/** The page of the arena that an address is in. */
export function pageOf(addr: number): number {
  return (addr - ARENA_BASE) / PAGE_SIZE;
}

/** An event of the engine as a trace shows it. `sticky`: the profile's. */
export function eventView(event: MmEvent, letters: VmaLetters, sticky: VmFlags): EventView {
  if (event.kind === 'split') {
    letters.split(event.below.ref, event.above.ref);
    return { kind: 'split', below: pieceOf(event.below, letters), above: pieceOf(event.above, letters) };
  }
  const { start, end, vmFlags } = event.range;
  const range: FlaggedRange = { start: pageOf(start), end: pageOf(end), flags: flagWords(vmFlags) };
  if (event.kind === 'refused') return { ...event, range, neighbour: pieceOf(event.neighbour, letters) };
  const { target, result, removed } = event;
  const common = [target, ...removed].reduce((all, vma) => all & vma.vmFlags, vmFlags as bigint);
  return {
    ...event,
    range,
    target: pieceOf(target, letters),
    result: pieceOf(result, letters),
    removed: removed.map((one) => pieceOf(one, letters)),
    stuck: flagWords(result.vmFlags & sticky & ~common),
  };
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
    flags: reason ? flagWords(reason.flags) : [],
    ptes,
    tables,
  };
}

/** A VMA as an event saw it. */
export function pieceOf({ ref, vmStart, vmEnd, vmFlags }: Vma, letters: VmaLetters): Piece {
  return { letter: letters.of(ref), start: pageOf(vmStart), end: pageOf(vmEnd), flags: flagWords(vmFlags) };
}
