import { EARLIER_PROFILES, KERNEL_PROFILES, type KernelProfile } from 'vma-core';

/** Profiles that stand side by side in the order of {@link KERNEL_NAMES}; `null`: from the first, or to the last. */
export interface KernelRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** Kernels to which a line of a litmus file is limited. */
export interface KernelSet {
  /** All but these. */
  readonly not: boolean;
  readonly ranges: readonly KernelRange[];
}

/** The profiles that a litmus file may name, in their order: that in which the behaviours came. */
export const KERNEL_NAMES: readonly string[] = [...EARLIER_PROFILES, ...KERNEL_PROFILES].map(({ name }) => name);

/** The form of a set of kernels, for help and errors. */
export const KERNELS_FORM = '"6.16", "6.16, 6.18", "from 6.18", "to 6.16", "6.16 to 6.19" or "not as-posted"';

/** A text that names no kernels: why, and where in the text, from 0. */
export class KernelSetError extends Error {
  override readonly name = 'KernelSetError';
  readonly offset: number;
  readonly length: number;
  constructor(message: string, offset: number, length: number) {
    super(message);
    this.offset = offset;
    this.length = length;
  }
}

/** Reads a set of kernels. @throws KernelSetError */
export function parseKernels(text: string): KernelSet {
  const not = /^\s*not\s+/.exec(text)?.[0] ?? '';
  const ranges: KernelRange[] = [];
  let offset = not.length;
  for (const part of text.slice(not.length).split(',')) {
    ranges.push(parseRange(part, offset));
    offset += part.length + 1;
  }
  return { not: not !== '', ranges };
}

function parseRange(part: string, offset: number): KernelRange {
  const words = part.trim().split(/\s+/);
  const at = offset + part.length - part.trimStart().length;
  const known = (name: string): string => {
    if (KERNEL_NAMES.includes(name)) return name;
    const message = `no profile "${name}"; there are ${KERNEL_NAMES.join(', ')}`;
    throw new KernelSetError(message, at + part.trimStart().indexOf(name), Math.max(1, name.length));
  };
  const [first = '', second = '', third = ''] = words;
  if (words.length === 1) return { from: known(first), to: first };
  if (words.length === 2 && first === 'from') return { from: known(second), to: null };
  if (words.length === 2 && first === 'to') return { from: null, to: known(second) };
  if (words.length === 3 && second === 'to') {
    const range = { from: known(first), to: known(third) };
    if (KERNEL_NAMES.indexOf(range.from) < KERNEL_NAMES.indexOf(range.to)) return range;
    throw new KernelSetError(`"${first}" does not come before "${third}"`, at, part.trim().length);
  }
  throw new KernelSetError(`kernels are written ${KERNELS_FORM}`, at, Math.max(1, part.trim().length));
}

/** Prints a set of kernels as {@link parseKernels} reads it. */
export function formatKernels({ not, ranges }: KernelSet): string {
  return `${not ? 'not ' : ''}${ranges.map(formatRange).join(', ')}`;
}

function formatRange({ from, to }: KernelRange): string {
  if (from === null) return `to ${to}`;
  if (to === null) return `from ${from}`;
  return from === to ? from : `${from} to ${to}`;
}

/**
 * Is a profile one of these kernels? One that has no place of its own in the order, such as `6.17`, lies between those of the versions around it;
 * one that is no version is in no range.
 */
export function isKernelIn({ not, ranges }: KernelSet, profile: Pick<KernelProfile, 'name'>): boolean {
  const place = placeOf(profile.name);
  const within = ranges.some(
    ({ from, to }) =>
      (from === null || place >= KERNEL_NAMES.indexOf(from)) && (to === null || place <= KERNEL_NAMES.indexOf(to)),
  );
  return place >= 0 && within !== not;
}

function placeOf(name: string): number {
  const place = KERNEL_NAMES.indexOf(name);
  if (place >= 0) return place;
  if (!/^\d+\.\d+/.test(name)) return -1;
  const older = KERNEL_NAMES.findLastIndex((other) => /^\d/.test(other) && compare(other, name) <= 0);
  return older + 0.5;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
