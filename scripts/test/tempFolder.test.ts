import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';

const module = new URL('../tempFolder.mjs', import.meta.url).href;

/** A process that makes two folders, says where, and waits. */
const PROGRAM = `
import { tempFolder } from '${module}';
console.log(JSON.stringify([tempFolder('first-'), tempFolder('second-')]));
process.stdin.resume();
`;

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', null] as const)(
  'a temporary folder goes with its process, which ends as it would: %s',
  async (signal) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const folders = JSON.parse(said.toString()) as string[];
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
    if (signal === null) child.stdin.end();
    else child.kill(signal);
    expect(await once(child, 'exit')).toEqual([signal === null ? 0 : null, signal]);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  },
);
