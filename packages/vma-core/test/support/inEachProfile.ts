import { type DiagramOptions, type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import { formatVmFlags, KERNEL_PROFILES, type KernelProfile } from '../../src/index.ts';
import { validateMm } from '../../src/validateMm.ts';

/** Bytes of `n` pages. */
export const page = (n: number): number => n * 4096;

/**
 * Does the same on a fresh drawing in each of the seven profiles, or in those that are named, and checks the state
 * afterwards. A failure names the profile.
 */
export function inEachProfile(
  drawing: string,
  options: DiagramOptions & { readonly only?: readonly string[] },
  check: (drawn: DrawnMm, profile: KernelProfile) => void,
): void {
  const { only, ...rest } = options;
  for (const profile of KERNEL_PROFILES) {
    if (only && !only.includes(profile.name)) continue;
    const drawn = mmFromDiagram(drawing, { softDirty: false, ...rest, profile });
    try {
      check(drawn, profile);
      const violations = validateMm(drawn.mm).map(({ message }) => message);
      if (violations.length > 0) throw new Error(violations.join('; '));
    } catch (error) {
      if (error instanceof Error) error.message = `in profile ${profile.name}: ${error.message}`;
      throw error;
    }
  }
}

/** The flags of all VMAs in address order, by their letters. */
export function flagsOfVmas({ mm }: DrawnMm): string[] {
  return mm.vmas().map(({ vmFlags }) => formatVmFlags(vmFlags));
}
