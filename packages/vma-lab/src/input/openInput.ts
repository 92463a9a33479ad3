import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unpacked } from 'fork-sim/unpacked';
import { type FileCommand, InputError, mergeLogs, pidOfName, wrongFile } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';

/** An input, unpacked where it is gzip. */
export interface Input {
  /** Its name in messages: the path, or `-`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The bytes that it begins with, as far as they were read, unpacked. */
  readonly head: () => Uint8Array;
}

/** A log, which may have been put together from several files. */
export interface OpenedLog {
  readonly input: Input;
  /** What is uncertain of logs that were put together, in sentences. */
  readonly notes: readonly string[];
  /** The files have no times, so the order of what threads did is not known. */
  readonly threadOrderUnknown?: boolean;
}

/** Bytes that are handed on at once. */
const CHUNK = 1 << 18;

/** Bytes by which a file is known. */
const HEAD = 1 << 16;

/**
 * Opens a file, or standard input for `-`; gzip is recognised by its first two bytes and unpacked on the way.
 *
 * @throws InputError where there is no such file, or it is a folder; while reading, where the gzip is cut off or damaged
 */
export async function openInput(path: string, io: CliIo): Promise<Input> {
  if (path === '-') return inputOf('-', readBytes(io.stdin(), '-'));
  const problem = await whyUnreadable(path);
  if (problem !== null) throw new InputError(problem, { file: path, line: 1, column: 1 });
  return inputOf(path, readBytes(createReadStream(path, { highWaterMark: 1 << 18 }), path));
}

/** An input whose beginning was read, and comes again: its `head` tells what it is. */
export async function peek({ name, bytes }: Input): Promise<Input> {
  const begun: Uint8Array[] = [];
  const chunks = bytes[Symbol.asyncIterator]();
  let length = 0;
  while (length < HEAD) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    begun.push(value);
    length += value.length;
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield* begun.splice(0);
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  const head = Buffer.concat(begun).subarray(0, HEAD);
  return { name, bytes: whole(), head: () => head };
}

function inputOf(name: string, source: AsyncIterable<Uint8Array>): Input {
  const head = new Uint8Array(HEAD);
  let length = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      const part = chunk.subarray(0, HEAD - length);
      head.set(part, length);
      length += part.length;
      yield chunk;
    }
  }
  return { name, bytes: bytes(), head: () => head.subarray(0, length) };
}

/**
 * Reads an input by a command's reader.
 * @throws InputError as the reader does; where the file is of another command, the error says which one
 */
export async function readAs<T>(
  command: FileCommand,
  path: string,
  io: CliIo,
  read: (input: Input) => Promise<T>,
): Promise<T> {
  return readInput(command, await openInput(path, io), read);
}

/** {@link readAs} of an input that is open. */
export async function readInput<T>(command: FileCommand, input: Input, read: (input: Input) => Promise<T>): Promise<T> {
  try {
    return await read(input);
  } catch (error) {
    throw error instanceof InputError ? wrongFile(error, input.head(), command) : error;
  }
}

/**
 * Opens one file, or the files of `strace -ff` as one log: several paths, or a folder with them.
 *
 * @returns the input, and what is uncertain of logs that were put together, in sentences
 * @throws InputError where a file cannot be read, or is none of `strace -ff`
 */
export async function openLogs(paths: readonly string[], io: CliIo): Promise<OpenedLog> {
  const [only = '-'] = paths;
  const files = paths.length > 1 ? paths : await filesIn(only);
  if (files === null) return { input: await openInput(only, io), notes: [] };
  const logs = await Promise.all(files.map(async (name) => ({ name, text: await readText(name, io) })));
  const { text, notes, hasTimes } = mergeLogs(logs);
  const bytes = new TextEncoder().encode(text);
  const name = `${files[0]} and ${files.length - 1} more`;
  return { input: inputOf(name, chunksOf(bytes)), notes, threadOrderUnknown: !hasTimes };
}

/** The files of `strace -ff` in a folder; `null`: it is no folder. */
async function filesIn(path: string): Promise<string[] | null> {
  if (path === '-') return null;
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return null;
  const names = (await readdir(path)).filter((name) => pidOfName(name) !== null).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new InputError(
    'this is a folder, not a file, with neither a recording (meta.json) nor files of strace -ff in it, whose names end in a pid: give a file',
    {
      file: path,
      line: 1,
      column: 1,
    },
  );
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** Reads all of an input as text. */
export async function readText(path: string, io: CliIo): Promise<string> {
  return textOf(await openInput(path, io));
}

/** Characters of a text at most: engines have strings of half a billion. */
const MAX_TEXT = 2 ** 29 - 2 ** 16;

/** All of an input as text. @throws InputError where it is longer than a text can be */
export async function textOf(input: Input, most: number = MAX_TEXT): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input.bytes) {
    if (text.length + chunk.length > most)
      throw new InputError(`more than ${most} characters: too large`, { file: input.name });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Is there a file or a folder of this path? */
export function pathExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
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
