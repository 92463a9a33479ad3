import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LitmusTest, litmusTest, parseLitmus } from 'fork-sim';
import { describeInput, InputError } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { fileProblem, openInput, peek, readText } from '../input/openInput.ts';

/** A litmus file that was asked for, or found in a folder. */
export interface LitmusFile {
  readonly path: string;
  readonly text: string;
  readonly test: LitmusTest;
}

/**
 * Reads the litmus files that paths name; of a folder all `*.litmus` in it, and in the folders in it.
 * @throws InputError for a path that is not there, a folder without such a file, and a file that cannot be read
 */
export async function readLitmusFiles(paths: readonly string[], io: CliIo): Promise<LitmusFile[]> {
  const files: LitmusFile[] = [];
  for (const path of await litmusPaths(paths)) {
    const text = await readText(path, io);
    files.push({ path, text, test: litmusTest(parseLitmus(text, path), litmusName(path)) });
  }
  return files;
}

/** The paths of litmus files that paths name. @throws InputError */
export async function litmusPaths(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path === '-' || !(await isFolder(path))) {
      found.push(path);
      continue;
    }
    const inside = await litmusIn(path);
    if (inside.length === 0) {
      throw new InputError('no litmus file in this folder: their names end in .litmus', {
        file: path,
        line: 1,
        column: 1,
      });
    }
    found.push(...inside);
  }
  return found;
}

/**
 * Is this a litmus file? By what is in it; by its name too where that is of no kind, so that the reader of litmus files says why.
 * Only files that can be read twice are looked into.
 */
export async function isLitmusFile(path: string, io: CliIo): Promise<boolean> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return false;
  const { kind } = describeInput((await peek(await openInput(path, io))).head());
  return kind === 'litmus' || (kind === 'unknown' && path.endsWith('.litmus'));
}

/** The name of a litmus file that gives itself none. */
export function litmusName(path: string): string {
  return path === '-' ? 'stdin' : basename(path).replace(/\.litmus$/, '');
}

async function litmusIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith('.litmus') && !name.includes('node_modules'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new InputError(fileProblem(error), { file: path, line: 1, column: 1 });
  }
}
