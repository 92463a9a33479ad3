import type { KernelProfile } from '../kernelProfile.ts';
import { flagsHi, flagsLo } from '../vmFlags.ts';

/** The sets of flags of a profile that merging needs, as halves; see the fields of `Mm` that have these names. */
interface MergeMasks {
  readonly stickyLo: number;
  readonly stickyHi: number;
  readonly compareLo: number;
  readonly compareHi: number;
}

const known: WeakMap<KernelProfile, MergeMasks> = new WeakMap();

/** Made out once a profile: processes come and go, and arithmetic on bigints would be half of what it takes to make one. */
export function mergeMasksOf(profile: KernelProfile): MergeMasks {
  const masks = known.get(profile) ?? {
    stickyLo: flagsLo(profile.sticky),
    stickyHi: flagsHi(profile.sticky),
    compareLo: ~flagsLo(profile.ignoreMerge),
    compareHi: ~flagsHi(profile.ignoreMerge),
  };
  known.set(profile, masks);
  return masks;
}
