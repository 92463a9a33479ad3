import { type KernelProfile, kernelProfile, ProfileError, VM_FLAG_TABLE, type VmFlags } from 'vma-core';
import { defineKernelProfile } from 'vma-core/profiles';

/** One's own profile: the masks by the names of their flags. */
export interface OwnProfile {
  readonly from: string;
  readonly sticky: readonly string[];
  readonly ignoreMerge: readonly string[];
  /** Fork copies when the child's VMA has any of these. */
  readonly needsCopyDst: readonly string[];
  /** Fork copies when the parent's VMA has any of these. */
  readonly needsCopySrc: readonly string[];
  readonly mergeReturnsFlags: boolean;
}

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
    needsCopyDst: wordsOf(profile.needsCopyDst),
    needsCopySrc: wordsOf(profile.needsCopySrc),
    mergeReturnsFlags: profile.mergeReturnsFlags,
  };
}

/**
 * Whose flags make fork copy, of a link that names VM_COPY_ON_FORK alone. They take its place on the side where the kernel that the
 * link's is made from asks for it: the child's, where that kernel has none.
 */
export function copiesOfOldLink(
  from: string,
  copyOnFork: readonly string[],
): Pick<OwnProfile, 'needsCopyDst' | 'needsCopySrc'> {
  const known = profileOrNull(from);
  if (known === null) return { needsCopyDst: copyOnFork, needsCopySrc: [] };
  const old = wordsOf(known.copyOnFork);
  const side = (words: readonly string[], asked: boolean): string[] =>
    asked ? [...new Set([...words.filter((word) => !old.includes(word)), ...copyOnFork])] : [...words];
  const inParent = known.copyOnFork !== 0n && (known.needsCopySrc & known.copyOnFork) === known.copyOnFork;
  return {
    needsCopyDst: side(wordsOf(known.needsCopyDst), !inParent),
    needsCopySrc: side(wordsOf(known.needsCopySrc), inParent),
  };
}

function profileOrNull(name: string): KernelProfile | null {
  try {
    return kernelProfile(name);
  } catch (error) {
    if (error instanceof ProfileError) return null;
    throw error;
  }
}

function wordsOf(flags: VmFlags): string[] {
  return VM_FLAG_TABLE.filter(({ bit }) => ((flags >> BigInt(bit)) & 1n) === 1n).map(
    ({ mnemonic, name }) => mnemonic ?? name,
  );
}

/** Makes the profile, or says why it cannot be. */
export function ownKernel(own: OwnProfile): { readonly profile: KernelProfile } | { readonly error: string } {
  try {
    return {
      profile: defineKernelProfile(OWN, own.from, {
        sticky: namesOf(own.sticky),
        ignoreMerge: namesOf(own.ignoreMerge),
        needsCopyDst: namesOf(own.needsCopyDst),
        needsCopySrc: namesOf(own.needsCopySrc),
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
