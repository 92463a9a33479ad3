import { findKernelProfile } from '../findKernelProfile.ts';
import type { KernelProfile } from '../kernelProfile.ts';
import { EARLIER_PROFILES, KERNEL_PROFILES, type KernelEra, recordedEra } from '../kernelProfiles.ts';
import { compareVersions, isSameBranch, type KernelVersion, type ReadVersion, versionOf } from '../kernelVersion.ts';
import { KERNEL_CHANGES, type KernelChange } from './kernelChanges.ts';

/** A profile picked for a version, and whether a recording of such a kernel stands behind it. */
export interface ProfileChoice {
  /** The profile that is taken. */
  readonly profile: KernelProfile;
  /**
   * A kernel of this version's branch was recorded that has all of these rules. False: the rules are put together from those of other
   * kernels and the source's history, or the version does not say enough.
   */
  readonly measured: boolean;
  /** For a reader: which profile, whether it was measured, and what is not sure. */
  readonly note: string;
}

/**
 * Picks the profile of a name (`as-posted`) or of any version: `6.18.44`, `6.19.14+deb13-cloud-amd64`, a line of `uname -a`.
 *
 * A kernel that was not recorded gets its rules from the table of changes ({@link KERNEL_CHANGES}), and the note says so. One older than 5.10 gets
 * those of 5.10.
 * @throws ProfileError where the text is neither a profile's name nor a version
 */
export function chooseKernelProfile(kernel: string): ProfileChoice {
  const { text, profile, read, era } = findKernelProfile(kernel);
  if (read === null) return chooseNamed(profile);
  return era === null ? chooseOldest(text, profile) : chooseVersion(text, read, era);
}

function chooseNamed(profile: KernelProfile): ProfileChoice {
  const { name, kernels } = profile;
  const recorded = recordedEra(name)?.recorded;
  if (recorded === undefined) {
    return { profile, measured: false, note: `profile ${name}: ${kernels}; no released kernel, so not measured` };
  }
  return { profile, measured: true, note: `profile ${name}: ${kernels}; recorded on ${recorded.join(' and ')}` };
}

function chooseOldest(text: string, profile: KernelProfile): ProfileChoice {
  const note = `${text}: not measured, and older than any kernel that is modelled; takes profile 5.10, the nearest. What changed before 5.10 is not known here: MREMAP_DONTUNMAP and write-protection by userfaultfd came with 5.7, MADV_COLD with 5.4, MAP_FIXED_NOREPLACE with 4.17`;
  return { profile, measured: false, note };
}

function chooseVersion(text: string, read: ReadVersion, era: KernelEra): ProfileChoice {
  const { version, patchKnown, redHat } = read;
  const { profile } = era;
  const said = [redHat ? 'Red Hat takes much of later kernels over, which a version does not say' : null];
  if (!patchKnown) said.push(doubtAboutPatch(version, era));
  said.push(...doubtsAbout(version, era).map(({ says, since }) => `not sure whether ${says} (by ${since[0]})`));
  const doubts = said.filter((doubt) => doubt !== null);
  const recorded = era.recorded.find((kernel) => isSameBranch(versionOf(kernel), version));
  const measured = recorded !== undefined && doubts.length === 0;
  const basis = measured ? `recorded on ${recorded}` : `not measured${origin(version, era)}`;
  return { profile, measured, note: [`${text}: profile ${profile.name}, ${basis}`, ...doubts].join('; ') };
}

function hasChange(era: KernelEra, { name }: KernelChange): boolean {
  return era.changes.has(name);
}

/** Stable releases of the branch that change its rules leave open which ones a name without patch level has. */
function doubtAboutPatch(version: KernelVersion, era: KernelEra): string | null {
  const changes = new Map<string, string[]>();
  for (const change of KERNEL_CHANGES) {
    const when = hasChange(era, change) ? 'only from' : 'from';
    for (const release of change.since.slice(1).filter((one) => isSameBranch(versionOf(one), version))) {
      const key = `${when} ${release} on`;
      changes.set(key, [...(changes.get(key) ?? []), change.says]);
    }
  }
  if (changes.size === 0) return null;
  const list = [...changes].map(([key, says]) => `${key}, ${says.join(', and ')}`);
  return `the name does not give the patch level: ${list.join('; ')}`;
}

/** Changes that may have come earlier than the table says. */
function doubtsAbout(version: KernelVersion, era: KernelEra): readonly KernelChange[] {
  return KERNEL_CHANGES.filter(
    (change) =>
      !hasChange(era, change) &&
      change.notBefore !== undefined &&
      compareVersions(version, versionOf(change.notBefore)) >= 0 &&
      compareVersions(version, versionOf(change.since[0])) < 0,
  );
}

/** Where rules come from that were not recorded on such a kernel. */
function origin(version: KernelVersion, era: KernelEra): string {
  const newest = EARLIER_PROFILES.concat(KERNEL_PROFILES).at(-1) as KernelProfile;
  if (era.profile === newest && !isSameBranch(version, era.first)) return ': newer than any recorded kernel';
  if (era.recorded.length > 0) return `: the rules of ${era.recorded.join(' and ')}, by the source's history`;
  return `: the rules of ${era.profile.kernels}, by the source's history`;
}
