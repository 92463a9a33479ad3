import { findLeftOut } from './allowed.ts';
import type { Ground } from './conform.ts';
import { compileProber, probeKernel } from './kernelProber.ts';
import type { MeasuredProfile } from './measuredProfile.ts';
import { measuredProfile } from './measuredProfile.ts';
import { proberInVm } from './vmProber.ts';

/** Every field of format 2 is compared. */
const FORMAT = 2;

/** Which kernel is asked: of this machine, or of an image; and the rules, where they are not to be those that were measured. */
export interface Asked {
  readonly image?: string | undefined;
  readonly profile?: MeasuredProfile | undefined;
}

/** Compiles the prober, boots the image where there is one, and measures what the kernel has. @throws ProberError */
export async function findGround({ image, profile: asked }: Asked): Promise<Ground> {
  const compiled = await compileProber();
  const prober = image === undefined ? compiled : proberInVm(compiled, image);
  const kernel = await probeKernel(prober, FORMAT);
  const leftOut = await findLeftOut(prober, kernel);
  const { profile, measured, note } = asked ?? measuredProfile(kernel);
  return { prober, kernel, leftOut, profile, measured, note };
}
