import { require64Bit, type Smaps, SmapsParser } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { readAs } from './openInput.ts';

/**
 * Reads a smaps, a maps, or what another tool prints of a map.
 * @throws InputError where it is none, or of a 32-bit process
 */
export function readSmaps(path: string, io: CliIo): Promise<Smaps> {
  return readAs('smaps', path, io, async ({ bytes }) => {
    const parser = new SmapsParser({ file: path });
    for await (const chunk of bytes) parser.push(chunk);
    const smaps = parser.end();
    require64Bit(smaps, { file: path });
    return smaps;
  });
}
