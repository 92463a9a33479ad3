import {
  defineKernelProfile,
  type KernelProfile,
  kernelProfile,
  ProfileError,
  VM_FLAG_TABLE,
  type VmFlags,
} from 'vma-core';
import type { OwnProfile } from './shareLink.ts';

/** The name of the reader's own profile. */
export const OWN = 'own';

/** Flags that the editor of a profile offers, by their letters. */
export const OFFERED: readonly string[] = ['gu', 'sd', 'uw', 'pf', 'mm', 'ac', 'lo', 'wf', 'dd', 'nh'];

/** The masks of a known profile, to start an own one from. */
export function ownFrom(name: string): OwnProfile {
  const profile = kernelProfile(name);
  return {
    from: name,
    sticky: wordsOf(profile.sticky),
    ignoreMerge: wordsOf(profile.ignoreMerge),
    copyOnFork: wordsOf(profile.copyOnFork),
    mergeReturnsFlags: profile.mergeReturnsFlags,
  };
}

function wordsOf(flags: VmFlags): string[] {
  return VM_FLAG_TABLE.filter(({ bit }) => ((flags >> BigInt(bit)) & 1n) === 1n).map(
    ({ mnemonic, name }) => mnemonic ?? name,
  );
}

/** Makes the profile, or says why it cannot be. */
export function ownKernel(own: OwnProfile): { readonly profile: KernelProfile } | { readonly error: string } {
  try {
    const copies = namesOf(own.copyOnFork);
    return {
      profile: defineKernelProfile(OWN, own.from, {
        sticky: namesOf(own.sticky),
        ignoreMerge: namesOf(own.ignoreMerge),
        copyOnFork: copies,
        needsCopyDst: copies,
        needsCopySrc: [],
        mergeReturnsFlags: own.mergeReturnsFlags,
      }),
    };
  } catch (error) {
    if (error instanceof ProfileError) return { error: error.message };
    throw error;
  }
}

function namesOf(words: readonly string[]): string[] {
  return words.map((word) => VM_FLAG_TABLE.find(({ mnemonic }) => mnemonic === word)?.name ?? word);
}
