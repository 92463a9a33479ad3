import { ProfileError } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';

/** Which profile a version takes, and whether it was measured; `null` where there is no such version. */
export function versionNote(kernel: string): string | null {
  try {
    return chooseKernelProfile(kernel).note;
  } catch (error) {
    if (error instanceof ProfileError) return null;
    throw error;
  }
}

/** A version, and the profile that it takes. */
export function versionText(kernel: string): string {
  const note = versionNote(kernel);
  if (note === null) return `${kernel}: no such kernel`;
  const { profile, measured } = chooseKernelProfile(kernel);
  const words = [...(measured ? [] : ['not measured']), ...(profile.name === kernel ? [] : [`as ${profile.name}`])];
  return words.length === 0 ? kernel : `${kernel}: ${words.join(', ')}`;
}
