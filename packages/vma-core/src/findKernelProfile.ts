import { ProfileError } from './errors.ts';
import type { KernelProfile } from './kernelProfile.ts';
import {
  EARLIER_PROFILES,
  eraOf,
  KERNEL_PROFILES,
  type KernelEra,
  OLDEST_MODELLED,
  recordedEra,
} from './kernelProfiles.ts';
import { compareVersions, type ReadVersion, readVersion } from './kernelVersion.ts';

/** What was found for a name or a version. */
export interface FoundProfile {
  /** What was asked for, without spaces and a leading `v`. */
  readonly text: string;
  /** The profile that is taken. */
  readonly profile: KernelProfile;
  /** What the text says as a version; `null`: it is a profile's name. */
  readonly read: ReadVersion | null;
  /** The rules of that version; `null`: the text is a name, or older than any kernel that is modelled. */
  readonly era: KernelEra | null;
}

const NAMED: readonly KernelProfile[] = [...EARLIER_PROFILES, ...KERNEL_PROFILES];

/**
 * The profile of a name or version.
 * @throws ProfileError where the text is neither
 * @internal
 */
export function findKernelProfile(kernel: string): FoundProfile {
  const text = kernel.trim().replace(/^v(?=\d)/, '');
  const named = NAMED.find((profile) => profile.name === text);
  if (named) return { text, profile: named, read: null, era: null };
  const read = readVersion(text);
  if (read === null) {
    const names = NAMED.map((profile) => profile.name).join(', ');
    throw new ProfileError(`unknown kernel profile "${kernel}": give one of ${names}, or a version such as 6.18.44`);
  }
  if (compareVersions(read.version, OLDEST_MODELLED) < 0) {
    return { text, profile: EARLIER_PROFILES[0] as KernelProfile, read, era: null };
  }
  const era = eraOfVersion(read);
  return { text, profile: era.profile, read, era };
}

/** A branch whose patch level is not known has the rules that were recorded of it, else its first ones. */
function eraOfVersion({ version, patchKnown }: ReadVersion): KernelEra {
  if (patchKnown) return eraOf(version);
  return recordedEra(`${version[0]}.${version[1]}`) ?? eraOf([version[0], version[1], 0]);
}

/**
 * The profile of a name (`as-posted`) or of any version: `6.18.44`, `6.19.14+deb13-cloud-amd64`, a line of `uname -a`. How sure it is says
 * `chooseKernelProfile` of `vma-core/changes`.
 * @throws ProfileError where the text is neither a profile's name nor a version
 */
export function kernelProfile(kernel: string): KernelProfile {
  return findKernelProfile(kernel).profile;
}

/**
 * A profile as it is, or that of a name or version.
 * @throws ProfileError for anything else
 * @internal
 */
export function profileOf(profile: KernelProfile | string): KernelProfile {
  if (typeof profile === 'string') return kernelProfile(profile);
  if (typeof profile?.ignoreMerge === 'bigint') return profile;
  throw new ProfileError('a profile is one of KERNEL_PROFILES, or its name or version, such as "6.19"');
}
