import type { StraceCall } from 'proc-io';
import {
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
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
  type Vma,
  virtAddr,
} from 'vma-core';
import type { ReplaySpace } from './replaySpace.ts';

/** Longer inaccessible ranges are reserves, not guards; bytes. */
export const LONGEST_GUARD: number = 1 << 20;

type MprotectCall = Extract<StraceCall, { name: 'mprotect' }>;
type MmapCall = Extract<StraceCall, { name: 'mmap' }>;

/** A call that the program could have made instead. */
interface Instead {
  readonly start: number;
  readonly end: number;
}

/**
 * What if PROT_NONE guards were guard markers? Rewrites the calls that make guards, on their way into a replay of its own:
 *
 *   mmap(PROT_NONE) of stack and guard, mprotect(stack, rw)    ->  mprotect(both, rw), GUARD_INSTALL(guard)
 *   mprotect(page of a larger mapping, PROT_NONE)              ->  GUARD_INSTALL(page)
 *   mmap(page of a larger mapping, PROT_NONE, MAP_FIXED)       ->  GUARD_INSTALL(page)
 *
 * Only private anonymous memory, and guards of at most {@link LONGEST_GUARD}. A guard that becomes accessible later is removed.
 */
export class GuardsAsMarkers {
  /** Guards rewritten so far. */
  guards = 0;

  /** The calls to perform for `call`, on an address space in which all calls so far were rewritten. */
  rewrite(space: ReplaySpace, call: StraceCall): readonly StraceCall[] {
    if (call.errno !== null || call.ret === null) return [call];
    if (call.name === 'mprotect') return this.#mprotect(space, call);
    if (call.name === 'mmap') return this.#mmap(space, call);
    return [call];
  }

  #mprotect(space: ReplaySpace, call: MprotectCall): readonly StraceCall[] {
    const { addr, length, prot } = call.args;
    const end = addr + pageAlign(length);
    const vma = guardable(space, addr, end);
    if (vma === null) return [call];
    const accessible = (vma.vmFlags & VM_ACCESS_FLAGS) !== 0n;
    if ((prot & (PROT_READ | PROT_WRITE)) !== 0) {
      const rest = vma.vmEnd - vma.vmStart - (end - addr);
      if (accessible) return [call, advise(call, addr, end, MADV.GUARD_REMOVE)];
      if (rest === 0 || rest > LONGEST_GUARD) return [call];
      const whole = { ...call, args: { addr: vma.vmStart, length: vma.vmEnd - vma.vmStart, prot } };
      return [
        whole,
        ...this.#install(call, [
          { start: vma.vmStart, end: addr },
          { start: end, end: vma.vmEnd },
        ]),
      ];
    }
    if (prot !== PROT_NONE || !accessible || !isPartOf(vma, addr, end)) return [call];
    return this.#install(call, [{ start: addr, end }]);
  }

  #mmap(space: ReplaySpace, call: MmapCall): readonly StraceCall[] {
    const { addr, length, prot, flags } = call.args;
    const isGuard = prot === PROT_NONE && (flags & (MAP_FIXED | MAP_ANONYMOUS)) === (MAP_FIXED | MAP_ANONYMOUS);
    if (!isGuard || (flags & MAP_TYPE) !== MAP_PRIVATE) return [call];
    const end = addr + pageAlign(length);
    const vma = guardable(space, addr, end);
    if (vma === null || (vma.vmFlags & VM_ACCESS_FLAGS) === 0n || !isPartOf(vma, addr, end)) return [call];
    return this.#install(call, [{ start: addr, end }]);
  }

  #install(call: StraceCall, guards: readonly Instead[]): StraceCall[] {
    const real = guards.filter(({ start, end }) => end > start);
    this.guards += real.length;
    return real.map(({ start, end }) => advise(call, start, end, MADV.GUARD_INSTALL));
  }
}

/** The one VMA that holds the range, if it is private, anonymous and not locked; `null` otherwise. */
function guardable(space: ReplaySpace, start: number, end: number): Vma | null {
  const { mm } = space.process;
  const ref = mm.vmaLookup(start);
  if (ref === NO_VMA) return null;
  const vma = mm.view(ref);
  if (vma.vmEnd < end || vma.vmFile !== null || (vma.vmFlags & (VM_MAYSHARE | VM_LOCKED)) !== 0n) return null;
  return vma;
}

function isPartOf(vma: Vma, start: number, end: number): boolean {
  const length = end - start;
  return length <= LONGEST_GUARD && length < vma.vmEnd - vma.vmStart;
}

function advise(call: StraceCall, start: number, end: number, advice: number): StraceCall {
  return { ...call, name: 'madvise', args: { addr: virtAddr(start), length: end - start, advice } } as StraceCall;
}
