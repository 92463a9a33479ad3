import { formatSize } from 'fork-sim/words';
import { require64Bit, type Smaps, SmapsParser } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { type Input, openInput, readInput } from './openInput.ts';

/**
 * Reads a smaps, a maps, or what another tool prints of a map.
 * @throws InputError where it is none, or of a 32-bit process
 */
export async function readSmaps(path: string, io: CliIo): Promise<Smaps> {
  return readSmapsOf(await openInput(path, io), io);
}

/** {@link readSmaps} of an input that is open. */
export function readSmapsOf(input: Input, io: CliIo): Promise<Smaps> {
  return readInput('smaps', input, async ({ name, bytes }) => {
    const parser = new SmapsParser({ file: name });
    const progress = new ProgressLine(io);
    let read = 0;
    try {
      for await (const chunk of bytes) {
        parser.push(chunk);
        read += chunk.length;
        progress.update(() => `${name}: ${formatSize(read)} read`);
      }
    } finally {
      progress.done();
    }
    const smaps = parser.end();
    require64Bit(smaps, { file: name });
    return smaps;
  });
}
