import type { MapsEntry } from './mapsEntry.ts';
import { formatMapsLine, PADDING_32 } from './mapsLine.ts';

/** 32 where all lies below 4 GiB and either the line width or a stack shows a whole 32-bit process. */
export function addressBits(entries: readonly MapsEntry[]): 32 | 64 {
  if (!entries.every((entry) => entry.end <= 0x1_0000_0000)) return 64;
  const whole = entries.some(
    (entry) =>
      /^\[(?:stack|vdso|vectors|sigpage)\]$/.test(entry.name) ||
      (entry.verbatim !== null && entry.verbatim === formatMapsLine(entry, PADDING_32)),
  );
  return whole ? 32 : 64;
}
