import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { fileProblem, openInput } from '../input/openInput.ts';
import { isRecording } from '../input/recording.ts';

/** A recording that was asked for, or found in a folder. */
export interface FoundRecording {
  readonly kind: 'kernel' | 'program';
  readonly path: string;
}

/**
 * The recordings that paths name: a file is a kernel's recording, a folder with a `meta.json` a program's, any other folder is searched,
 * with all folders in it. Files there that are no recordings (the scenarios themselves, say) are passed over.
 *
 * @throws InputError where a path does not exist, or a folder holds no recording
 */
export async function findRecordings(paths: readonly string[], io: CliIo): Promise<FoundRecording[]> {
  const found: FoundRecording[] = [];
  for (const path of paths) {
    if (path === '-' || !(await isFolder(path))) {
      found.push({ kind: 'kernel', path });
      continue;
    }
    const inside = await search(path, io);
    if (inside.length === 0) {
      const message =
        'no recording in this folder: neither a meta.json nor a .jsonl or .jsonl.gz that begins with a header';
      throw new InputError(message, { file: path, line: 1, column: 1 });
    }
    found.push(...inside);
  }
  return found;
}

async function search(folder: string, io: CliIo): Promise<FoundRecording[]> {
  if (isRecording(folder)) return [{ kind: 'program', path: folder }];
  const found: FoundRecording[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => compareNames(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') found.push(...(await search(path, io)));
    else if (/\.jsonl(\.gz)?$/.test(entry.name) && (await beginsWithHeader(path, io)))
      found.push({ kind: 'kernel', path });
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new InputError(fileProblem(error), { file: path, line: 1, column: 1 });
  }
}

async function beginsWithHeader(path: string, io: CliIo): Promise<boolean> {
  const { bytes } = await openInput(path, io);
  for await (const chunk of bytes) return /^[^\n]*"kind"\s*:\s*"header"/.test(new TextDecoder().decode(chunk));
  return false;
}

/** `6.9` before `6.12`: numbers in names count as numbers. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
