import { type KernelProfile, ProfileError } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { UsageError } from './usageError.ts';

/** A kernel as asked for, and the profile that stands for it. */
export interface ChosenKernel {
  /** As given on the command line, or in a recording. */
  readonly kernel: string;
  readonly profile: KernelProfile;
  /** False: no kernel of that version was recorded. */
  readonly measured: boolean;
  /** One sentence about the choice. */
  readonly note: string;
}

/** The kernel of a command where none is given. */
export const DEFAULT_KERNEL = '6.19';

/** @throws UsageError where the text names no profile and is no version */
export function readKernel(kernel: string): ChosenKernel {
  try {
    return { kernel, ...chooseKernelProfile(kernel) };
  } catch (error) {
    if (error instanceof ProfileError) throw new UsageError(`--kernel: ${error.message}`);
    throw error;
  }
}

/** `--kernel A,B`: one kernel, or two to compare. */
export function readKernels(text: string): readonly ChosenKernel[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > 2 || parts.includes('')) {
    throw new UsageError(`--kernel takes one kernel, or two with a comma between them; not "${text}"`);
  }
  return parts.map(readKernel);
}

/** `--fault-around PAGES`: a power of two. */
export function readFaultAround(text: string): number {
  const pages = readWhole('--fault-around', text, 1, 512);
  if ((pages & (pages - 1)) !== 0) throw new UsageError(`--fault-around is a power of two, not ${pages}`);
  return pages;
}

/** `--max-map-count N`. */
export function readLimit(text: string): number {
  return readWhole('--max-map-count', text, 1, 2 ** 31 - 1);
}

/** `--process PID`. */
export function readProcess(text: string): number {
  return readWhole('--process', text, 1, 2 ** 22);
}

/** `--longest-guard KB`: in bytes. */
export function readLongestGuard(text: string): number {
  return readWhole('--longest-guard', text, 4, 2 ** 30) * 1024;
}

/** An address of the command line: hexadecimal, with `0x` or without, as maps prints it. */
export function readAddress(text: string): number {
  const value = /^(?:0x)?[0-9a-f]{1,14}$/i.test(text) ? Number.parseInt(text.replace(/^0x/i, ''), 16) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(`an address is hexadecimal, such as 7f238b600000; not "${text}"`);
}

/** A whole number of a command-line option. @throws UsageError */
export function readWhole(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${option} is a whole number from ${min} to ${max}, not "${text}"`);
}
