import { InputError } from '../inputError.ts';
import type { Maps, MapsEntry, Smaps } from './mapsEntry.ts';
import { type MapsOptions, SmapsParser } from './smapsParser.ts';

/** Characters or bytes that are read at once. */
const CHUNK = 2 ** 18;

/** Reads a whole map at once; see {@link SmapsParser}. @throws InputError as that does */
export function parseSmaps(input: string | Uint8Array, options: MapsOptions = {}): Smaps {
  const parser = new SmapsParser(options);
  for (let at = 0; at < input.length; at += CHUNK) parser.push(input.slice(at, at + CHUNK));
  return parser.end();
}

/** Reads `/proc/PID/maps`. @throws InputError as {@link parseSmaps} does, and for a `smaps` file */
export function parseMaps(input: string | Uint8Array, options: MapsOptions = {}): Maps {
  const smaps = parseSmaps(input, options);
  if (smaps.entries.some((entry) => entry.fields.size > 0 || entry.vmFlags !== null)) {
    throw new InputError('this is a smaps file, not maps', { file: options.file, line: 2 });
  }
  const entries = smaps.entries.map(
    ({ start, end, perms, pgoff, dev, inode, name, verbatim }): MapsEntry => ({
      start,
      end,
      perms,
      pgoff,
      dev,
      inode,
      name,
      verbatim,
    }),
  );
  return { ...smaps, entries };
}

/** Throws an {@link InputError} for the mappings of a 32-bit process, which a model of 64-bit ones cannot use. */
export function require64Bit(maps: Maps, options: MapsOptions = {}): void {
  if (maps.addressBits === 64) return;
  throw new InputError('these are the mappings of a 32-bit process: only 64-bit ones can be used here', options);
}
