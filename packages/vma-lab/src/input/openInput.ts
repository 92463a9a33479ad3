import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { unpacked } from 'fork-sim/unpacked';
import { InputError } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';

/** An input, unpacked where it is gzip. */
export interface Input {
  /** Its name in messages: the path, or `-`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file, or standard input for `-`; gzip is recognised by its first two bytes and unpacked on the way.
 *
 * @throws InputError where there is no such file, or it is a folder; while reading, where the gzip is cut off or damaged
 */
export async function openInput(path: string, io: CliIo): Promise<Input> {
  if (path === '-') return { name: '-', bytes: readBytes(io.stdin(), '-') };
  const problem = await whyUnreadable(path);
  if (problem !== null) throw new InputError(problem, { file: path, line: 1, column: 1 });
  return { name: path, bytes: readBytes(createReadStream(path, { highWaterMark: 1 << 18 }), path) };
}

/** Reads all of an input as text. */
export async function readText(path: string, io: CliIo): Promise<string> {
  const input = await openInput(path, io);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input.bytes) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

async function whyUnreadable(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? 'this is a folder, not a file' : null;
  } catch (error) {
    return fileProblem(error);
  }
}

/** A file-system error in words. */
export function fileProblem(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read (permission denied)';
    case 'ENOTDIR':
      return 'no such file: a part of the path is no folder';
    default:
      return `cannot be read: ${(error as Error).message}`;
  }
}

async function* readBytes(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let packed = false;
  let line = 1;
  let column = 1;
  try {
    for await (const chunk of unpacked(source, (yes) => (packed = yes))) {
      yield chunk;
      if (!packed) continue;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) line++;
      column = chunk.length - chunk.lastIndexOf(10);
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw new InputError(fileProblem(error), { file: name });
    const cut = code === 'Z_BUF_ERROR';
    const what = cut ? 'the gzip file is cut off: its end is missing' : `damaged gzip: ${(error as Error).message}`;
    throw new InputError(what, { file: name, line, column });
  }
}
