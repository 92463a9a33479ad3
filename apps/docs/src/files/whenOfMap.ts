import { type MapsEntry, parseSmaps, type StraceCall, StraceParser } from 'proc-io';
import { headOf, textOf } from './fileLines.ts';

/** Characters of a map that is looked at. */
const MOST_TEXT = 1 << 26;

/** How many of the mappings that a log makes are in a map. */
export interface HeldMappings {
  readonly held: number;
  readonly made: number;
}

/**
 * Counts the mappings that a log makes where the kernel chose the place, and those of them that lie in a map. A map of the log's
 * beginning cannot hold them, for the kernel chooses places that are free; one of its end holds those that were kept.
 * `null`: the log makes none, or one of the two is too long to look at.
 */
export async function heldMappings(log: File, map: File): Promise<HeldMappings | null> {
  const [begin, maps] = await Promise.all([headOf(log), textOf(map, MOST_TEXT)]);
  if (maps === null) return null;
  const places = placesOf(new TextDecoder().decode(begin));
  if (places.size === 0) return null;
  const { entries } = parseSmaps(maps);
  const held = [...places].filter((place) => isMapped(entries, place)).length;
  return { held, made: places.size };
}

/** The places that the kernel chose for the first process, without those that were unmapped again. */
function placesOf(text: string): ReadonlySet<number> {
  const places = new Set<number>();
  let first: number | null | undefined;
  for (const event of new StraceParser().push(text)) {
    if (event.kind !== 'call' || event.errno !== null || event.ret === null) continue;
    first ??= event.pid;
    if (event.pid !== first) continue;
    if (event.name === 'execve') places.clear();
    if (isMmap(event) && event.args.addr === 0) places.add(event.ret);
    if (event.name === 'munmap') places.delete(event.args.addr);
  }
  return places;
}

function isMmap(call: StraceCall): call is Extract<StraceCall, { readonly name: 'mmap' | 'mmap2' | 'old_mmap' }> {
  return call.name === 'mmap' || call.name === 'mmap2' || call.name === 'old_mmap';
}

function isMapped(entries: readonly MapsEntry[], place: number): boolean {
  return entries.some(({ start, end }) => start <= place && place < end);
}
