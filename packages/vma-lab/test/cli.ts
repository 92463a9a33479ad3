import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import type { CliIo } from '../src/cli/cliIo.ts';
import { runCli } from '../src/cli/runCli.ts';

/** What a command line did. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** How the outside world is made up. */
export interface Outside {
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
}

/** Runs a command line, without a process of its own. */
export async function cli(args: readonly string[], outside: Outside = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const { stdin = '' } = outside;
  const io: CliIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: outside.terminal ?? false,
    errIsTerminal: outside.terminal ?? false,
    columns: outside.columns,
    env: outside.env ?? {},
    stdin: async function* () {
      yield typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin;
    },
  };
  const status = await runCli(args, io);
  return { status, out, err };
}

const conformance = fileURLToPath(new URL('../../../conformance/', import.meta.url));

/** A file of a program's recording. */
export function programFile(name: string, file: string): string {
  return join(conformance, 'programs', name, file);
}

/** A folder or file below `conformance`. */
export function recording(path: string): string {
  return join(conformance, path);
}

const folder = tempFolder('vma-lab-');

/** Writes a file for a test and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  // Files of tests that share this module come one after the other; each ends by removing it.
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, content);
  return path;
}
