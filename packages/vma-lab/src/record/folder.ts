import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../cli/usageError.ts';
import { META, type RecordingMeta } from './recordingMeta.ts';

/** Larger texts are kept compressed; bytes. */
export const PLAIN_BYTES = 300_000;

/** The log of a recording. */
export const LOG = 'trace.strace';

/** A folder that a recording is written into. */
export class RecordingFolder {
  readonly path: string;
  readonly #isOurs: boolean;

  /** @throws UsageError where it cannot be made, or something is in it */
  constructor(path: string) {
    this.path = path;
    try {
      this.#isOurs = makeFolder(path);
    } catch (error) {
      throw new UsageError(`the folder ${path} cannot be made: ${(error as Error).message}`);
    }
    if (readdirSync(path).length > 0) {
      throw new UsageError(`the folder ${path} is not empty: remove it, or name another one with -o`);
    }
  }

  /** Takes away all that was written, and the folder itself where it was not there before. */
  discard(): void {
    for (const name of readdirSync(this.path)) rmSync(this.file(name), { force: true });
    if (this.#isOurs) rmdirSync(this.path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a text, compressed where it is large. Gives the name of the file. */
  write(name: string, text: string): string {
    const isLarge = text.length > PLAIN_BYTES;
    const file = isLarge ? `${name}.gz` : name;
    writeFileSync(this.file(file), isLarge ? gzipSync(text) : text);
    return file;
  }

  writeMeta(meta: RecordingMeta): void {
    writeFileSync(this.file(META), `${JSON.stringify(meta, null, 2)}\n`);
  }
}

/** Makes a folder, and those around it; false: it was there. Node's own way does not end below /proc. */
function makeFolder(path: string): boolean {
  if (existsSync(path)) return false;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
  return true;
}

/** The path of a file of a recording; large ones are kept compressed. */
export function fileIn(folder: string, name: string): string {
  const path = join(folder, name);
  return existsSync(path) || !existsSync(`${path}.gz`) ? path : `${path}.gz`;
}
