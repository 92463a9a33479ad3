import { ProfileError } from './errors.ts';
import type { VmFlags } from './vmFlags.ts';
import {
  findVmFlag,
  VM_MAYBE_GUARD,
  VM_MIXEDMAP,
  VM_NONE,
  VM_PFNMAP,
  VM_SOFTDIRTY,
  VM_UFFD_RWP,
  VM_UFFD_WP,
  vmFlagBit,
  vmFlagNames,
  vmFlags,
} from './vmFlags.ts';

/** Room below `max_map_count`, in VMAs, that an operation of `mremap` needs before it starts. */
export interface MremapRoom {
  /** A move to a given address. */
  readonly move: number;
  /** The same with MREMAP_DONTUNMAP. */
  readonly dontUnmap: number;
  /** Growing in place, or shrinking; `null`: only what a split needs is asked for. */
  readonly inPlace: number | null;
  /** Any move, asked once more when the target has been unmapped and the copy is about to be made; `null`: not asked again. */
  readonly copy: number | null;
}

/**
 * One kernel behaviour, as data: what the rules of merging, guards, fork and `mremap` look up.
 *
 * Nothing else in the project asks for a version. Two profiles can therefore be run side by side, and a reader can
 * change one field with {@link defineKernelProfile} and see what follows. Each field names the kernels it was measured on.
 */
export interface KernelProfile {
  /** `6.12`, `6.16`, `6.18`, `guard-flag`, `as-posted`, `6.19`, `7.3`, or one's own. */
  readonly name: string;
  /** Which kernels behave so, in words. */
  readonly kernels: string;

  /** `VM_STICKY`: set on the result of a merge when any VMA that took part had it. */
  readonly sticky: VmFlags;
  /** `VM_IGNORE_MERGE`: a difference in these does not stop a merge. */
  readonly ignoreMerge: VmFlags;
  /** `VM_COPY_ON_FORK`: flags whose page tables a later fault could not make again. */
  readonly copyOnFork: VmFlags;
  /** `vma_needs_copy`: copy when the *child's* VMA has any of these. */
  readonly needsCopyDst: VmFlags;
  /** `vma_needs_copy`: copy when the *parent's* VMA has any of these (an anon_vma there always copies). */
  readonly needsCopySrc: VmFlags;
  /**
   * A merge hands the merged flags back to `mprotect`, `madvise`, `mlock`, `mseal`, which then store those (6.19).
   * False: the caller stores the flags it computed before the merge, over the merged VMA (up to 6.18, and the seed).
   */
  readonly mergeReturnsFlags: boolean;

  /** MADV_GUARD_INSTALL: refused (6.12), on anonymous memory (6.13), on every kind of memory (6.15). */
  readonly guards: 'none' | 'anonymous' | 'all';
  /** A guard install sets `VM_MAYBE_GUARD` on the whole VMA (the sticky-flag series). */
  readonly guardSetsFlag: boolean;
  /** Which mappings a guard install prepares an anon_vma for: every one (up to 6.18), or anonymous ones (the series). */
  readonly guardPreparesAnonVma: 'all' | 'anonymous';

  /** An existing range that has an anon_vma may merge with a neighbour that has none (6.16 on). */
  readonly mergeFaultedIntoUnfaulted: boolean;
  /** A moved range's anon_vma is checked and carried over when the range merges (6.18 on; 6.16 loses it). */
  readonly copiedRangeKeepsAnonVma: boolean;
  /** Private file mappings need continuous *anonymous* page offsets too (7.3). */
  readonly fileAnonPgoff: boolean;
  /** The copy that MREMAP_DONTUNMAP makes may merge with its own source (up to 6.19). */
  readonly dontUnmapMergesWithSource: boolean;

  /** A `mremap` that keeps the size moves VMA by VMA and keeps holes (6.18 on). */
  readonly mremapMovesManyVmas: boolean;
  /** `mremap` to a fixed address unmaps the target before it looks at the size (6.12, 6.16). */
  readonly mremapUnmapsTargetFirst: boolean;
  /** MREMAP_DONTUNMAP takes ACCOUNT from the whole source VMA (6.16 only). */
  readonly dontUnmapDropsAccount: boolean;
  /** Room below `max_map_count` that `mremap` asks for. */
  readonly mremapRoom: MremapRoom;

  /** DONTNEED of a PTE table's whole 2 MiB frees the table when nothing is left in it (6.16 on). */
  readonly dontneedFreesPteTables: boolean;

  /** UFFDIO_UNREGISTER through another userfaultfd is EINVAL (6.18 on). */
  readonly uffdForeignUnregisterRefused: boolean;
  /** MAP_DROPPABLE memory cannot be registered (6.18 on). */
  readonly uffdDroppableRefused: boolean;
  /**
   * A moved range of a userfaultfd without EVENT_REMAP merges first, and the merged VMA is unregistered whole (up to 6.19).
   * False: it merges with nothing (7.3).
   */
  readonly uffdMoveUnregistersNeighbour: boolean;
  /** Registering again without write-protection what has it is EBUSY (7.3). */
  readonly uffdModeLossRefused: boolean;
  /** UFFD_FEATURE_RWP exists (7.3). */
  readonly uffdRwp: boolean;
  /** UFFDIO_COPY past the end of a file: the page is allocated, and its end found, before the source is read (7.3). */
  readonly uffdCopyEndFirst: boolean;

  /** PR_SET_VMA_ANON_NAME works: the kernel is built with CONFIG_ANON_VMA_NAME. None of the six recorded was. */
  readonly anonNames: boolean;
}

const base612: KernelProfile = {
  name: '6.12',
  kernels: 'up to 6.12',
  sticky: VM_NONE,
  ignoreMerge: VM_SOFTDIRTY,
  copyOnFork: VM_NONE,
  needsCopyDst: VM_UFFD_WP,
  needsCopySrc: vmFlags(VM_PFNMAP, VM_MIXEDMAP),
  mergeReturnsFlags: false,
  guards: 'none',
  guardSetsFlag: false,
  guardPreparesAnonVma: 'all',
  mergeFaultedIntoUnfaulted: false,
  copiedRangeKeepsAnonVma: false,
  fileAnonPgoff: false,
  dontUnmapMergesWithSource: true,
  mremapMovesManyVmas: false,
  mremapUnmapsTargetFirst: true,
  dontUnmapDropsAccount: false,
  mremapRoom: { move: 6, dontUnmap: 6, inPlace: null, copy: 4 },
  dontneedFreesPteTables: false,
  uffdForeignUnregisterRefused: false,
  uffdDroppableRefused: false,
  uffdMoveUnregistersNeighbour: true,
  uffdModeLossRefused: false,
  uffdRwp: false,
  uffdCopyEndFirst: false,
  anonNames: false,
};

const base616: KernelProfile = {
  ...base612,
  name: '6.16',
  kernels: '6.16',
  guards: 'all',
  mergeFaultedIntoUnfaulted: true,
  dontUnmapDropsAccount: true,
  dontneedFreesPteTables: true,
};

const base618: KernelProfile = {
  ...base616,
  name: '6.18',
  kernels: '6.18.0 to 6.18.36',
  copiedRangeKeepsAnonVma: true,
  mremapMovesManyVmas: true,
  mremapUnmapsTargetFirst: false,
  dontUnmapDropsAccount: false,
  uffdForeignUnregisterRefused: true,
  uffdDroppableRefused: true,
};

const guardFlag: KernelProfile = {
  ...base618,
  name: 'guard-flag',
  kernels: 'the tree the seed patches: the flag exists, and blocks merges',
  needsCopySrc: vmFlags(base618.needsCopySrc, VM_MAYBE_GUARD),
  guardSetsFlag: true,
  guardPreparesAnonVma: 'anonymous',
};

const asPosted: KernelProfile = {
  ...guardFlag,
  name: 'as-posted',
  kernels: 'the seed: the series as posted on 2025-10-29',
  sticky: VM_MAYBE_GUARD,
  ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  copyOnFork: VM_MAYBE_GUARD,
};

const copyOnFork619: VmFlags = vmFlags(VM_PFNMAP, VM_MIXEDMAP, VM_UFFD_WP, VM_MAYBE_GUARD);

const base619: KernelProfile = {
  ...guardFlag,
  name: '6.19',
  kernels: '6.19, and 6.18.37 on',
  sticky: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  copyOnFork: copyOnFork619,
  needsCopyDst: copyOnFork619,
  needsCopySrc: VM_NONE,
  mergeReturnsFlags: true,
};

const base73: KernelProfile = {
  ...base619,
  name: '7.3',
  kernels: '7.3',
  copyOnFork: vmFlags(copyOnFork619, VM_UFFD_RWP),
  needsCopyDst: vmFlags(copyOnFork619, VM_UFFD_RWP),
  fileAnonPgoff: true,
  dontUnmapMergesWithSource: false,
  mremapRoom: { move: 4, dontUnmap: 5, inPlace: 4, copy: null },
  uffdMoveUnregistersNeighbour: false,
  uffdModeLossRefused: true,
  uffdRwp: true,
  uffdCopyEndFirst: true,
};

/** The seven profiles, in the order in which the behaviours came. */
export const KERNEL_PROFILES: readonly KernelProfile[] = [
  base612,
  base616,
  base618,
  guardFlag,
  asPosted,
  base619,
  base73,
];

/** A profile picked for a version, and whether a recording of such a kernel stands behind it. */
export interface ProfileChoice {
  readonly profile: KernelProfile;
  /** False: no kernel of this version was recorded; the nearest lower one that was is taken. */
  readonly measured: boolean;
  /** One sentence for a reader: which profile, and whether it was measured. */
  readonly note: string;
}

/** First version of each recorded behaviour, newest first; `patch` 0 unless a stable backport brought it. */
const STEPS: readonly { readonly from: readonly [number, number, number]; readonly profile: KernelProfile }[] = [
  { from: [7, 3, 0], profile: base73 },
  { from: [6, 19, 0], profile: base619 },
  { from: [6, 18, 37], profile: base619 },
  { from: [6, 18, 0], profile: base618 },
  { from: [6, 16, 0], profile: base616 },
  { from: [6, 15, 0], profile: { ...base612, kernels: '6.15, from 6.12', guards: 'all' } },
  { from: [6, 13, 0], profile: { ...base612, kernels: '6.13 and 6.14, from 6.12', guards: 'anonymous' } },
  { from: [0, 0, 0], profile: base612 },
];

const RECORDED: readonly string[] = ['6.12', '6.16', '6.18', '6.19', '7.3'];

/**
 * Picks the profile of a name (`as-posted`) or of any version string (`6.18.44`, `6.19.14+deb13-cloud-amd64`).
 *
 * A version that was not recorded takes the nearest lower profile that was, and says so.
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
  const note = measured
    ? `${text}: profile ${step.profile.name}`
    : `${text}: not measured; takes profile ${step.profile.name}, the nearest lower one that was`;
  return { profile: step.profile, measured, note };
}

/** The profile of a name or version; see {@link chooseKernelProfile}. */
export function kernelProfile(kernel: string): KernelProfile {
  return chooseKernelProfile(kernel).profile;
}

/** Flags as `defineKernelProfile` takes them: a set, or names with or without `VM_`. */
export type FlagsInput = VmFlags | readonly string[];

type FlagFields = 'sticky' | 'ignoreMerge' | 'copyOnFork' | 'needsCopyDst' | 'needsCopySrc';

/** What {@link defineKernelProfile} may change: any field of a profile; flags also by name. */
export type ProfileOverrides = Partial<Omit<KernelProfile, FlagFields | 'name'>> & {
  readonly [field in FlagFields]?: FlagsInput;
};

const FLAG_FIELDS: readonly FlagFields[] = ['sticky', 'ignoreMerge', 'copyOnFork', 'needsCopyDst', 'needsCopySrc'];

/**
 * Derives one's own profile from another.
 *
 * @param name of the new profile; not that of one of the seven
 * @param from the profile, or its name or version, that gives every field not in `overrides`
 * @param overrides the fields that differ
 * @throws ProfileError for an unknown field or flag, a value of the wrong type, or masks that contradict each other:
 *   a sticky flag that is not ignored would both stop a merge and survive it
 */
export function defineKernelProfile(
  name: string,
  from: KernelProfile | string,
  overrides: ProfileOverrides,
): KernelProfile {
  if (name.trim() === '') throw new ProfileError('a profile needs a name');
  if (KERNEL_PROFILES.some((profile) => profile.name === name)) {
    throw new ProfileError(`"${name}" is the name of a built-in profile; choose another`);
  }
  const parent = typeof from === 'string' ? kernelProfile(from) : from;
  const made: Record<string, unknown> = { ...parent, kernels: `derived from ${parent.name}`, name };
  for (const [field, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    if (!(field in parent)) {
      throw new ProfileError(`profile "${name}": no field "${field}"; there are ${Object.keys(parent).join(', ')}`);
    }
    if (FLAG_FIELDS.includes(field as FlagFields)) made[field] = readFlags(name, field, value as FlagsInput);
    else made[field] = checkValue(name, field, value, parent[field as keyof KernelProfile]);
  }
  const profile = made as unknown as KernelProfile;
  const blocking = profile.sticky & ~profile.ignoreMerge;
  if (blocking !== 0n) {
    throw new ProfileError(
      `profile "${name}": ${vmFlagNames(blocking as VmFlags).join(', ')} is sticky but not in ignoreMerge; a flag cannot both stop a merge and survive it`,
    );
  }
  return profile;
}

function readFlags(name: string, field: string, value: FlagsInput): VmFlags {
  if (typeof value === 'bigint') {
    if (value < 0n || value >= 1n << 64n) throw new ProfileError(`profile "${name}": ${field} is not 64 bits`);
    return value;
  }
  if (!Array.isArray(value)) {
    throw new ProfileError(`profile "${name}": ${field} takes a bigint or a list of flag names`);
  }
  return vmFlags(
    ...value.map((flag) => {
      const info = findVmFlag(String(flag));
      if (!info) throw new ProfileError(`profile "${name}": ${field} names an unknown flag "${String(flag)}"`);
      return vmFlagBit(info.bit);
    }),
  );
}

function checkValue(name: string, field: string, value: unknown, like: unknown): unknown {
  if (typeof value !== typeof like) {
    throw new ProfileError(`profile "${name}": ${field} is a ${typeof like}, not a ${typeof value}`);
  }
  const choices: Readonly<Record<string, readonly string[]>> = {
    guards: ['none', 'anonymous', 'all'],
    guardPreparesAnonVma: ['all', 'anonymous'],
  };
  const allowed = choices[field];
  if (allowed && !allowed.includes(value as string)) {
    throw new ProfileError(`profile "${name}": ${field} is one of ${allowed.join(', ')}, not "${value}"`);
  }
  if (field === 'mremapRoom') {
    const room = value as MremapRoom;
    for (const key of ['move', 'dontUnmap', 'inPlace', 'copy'] as const) {
      const vmas = room?.[key] ?? (key === 'inPlace' || key === 'copy' ? 0 : Number.NaN);
      if (!Number.isInteger(vmas) || vmas < 0) {
        throw new ProfileError(`profile "${name}": mremapRoom.${key} is a number of VMAs, 0 or more`);
      }
    }
  }
  return value;
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
