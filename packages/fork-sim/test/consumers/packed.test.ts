import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../../../scripts/tempFolder.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PACKAGES = ['vma-core', 'pt-model', 'proc-io', 'fork-sim'];

/** What every consumer finds: 1 GiB forked, 10 pages of it written in the child. */
const FOUND = {
  fork: { child: 2, copied: 1, refaulted: 0, wiped: 0, skipped: 0, ptes: 262_144, tables: 515 },
  touch: {
    refaults: 0,
    firstFaults: 0,
    writeFaults: 10,
    mapped: 0,
    signals: { MAPERR: 0, ACCERR: 0, SIGBUS: 0 },
    residentGain: 0,
  },
  decisions: [expect.objectContaining({ action: 'copy', rule: 'anonVma', ptes: 262_144, tables: 515 })],
};

describe('the packed fork-sim, installed from its tarball', () => {
  const work = tempFolder('fork-sim-consumers-');
  const app = (name: string): string => join(work, name);

  beforeAll(() => {
    const build = ['scripts/turbo.mjs', 'run', 'build', '--filter=fork-sim', '--output-logs=errors-only'];
    run(process.execPath, build, root);
    const tarballs = join(work, 'tarballs');
    mkdirSync(tarballs);
    const workspaces = PACKAGES.flatMap((name) => ['--workspace', name]);
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', tarballs, ...workspaces], root);
    const files = readdirSync(tarballs).map((file) => join(tarballs, file));
    for (const name of ['plain-page', 'teacher-page', 'vite-project', 'rspack-project', 'node-script'])
      cpSync(join(here, name), app(name), { recursive: true });
    writeFileSync(join(work, 'package.json'), JSON.stringify({ name: 'consumers', private: true, type: 'module' }));
    const install = [
      'install',
      '--offline',
      '--install-links',
      '--silent',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
    ];
    const others = ['comlink', 'jsonc-parser', 'valibot'].map((name) => join(root, 'node_modules', name));
    run('npm', [...install, ...files, ...others], work);
  });

  it('runs a fork in the worker of a plain page, and of pages that Vite and the rspack of Docusaurus have built; a teacher needs one file', () => {
    run(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      app('vite-project'),
    );
    run(process.execPath, [join(here, 'bundleWithRspack.mjs'), app('rspack-project')], root);
    // What rspack has built is served under a path, as a site of Docusaurus often is.
    const pages = [
      work,
      '/plain-page/',
      join(app('vite-project'), 'dist'),
      '/',
      work,
      '/rspack-project/dist/',
      work,
      '/teacher-page/',
    ];
    const output = run(process.execPath, [join(here, 'drivePages.mjs'), ...pages], root);
    expect(JSON.parse(output)).toEqual([
      { result: FOUND, faults: [] },
      { result: FOUND, faults: [] },
      { result: FOUND, faults: [] },
      { result: { after: 'AAAAAA', why: expect.stringMatching(/^The offsets do not continue/) }, faults: [] },
    ]);
  });

  it('has types that a strict project accepts', () => {
    run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', app('vite-project')],
      app('vite-project'),
    );
  });

  it('does what the README says it does', () => {
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const example = /```js\n(import \{ startForkSim \}[\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const said = [...example.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
    writeFileSync(join(work, 'example.mjs'), example);
    expect(run(process.execPath, ['example.mjs'], work).trim().split('\n')).toEqual(said);
  });

  it('runs a fork in a thread of Node', () => {
    expect(JSON.parse(run(process.execPath, ['main.mjs'], app('node-script')))).toEqual(FOUND);
  });
});

/** Runs a program; what it said is in the error where it fails. */
function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args[0]}: ${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}
