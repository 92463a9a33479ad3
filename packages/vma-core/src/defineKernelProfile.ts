import { ProfileError } from './errors.ts';
import { kernelProfile } from './findKernelProfile.ts';
import type { KernelProfile, MremapRoom } from './kernelProfile.ts';
import { KERNEL_PROFILES } from './kernelProfiles.ts';
import { findVmFlag, type VmFlags, vmFlagBit, vmFlagNames, vmFlags } from './vmFlags.ts';

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
 * @param overrides the fields that differ; a new `copyOnFork` also takes the old one's place in `needsCopyDst` or `needsCopySrc`
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
    if (field === 'name') throw new ProfileError(`profile "${name}": the name is not a field that can be changed`);
    if (!Object.hasOwn(parent, field)) {
      throw new ProfileError(`profile "${name}": no field "${field}"; there are ${Object.keys(parent).join(', ')}`);
    }
    if (FLAG_FIELDS.includes(field as FlagFields)) made[field] = readFlags(name, field, value as FlagsInput);
    else made[field] = checkValue(name, field, value, parent[field as keyof KernelProfile]);
  }
  if (overrides.copyOnFork !== undefined) carryCopyOnFork(name, parent, made, overrides);
  const profile = made as unknown as KernelProfile;
  const blocking = profile.sticky & ~profile.ignoreMerge;
  if (blocking !== 0n) {
    throw new ProfileError(
      `profile "${name}": ${vmFlagNames(blocking as VmFlags).join(', ')} is sticky but not in ignoreMerge; a flag cannot both stop a merge and survive it`,
    );
  }
  return profile;
}

/**
 * `vmaNeedsCopy` asks `needsCopyDst` and `needsCopySrc`, which hold the parent's VM_COPY_ON_FORK on the side that its kernel
 * looks at. A new VM_COPY_ON_FORK takes its place there, unless that side is given too.
 */
function carryCopyOnFork(
  name: string,
  parent: KernelProfile,
  made: Record<string, unknown> & { readonly copyOnFork?: unknown },
  overrides: ProfileOverrides,
): void {
  const sides = ['needsCopyDst', 'needsCopySrc'] as const;
  const asked = sides.filter(
    (side) => parent.copyOnFork !== 0n && (parent[side] & parent.copyOnFork) === parent.copyOnFork,
  );
  if (asked.length === 0 && sides.every((side) => overrides[side] === undefined)) {
    throw new ProfileError(
      `profile "${name}": ${parent.name} copies by no VM_COPY_ON_FORK; give needsCopyDst or needsCopySrc besides copyOnFork`,
    );
  }
  for (const side of asked) {
    if (overrides[side] !== undefined) continue;
    made[side] = vmFlags(parent[side] & ~parent.copyOnFork, made.copyOnFork as VmFlags);
  }
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
      if (typeof flag !== 'string') throw new ProfileError(`profile "${name}": ${field} takes the names of flags`);
      const info = findVmFlag(flag);
      if (!info) throw new ProfileError(`profile "${name}": ${field} names an unknown flag "${flag}"`);
      return vmFlagBit(info.bit);
    }),
  );
}

function checkValue(name: string, field: string, value: unknown, like: unknown): unknown {
  if (typeof value !== typeof like) {
    throw new ProfileError(`profile "${name}": ${field} is a ${typeof like}, not a ${typeof value}`);
  }
  const choices: Readonly<Record<string, readonly string[]>> = {
    anonThpAligned: ['never', 'large', 'whole'],
    guards: ['none', 'anonymous', 'all'],
    guardPreparesAnonVma: ['all', 'anonymous'],
  };
  const allowed = choices[field];
  if (allowed && !allowed.includes(value as string)) {
    throw new ProfileError(`profile "${name}": ${field} is one of ${allowed.join(', ')}, not "${String(value)}"`);
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
