/** MAP_HUGE_SHIFT: the size of huge pages as a power of two; 0 is the default, 2 MiB. */
const HUGE_SHIFT = 2 ** 26;
const DEFAULT_SHIFT = 21;

/** Bytes of a huge page that the flags of MAP_HUGETLB ask for; `null`: x86-64 has none of that size. */
export function hugePageBytes(flags: number): number | null {
  const shift = Math.floor(flags / HUGE_SHIFT) % 64 || DEFAULT_SHIFT;
  return shift === DEFAULT_SHIFT || shift === 30 ? 2 ** shift : null;
}

/** Bytes that a mapping of huge pages takes. */
export function wholeHugePages(length: number, flags: number): number {
  return wholePages(length, hugePageBytes(flags) ?? 2 ** DEFAULT_SHIFT);
}

/** Bytes in whole pages of a size. */
export function wholePages(length: number, bytes: number): number {
  return Math.ceil(length / bytes) * bytes;
}
