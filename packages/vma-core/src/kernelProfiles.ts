import type { ChangeName } from './changeWords.ts';
import { type KernelProfile, profile510 } from './kernelProfile.ts';
import { compareVersions, formatVersion, isSameBranch, type KernelVersion, versionOf } from './kernelVersion.ts';
import { RULE_CHANGES, type RuleChange } from './ruleChanges.ts';
import { VM_MAYBE_GUARD, VM_SOFTDIRTY, vmFlags } from './vmFlags.ts';

/** The rules of a range of releases. */
export interface KernelEra {
  /** The rules. */
  readonly profile: KernelProfile;
  /** The changes since 5.10 that these rules have. */
  readonly changes: ReadonlySet<ChangeName>;
  /** First release with these rules. */
  readonly first: KernelVersion;
  /** Kernels with these rules whose behaviour was recorded. */
  readonly recorded: readonly string[];
}

/** Kernels whose behaviour was recorded, with the name of the profile that each stands for. */
const RECORDED: readonly (readonly [name: string, recorded: readonly string[], kernels: string])[] = [
  ['5.10', ['5.10.223'], '5.10 to before 5.13'],
  ['6.1', ['6.1.176'], '6.1.149 to 6.1.190'],
  ['6.12', ['6.12.107'], '6.12.11 to 6.12.113'],
  ['6.16', ['6.16.12'], '6.16'],
  ['6.18', ['6.18.15'], '6.18.8 to 6.18.36'],
  ['6.19', ['6.19.14', '6.18.44'], '6.19 to before 7.3, and 6.18.37 on'],
  ['7.3', ['7.3.4'], '7.3.4 on'],
];

/** The oldest kernel that is modelled. */
export const OLDEST_MODELLED: KernelVersion = [5, 10, 0];

const eras = new Map<string, KernelEra>();
for (const [name, recorded, kernels] of RECORDED) addEra(versionOf(recorded[0] as string), { name, kernels, recorded });

/** The rules of one release. Not older than {@link OLDEST_MODELLED}. */
export function eraOf(version: KernelVersion): KernelEra {
  return eras.get(keyOf(changesOf(version))) ?? addEra(version, null);
}

/** The rules of a recorded kernel's profile, by its name. */
export function recordedEra(name: string): KernelEra | undefined {
  return [...eras.values()].find(({ profile, recorded }) => profile.name === name && recorded.length > 0);
}

/** Did this release, or a branch's earlier one, bring the change? Gives the release that did on the version's own line. */
function broughtBy({ since }: RuleChange, version: KernelVersion): KernelVersion | undefined {
  const [main, ...backports] = since.map(versionOf) as [KernelVersion, ...KernelVersion[]];
  if (compareVersions(version, main) >= 0) return main;
  return backports.find((release) => isSameBranch(release, version) && compareVersions(version, release) >= 0);
}

function changesOf(version: KernelVersion): [name: ChangeName, change: RuleChange][] {
  return [...RULE_CHANGES].filter(([, change]) => broughtBy(change, version) !== undefined);
}

function keyOf(changes: readonly [name: ChangeName, change: RuleChange][]): string {
  return changes.map(([name]) => name).join();
}

function addEra(
  version: KernelVersion,
  known: { readonly name: string; readonly kernels: string; readonly recorded: readonly string[] } | null,
): KernelEra {
  const changes = changesOf(version);
  const first = changes
    .map(([, change]) => broughtBy(change, version) as KernelVersion)
    .reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b), OLDEST_MODELLED);
  const fields = Object.assign({}, ...changes.map(([, change]) => change.fields)) as Partial<KernelProfile>;
  const names = new Set(changes.map(([name]) => name));
  const plain = formatVersion(first);
  const taken = RECORDED.some(([name]) => name === plain);
  const era: KernelEra = {
    profile: {
      ...profile510,
      ...fields,
      name: known?.name ?? (taken ? `${plain}.0` : plain),
      kernels: known?.kernels ?? `${taken ? `${plain}.0` : plain} to before ${nextChange(first, names)}`,
    },
    changes: names,
    first,
    recorded: known?.recorded ?? [],
  };
  eras.set(keyOf(changes), era);
  return era;
}

/** The next release on the same line that has other rules. */
function nextChange(first: KernelVersion, changes: ReadonlySet<ChangeName>): string {
  const later: KernelVersion[] = [];
  for (const [name, { since }] of RULE_CHANGES) {
    if (changes.has(name)) continue;
    const [main, ...backports] = since.map(versionOf) as [KernelVersion, ...KernelVersion[]];
    const onLine = [main, ...backports.filter((release) => isSameBranch(release, first))];
    later.push(...onLine.filter((release) => compareVersions(release, first) > 0));
  }
  const [next] = later.sort(compareVersions);
  return next === undefined ? 'any later one' : formatVersion(next);
}

function profileOf(name: string): KernelProfile {
  return (recordedEra(name) as KernelEra).profile;
}

const guardFlag: KernelProfile = {
  ...profileOf('6.18'),
  name: 'guard-flag',
  kernels: 'the series without its sticky patch: the flag exists, and blocks merges',
  needsCopySrc: vmFlags(profileOf('6.18').needsCopySrc, VM_MAYBE_GUARD),
  guardSetsFlag: true,
  guardPreparesAnonVma: 'anonymous',
};

const asPosted: KernelProfile = {
  ...guardFlag,
  name: 'as-posted',
  kernels: 'the series as posted on 2025-10-29',
  sticky: VM_MAYBE_GUARD,
  ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  copyOnFork: VM_MAYBE_GUARD,
};

/**
 * The seven profiles around guards and the sticky flags, in the order in which the behaviours came: those that reports compare. The recorded
 * kernels before them are {@link EARLIER_PROFILES}.
 */
export const KERNEL_PROFILES: readonly KernelProfile[] = [
  profileOf('6.12'),
  profileOf('6.16'),
  profileOf('6.18'),
  guardFlag,
  asPosted,
  profileOf('6.19'),
  profileOf('7.3'),
];

/** The recorded kernels before 6.12, oldest first. */
export const EARLIER_PROFILES: readonly KernelProfile[] = [profileOf('5.10'), profileOf('6.1')];
