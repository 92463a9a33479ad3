import type { Vma } from 'vma-core';
import type { Process } from '../process/process.ts';
import { GuardSizes } from '../replay/guardSizes.ts';
import { becomeMarkers, isHost, isInaccessible, isReserveOf } from '../replay/likeHost.ts';

/**
 * Turns every short PROT_NONE range beside accessible anonymous memory into guard markers in it, and answers how many there were, by size:
 * the process then has the VMAs that it would have at best. Wants a process whose VMAs have no anon_vmas, which would stand in the way,
 * and a profile with guards.
 *
 * @param longest a longer range is a reserve; bytes
 */
export function guardsAtBest(process: Process, longest: number): GuardSizes {
  const vmas = process.mm.vmas();
  const isGuard = (vma: Vma): boolean => isInaccessible(vma) && vma.vmEnd - vma.vmStart <= longest;
  const sizes = new GuardSizes();
  for (const [at, vma] of vmas.entries()) {
    if (!isGuard(vma)) continue;
    const host = hostOf(vmas, at, 1, isGuard) ?? hostOf(vmas, at, -1, isGuard);
    if (host === null || isReserveOf(vma, host)) continue;
    sizes.add(vma.vmEnd - vma.vmStart);
    becomeMarkers(process, vma, host);
  }
  return sizes;
}

/** The memory above (`step` 1) or below (-1) a guard, past other guards that touch; `null`: there is none. */
function hostOf(vmas: readonly Vma[], guard: number, step: 1 | -1, isGuard: (vma: Vma) => boolean): Vma | null {
  for (let at = guard; ; at += step) {
    const [one, next] = [vmas[at]!, vmas[at + step]];
    if (next === undefined || (step === 1 ? one.vmEnd !== next.vmStart : next.vmEnd !== one.vmStart)) return null;
    if (isHost(next)) return next;
    if (!isGuard(next)) return null;
  }
}
