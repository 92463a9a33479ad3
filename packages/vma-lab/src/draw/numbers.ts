import { PAGE_SIZE } from 'vma-core';

/** A whole number with thousands separators: `65,530`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 VMA`, `12 VMAs`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Bytes in kB: `64 kB`. Sizes here are whole pages, so this is exact. */
function formatKb(bytes: number): string {
  return `${formatCount(bytes / 1024)} kB`;
}

/** Pages and kB together: `16 pages, 64 kB`. */
export function formatPages(pages: number): string {
  return `${countOf(pages, 'page')}, ${formatKb(pages * PAGE_SIZE)}`;
}

/** Bytes in the largest unit that keeps it short, for columns: `4k`, `8M`, `64M`, `1.5G`. */
export function formatSize(bytes: number): string {
  const units = ['k', 'M', 'G', 'T'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const text = value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
  return `${text}${units[unit]}`;
}

/** An address as /proc shows it: hexadecimal, at least 8 digits. */
export function formatAddress(address: number): string {
  return address.toString(16).padStart(8, '0');
}

/** How many leading digits two addresses share: what may be dimmed when one stands below the other. */
export function sharedDigits(above: string, below: string): number {
  if (above.length !== below.length) return 0;
  let at = 0;
  while (at < below.length && above[at] === below[at]) at++;
  return at;
}
