import { KERNEL_PROFILES, type KernelProfile } from '../../src/index.ts';

/** `[name, profile]` of all seven, for `describe.each`. */
export const PROFILES: readonly (readonly [string, KernelProfile])[] = KERNEL_PROFILES.map(
  (profile) => [profile.name, profile] as const,
);
