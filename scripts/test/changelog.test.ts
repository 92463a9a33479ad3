import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = readdirSync(join(root, 'packages')).sort();
const workspaces = ['apps/docs', 'bench', 'conformance'];

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What the changesets say, package by package: each paragraph or point of a file. */
function saidOf(name: string): string[] {
  const folder = join(root, '.changeset');
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return files.flatMap((file) => {
    const [, head = '', body = ''] = readFileSync(join(folder, file), 'utf8').split(/^---$/m);
    return head.includes(`"${name}":`) ? body.split('\n').flatMap((line) => line.trim() || []) : [];
  });
}

const waiting = names.flatMap(saidOf).length;

// After a release there is nothing to write.
describe.skipIf(waiting === 0)('`changeset version`, in a clone', { timeout: 120_000 }, () => {
  let clone = '';
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: clone, encoding: 'utf8', stdio: 'pipe' });
  const manifest = (name: string): Manifest => JSON.parse(readFileSync(join(clone, name, 'package.json'), 'utf8'));

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'changelog-'));
    execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', root, clone]);
    run(
      'git',
      'sparse-checkout',
      'set',
      '--no-cone',
      'package.json',
      'package-lock.json',
      '/.changeset/',
      '/.gitattributes',
      '**/package.json',
    );
    run('git', 'checkout', '--quiet', '-B', 'main');
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    run(process.execPath, join(root, 'node_modules/@changesets/cli/bin.js'), 'version');
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  it('gives all packages one new version, and ranges that agree', () => {
    const versions = new Set(names.map((name) => manifest(`packages/${name}`).version));
    expect(versions.size).toBe(1);
    const [version] = versions;
    for (const name of [...workspaces, ...names.map((one) => `packages/${one}`)]) {
      const { dependencies = {}, devDependencies = {} } = manifest(name);
      const siblings = Object.entries({ ...dependencies, ...devDependencies }).filter(([one]) => names.includes(one));
      expect([name, siblings.filter(([, range]) => range !== `^${version}`)]).toEqual([name, []]);
    }
  });

  it.each(names)('the changelog of %s has every line as it was written', (name) => {
    const log = readFileSync(join(clone, 'packages', name, 'CHANGELOG.md'), 'utf8');
    expect(log).toMatch(
      new RegExp(`^# ${name}\n\n## ${manifest(`packages/${name}`).version.replaceAll('.', '\\.')}\n`),
    );
    const lines = log.split('\n').map((line) => line.trim().replace(/^- [0-9a-f]{7,}: /, ''));
    const said = saidOf(name);
    expect(said.filter((line) => !lines.includes(line))).toEqual([]);
  });
});
