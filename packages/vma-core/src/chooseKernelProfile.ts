import { ProfileError } from './errors.ts';
import { type KernelProfile, profile612 } from './kernelProfile.ts';
import { KERNEL_PROFILES, profile73, profile616, profile618, profile619 } from './kernelProfiles.ts';

/** A profile picked for a version, and whether a recording of such a kernel stands behind it. */
export interface ProfileChoice {
  /** The profile that is taken. */
  readonly profile: KernelProfile;
  /** False: no kernel of this version was recorded; the nearest lower one that was is taken. */
  readonly measured: boolean;
  /** One sentence for a reader: which profile, and whether it was measured. */
  readonly note: string;
}

/** First version of each recorded behaviour, newest first; `patch` 0 unless a stable backport brought it. */
const STEPS: readonly { readonly from: readonly [number, number, number]; readonly profile: KernelProfile }[] = [
  { from: [7, 3, 0], profile: profile73 },
  { from: [6, 19, 0], profile: profile619 },
  { from: [6, 18, 37], profile: profile619 },
  { from: [6, 18, 0], profile: profile618 },
  { from: [6, 16, 0], profile: profile616 },
  { from: [6, 15, 0], profile: { ...profile612, kernels: '6.15, from 6.12', guards: 'all' } },
  { from: [6, 13, 0], profile: { ...profile612, kernels: '6.13 and 6.14, from 6.12', guards: 'anonymous' } },
  { from: [0, 0, 0], profile: profile612 },
];

const RECORDED: readonly string[] = ['6.12', '6.16', '6.18', '6.19', '7.3'];

/**
 * Picks the profile of a name (`as-posted`) or of any version string (`6.18.44`, `6.19.14+deb13-cloud-amd64`).
 *
 * A version that was not recorded takes the nearest lower profile that was (one below all of them, the lowest), and says so.
 * @throws ProfileError where the text is neither a profile's name nor a version
 */
export function chooseKernelProfile(kernel: string): ProfileChoice {
  const text = kernel.trim();
  const named = KERNEL_PROFILES.find((profile) => profile.name === text);
  if (named) return { profile: named, measured: RECORDED.includes(named.name), note: describe(named) };
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+~_. ].*)?$/.exec(text);
  if (!match) {
    const names = KERNEL_PROFILES.map((profile) => profile.name).join(', ');
    throw new ProfileError(`unknown kernel profile "${kernel}": give one of ${names}, or a version such as 6.18.44`);
  }
  const version = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] as const;
  const step = STEPS.find(({ from }) => compare(version, from) >= 0) as (typeof STEPS)[number];
  const measured = RECORDED.includes(`${version[0]}.${version[1]}`);
  const which = step.from[0] === 0 ? 'the lowest that was' : 'the nearest lower one that was';
  const note = measured
    ? `${text}: profile ${step.profile.name}`
    : `${text}: not measured; takes profile ${step.profile.name}, ${which}`;
  return { profile: step.profile, measured, note };
}

/** The profile of a name or version; see {@link chooseKernelProfile}. */
export function kernelProfile(kernel: string): KernelProfile {
  return chooseKernelProfile(kernel).profile;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function describe(profile: KernelProfile): string {
  return RECORDED.includes(profile.name)
    ? `profile ${profile.name}: ${profile.kernels}`
    : `profile ${profile.name}: ${profile.kernels}; no released kernel, so not measured`;
}
