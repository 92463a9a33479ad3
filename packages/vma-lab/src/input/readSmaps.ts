import { parseSmaps, require64Bit, type SmapsEntry } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { readText } from './openInput.ts';

/**
 * Reads a smaps (or maps) file.
 * @throws InputError where it is neither, or of a 32-bit process
 */
export async function readSmaps(path: string, io: CliIo): Promise<readonly SmapsEntry[]> {
  const smaps = parseSmaps(await readText(path, io), { file: path });
  require64Bit(smaps, { file: path });
  return smaps.entries;
}
