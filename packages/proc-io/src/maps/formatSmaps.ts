import type { Maps, MapsEntry, Smaps, SmapsEntry } from './mapsEntry.ts';
import { formatMapsLine } from './mapsLine.ts';
import { formatFlagWords, formatSmapsNumber } from './smapsField.ts';

/** What to print: a file that was read, or entries alone. */
type Printable<E> = Partial<Pick<Maps, 'newline' | 'finalNewline'>> & { readonly entries: readonly E[] };

/** Prints `smaps`; what was read by `parseSmaps` comes out the same, byte for byte (see {@link encodeUtf8}). */
export function formatSmaps(smaps: Smaps | Printable<SmapsEntry>): string {
  return join(smaps, smaps.entries.flatMap(smapsLines));
}

/** Prints `maps`. */
export function formatMaps(maps: Maps | Printable<MapsEntry>): string {
  return join(maps, maps.entries.map(headLine));
}

function headLine(entry: MapsEntry): string {
  return entry.verbatim ?? formatMapsLine(entry);
}

function smapsLines(entry: SmapsEntry): readonly string[] {
  if (entry.verbatimFields !== null) return [headLine(entry), ...entry.verbatimFields];
  const lines = [headLine(entry)];
  for (const [key, value] of entry.fields) lines.push(formatSmapsNumber(key, value));
  if (entry.vmFlags !== null) lines.push(formatFlagWords(entry.flagWords));
  return lines;
}

function join({ newline = '\n', finalNewline = true }: Printable<unknown>, lines: readonly string[]): string {
  return lines.join(newline) + (finalNewline && lines.length > 0 ? newline : '');
}
