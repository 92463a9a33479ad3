import type { StraceCall } from 'proc-io';
import {
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_TYPE,
  NO_VMA,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  pageAlign,
  VM_ACCESS_FLAGS,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_NONE,
  VM_NORESERVE,
  type Vma,
  virtAddr,
} from 'vma-core';
import { type AddressRange, DisjointRanges } from './disjointRanges.ts';
import { GuardSizes } from './guardSizes.ts';
import { becomeMarkers, isHost, isReserveOf, LONGEST_GUARD } from './likeHost.ts';
import type { ReplaySpace } from './replaySpace.ts';

type MprotectCall = Extract<StraceCall, { name: 'mprotect' }>;
type MmapCall = Extract<StraceCall, { name: 'mmap' }>;

/** Private anonymous memory that one call mapped. */
interface Mapped extends AddressRange {
  /** It was mapped inaccessible, and nothing of it was made accessible so far. */
  untouched: boolean;
}

/** What is known of the guards of one address space. */
interface SpaceGuards {
  readonly mapped: DisjointRanges<Mapped>;
  /** Ranges that are guards now. */
  readonly live: DisjointRanges;
  /** Every guard that there was. */
  readonly sizes: GuardSizes;
}

/**
 * What if PROT_NONE guards were guard markers? Rewrites the calls that make guards, on their way into a replay of its own:
 *
 *   mmap(PROT_NONE) of stack and guard, mprotect(stack, rw)    ->  mprotect(both, rw), GUARD_INSTALL(guard)
 *   mmap(PROT_NONE) of both, mmap(stack, rw, MAP_FIXED)        ->  mmap(both, rw, MAP_FIXED), GUARD_INSTALL(guard)
 *   mprotect(page of a larger mapping, PROT_NONE)              ->  GUARD_INSTALL(page)
 *   mmap(page of a larger mapping, PROT_NONE, MAP_FIXED)       ->  GUARD_INSTALL(page)
 *
 * Only private anonymous memory, and guards up to a bound: what is longer is a reserve, and so is memory that is made accessible piece
 * by piece. A part of a mapping that is a VMA of its own by now, because it was mapped anew or its flags were changed, becomes again what its
 * neighbour of the same mapping is. A guard that becomes accessible later was none.
 */
export class GuardsAsMarkers {
  readonly #longest: number;
  readonly #spaces = new WeakMap<ReplaySpace, SpaceGuards>();

  /** @param longest longer inaccessible ranges are reserves; bytes */
  constructor(longest: number = LONGEST_GUARD) {
    this.#longest = longest;
  }

  /** The guards of an address space that were rewritten, by size. */
  sizes(space: ReplaySpace): GuardSizes {
    return this.#of(space).sizes;
  }

  /** The calls to perform for `call`, on an address space in which all calls so far were rewritten. */
  rewrite(space: ReplaySpace, call: StraceCall): readonly StraceCall[] {
    if (call.errno !== null || call.ret === null) return [call];
    switch (call.name) {
      case 'mprotect':
        return this.#mprotect(space, call);
      case 'mmap':
        return this.#mmap(space, call, call.ret);
      case 'munmap': {
        const { mapped, live } = this.#of(space);
        const { addr, length } = call.args;
        live.drop(addr, addr + pageAlign(length));
        mapped.cut(addr, addr + pageAlign(length));
        return [call];
      }
      default:
        return [call];
    }
  }

  #of(space: ReplaySpace): SpaceGuards {
    const known = this.#spaces.get(space);
    if (known !== undefined) return known;
    const one = { mapped: new DisjointRanges<Mapped>(), live: new DisjointRanges(), sizes: new GuardSizes() };
    this.#spaces.set(space, one);
    return one;
  }

  #mprotect(space: ReplaySpace, call: MprotectCall): readonly StraceCall[] {
    const { addr, length, prot } = call.args;
    const range = { start: addr as number, end: addr + pageAlign(length) };
    if ((prot & (PROT_READ | PROT_WRITE)) !== 0) return this.#accessible(space, call, range);
    return prot === PROT_NONE && this.#isGuard(space, range) ? this.#install(space, call, range) : [call];
  }

  /** Memory becomes accessible: what is left of its reserve is a guard, if that is short. */
  #accessible(space: ReplaySpace, call: MprotectCall, range: AddressRange): readonly StraceCall[] {
    const vma = guardable(space, range);
    if (vma === null) return [call];
    if ((vma.vmFlags & VM_ACCESS_FLAGS) !== 0n) {
      const { live, sizes } = this.#of(space);
      const removed = live.drop(range.start, range.end);
      for (const { start, end } of removed) sizes.add(end - start, -1);
      return removed.length === 0 ? [call] : [call, advise(call, range, MADV.GUARD_REMOVE)];
    }
    const whole = this.#reserveOf(space, range, vma);
    if (whole === null) return [call];
    const { start, end } = whole;
    const both: MprotectCall = { ...call, args: { ...call.args, addr: virtAddr(start), length: end - start } };
    return [both, ...this.#installRest(space, call, whole, range)];
  }

  #mmap(space: ReplaySpace, call: MmapCall, at: number): readonly StraceCall[] {
    const { length, prot, flags } = call.args;
    const { mapped, live } = this.#of(space);
    const range = { start: at, end: at + pageAlign(length) };
    const isPrivateAnonymous = (flags & MAP_ANONYMOUS) !== 0 && (flags & MAP_TYPE) === MAP_PRIVATE;
    const isOver = (flags & MAP_FIXED) !== 0 && mapped.around(range.start, range.end) !== undefined;
    if (!isPrivateAnonymous) {
      mapped.cut(range.start, range.end);
      live.drop(range.start, range.end);
      return [call];
    }
    if ((flags & MAP_FIXED) !== 0 && prot === PROT_NONE && this.#isGuard(space, range))
      return this.#install(space, call, range);
    if (isOver && (prot & PROT_WRITE) !== 0) {
      const vma = guardable(space, range);
      const inaccessible = vma !== null && (vma.vmFlags & VM_ACCESS_FLAGS) === 0n;
      const committed = { vmFlags: (flags & MAP_NORESERVE) === 0 ? VM_NONE : VM_NORESERVE };
      const whole = inaccessible && !isReserveOf(vma, committed) ? this.#reserveOf(space, range, vma) : null;
      if (whole === null) return [call];
      const { start, end } = whole;
      const both: MmapCall = {
        ...call,
        args: { ...call.args, addr: virtAddr(start), length: end - start },
        ret: start,
      };
      return [both, ...this.#installRest(space, call, whole, range)];
    }
    if (!isOver) {
      mapped.cut(range.start, range.end);
      mapped.put({ ...range, untouched: prot === PROT_NONE });
    }
    live.drop(range.start, range.end);
    return [call];
  }

  /**
   * The reserve that a range is all of but a guard, when nothing else of it was made accessible before; `null`: it is a reserve that is used
   * piece by piece, or all of it becomes accessible.
   */
  #reserveOf(space: ReplaySpace, range: AddressRange, vma: Vma): AddressRange | null {
    const mapped = this.#of(space).mapped.around(range.start, range.end);
    const whole = mapped ?? { start: vma.vmStart, end: vma.vmEnd };
    const length = range.end - range.start;
    const rest = whole.end - whole.start - length;
    const isFirst = mapped === undefined ? rest < length : mapped.untouched;
    if (mapped !== undefined) mapped.untouched = false;
    if (!isFirst || rest === 0 || rest > this.#longest) return null;
    const now = guardable(space, whole);
    return now === null || (now.vmFlags & VM_ACCESS_FLAGS) !== 0n ? null : whole;
  }

  /** Is a range that becomes inaccessible a guard of the memory that it was a part of? */
  #isGuard(space: ReplaySpace, range: AddressRange): boolean {
    const { start, end } = range;
    const vma = guardable(space, range);
    if (vma === null || end - start > this.#longest || (vma.vmFlags & VM_ACCESS_FLAGS) === 0n) return false;
    const mapped = this.#of(space).mapped.around(start, end);
    if (mapped !== undefined && mapped.start === start && mapped.end === end) return false;
    if (vma.vmStart < start || vma.vmEnd > end) return true;
    return mapped !== undefined && this.#hostOf(space, range, mapped) !== null;
  }

  /** A neighbour of a range that is of the same mapping. */
  #hostOf(space: ReplaySpace, { start, end }: AddressRange, mapped: AddressRange): Vma | null {
    const { mm } = space.process;
    const above = end < mapped.end ? mm.vmaLookup(end) : NO_VMA;
    const below = start > mapped.start ? mm.vmaLookup(start - 1) : NO_VMA;
    return (
      [above, below].map((ref) => (ref === NO_VMA ? null : mm.view(ref))).find((vma) => vma && isHost(vma)) ?? null
    );
  }

  #installRest(space: ReplaySpace, call: StraceCall, whole: AddressRange, range: AddressRange): StraceCall[] {
    const rest = [
      { start: whole.start, end: range.start },
      { start: range.end, end: whole.end },
    ].filter(({ start, end }) => end > start);
    return rest.flatMap((guard) => this.#install(space, call, guard));
  }

  #install(space: ReplaySpace, call: StraceCall, guard: AddressRange): StraceCall[] {
    const { mapped, live, sizes } = this.#of(space);
    for (const { start, end } of live.drop(guard.start, guard.end)) sizes.add(end - start, -1);
    live.put(guard);
    sizes.add(guard.end - guard.start);
    const vma = guardable(space, guard);
    const around = mapped.around(guard.start, guard.end);
    const isWhole = vma !== null && vma.vmStart === guard.start && vma.vmEnd === guard.end;
    const host = isWhole && around !== undefined ? this.#hostOf(space, guard, around) : null;
    if (vma !== null && host !== null) becomeMarkers(space.process, vma, host);
    return [advise(call, guard, MADV.GUARD_INSTALL)];
  }
}

/** The one VMA that holds the range, if it is private, anonymous and not locked; `null` otherwise. */
function guardable(space: ReplaySpace, { start, end }: AddressRange): Vma | null {
  const { mm } = space.process;
  const ref = mm.vmaLookup(start);
  if (ref === NO_VMA) return null;
  const vma = mm.view(ref);
  if (vma.vmEnd < end || vma.vmFile !== null || (vma.vmFlags & (VM_MAYSHARE | VM_LOCKED)) !== 0n) return null;
  return vma;
}

function advise(call: StraceCall, { start, end }: AddressRange, advice: number): StraceCall {
  return { ...call, name: 'madvise', args: { addr: virtAddr(start), length: end - start, advice } } as StraceCall;
}
