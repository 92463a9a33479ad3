import { PAGE_SIZE } from 'vma-core';
import { formatCount } from 'vma-core/words';

export { formatCount, formatPgoff } from 'vma-core/words';

/** A number and what is counted: `1 VMA`, `12 VMAs`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `1,234 kB`; `null`: not known. */
export function formatKb(kB: number | null): string {
  return kB === null ? 'not known' : `${formatCount(kB)} kB`;
}

/** Pages and kB together: `4 pages, 16 kB`. */
export function formatPages(pages: number, pageSize: number = PAGE_SIZE): string {
  return `${countOf(pages, 'page')}, ${formatKb((pages * pageSize) / 1024)}`;
}

/** Bytes in the largest unit that keeps the text short, for columns: `4k`, `8M`, `1.5G`. */
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

/** A range of addresses as maps prints it; `end` is exclusive. */
export function formatRange(start: number, end: number): string {
  return `${formatAddress(start)}-${formatAddress(end)}`;
}
