import { type FaultLog, FaultParser } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { openInput } from './openInput.ts';

/** Reads page faults as `perf script` prints them. @throws InputError where it is something else */
export async function readFaults(path: string, io: CliIo): Promise<FaultLog> {
  const { name, bytes } = await openInput(path, io);
  const parser = new FaultParser({ file: name });
  for await (const chunk of bytes) parser.push(chunk);
  return parser.end();
}
