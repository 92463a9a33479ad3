import type { ChosenKernel } from '../cli/options.ts';
import type { Style } from '../cli/style.ts';
import { wrap } from './drawTable.ts';

/** `..., Linux 6.8, profile 6.7 (not measured)`, and in a line of its own what the profile rests on where it was not measured. */
export function kernelLines(lead: string, kernel: ChosenKernel, style: Style): string[] {
  const line = `${lead} Linux ${kernel.kernel}, profile ${style.bold(kernel.profile.name)}`;
  return kernel.measured ? [line] : [`${line} ${style.note('(not measured)')}`, ...kernelNote(kernel, style)];
}

/** What a profile rests on where its kernel was not measured. */
export function kernelNote({ measured, note }: ChosenKernel, style: Style): string[] {
  return measured ? [] : wrap(note, style.width).map((part) => style.dim(part));
}

/** Where guard markers are tried out on another kernel than the chosen one, which has none: on which. */
export function markersOn(profile: string, { profile: chosen }: ChosenKernel): string {
  return profile === chosen.name ? '' : ` (on ${profile}: ${chosen.name} has no guard markers)`;
}
