import { recordedKernel } from 'fork-sim';
import { EARLIER_PROFILES, KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import type { ProbedKernel } from './kernelProber.ts';

/** The rules that a kernel is compared with. */
export interface MeasuredProfile {
  readonly profile: KernelProfile;
  /** False: no kernel like it was recorded. */
  readonly measured: boolean;
  /** One sentence: why this one. */
  readonly note: string;
}

/**
 * The profile of a probed kernel: that of its version where what was measured agrees, else the latest that has what was measured.
 * Distributions take later kernels' changes over, and a version does not say which.
 *
 * @throws ProfileError where the version is none
 */
export function measuredProfile(kernel: ProbedKernel): MeasuredProfile {
  const choice = chooseKernelProfile(recordedKernel(kernel));
  if (agrees(choice.profile, kernel)) return choice;
  const found = [...EARLIER_PROFILES, ...KERNEL_PROFILES].findLast((profile) => agrees(profile, kernel));
  const seen = `this kernel has ${saysGuards(guardsOf(kernel))}${kernel.guardFlagInSmaps ? ', and shows gu' : ''}`;
  if (found === undefined)
    return { ...choice, measured: false, note: `${choice.note}; but ${seen}, which no profile has` };
  return {
    profile: found,
    measured: false,
    note: `${kernel.kernel}: the version says profile ${choice.profile.name}, but ${seen}, as ${found.name} does`,
  };
}

function agrees(profile: KernelProfile, kernel: ProbedKernel): boolean {
  return profile.guards === guardsOf(kernel) && profile.guardSetsFlag === kernel.guardFlagInSmaps;
}

function guardsOf({ guardInstallAnon, guardInstallFile }: ProbedKernel): KernelProfile['guards'] {
  if (guardInstallAnon !== 'ok') return 'none';
  return guardInstallFile === 'ok' ? 'all' : 'anonymous';
}

/** What a kernel's guards are, in words. */
function saysGuards(guards: KernelProfile['guards']): string {
  if (guards === 'none') return 'no guards';
  return guards === 'all' ? 'guards on every kind of memory' : 'guards on anonymous memory alone';
}

/** What was measured, in words: guards, flags, soft-dirty, fault-around, the limit. */
export function saysMeasured(kernel: ProbedKernel): readonly string[] {
  return [
    `${saysGuards(guardsOf(kernel))}${guardsOf(kernel) === 'none' ? '' : kernel.guardFlagInSmaps ? ', shown as gu' : ', without gu'}`,
    `soft-dirty ${kernel.softDirty ? 'tracked' : 'not built in'}`,
    `a fault maps ${kernel.faultAroundPages === 1 ? 'one page' : `up to ${kernel.faultAroundPages} pages`} of a file`,
    `max_map_count ${kernel.maxMapCount.toLocaleString('en')}`,
  ];
}
