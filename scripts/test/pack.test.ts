import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { tempFolder } from '../tempFolder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8' });

/** Outside the repository, where Node cannot find the other packages. */
let folder = '';
let project = '';

beforeAll(() => {
  folder = tempFolder('vma-core-alone-');
  project = join(folder, 'project');
  mkdirSync(project);
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/vma-core'], root);
  run('npm', ['pack', '--silent', '--workspace', 'vma-core', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run('npm', ['install', '--silent', '--offline', '--no-audit', '--no-fund', join(folder, String(tarball))], project);
});

it('vma-core, packed and installed alone, brings nothing with it', () => {
  expect(readdirSync(join(project, 'node_modules')).filter((entry) => !entry.startsWith('.'))).toEqual(['vma-core']);
});

it('and imports in Node with everything its source exports', async () => {
  writeFileSync(
    join(project, 'main.js'),
    "import * as core from 'vma-core';\nconsole.log(JSON.stringify(Object.keys(core).sort()));\n",
  );
  const exported: unknown = JSON.parse(run(process.execPath, ['main.js'], project));
  expect(exported).toEqual(Object.keys(await import('vma-core')).sort());
});

it('and carries its licence, its sources and its types, but no build cache and no type tests', () => {
  const files = readdirSync(join(project, 'node_modules/vma-core'), { recursive: true }).map(String);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'src/index.ts', 'dist/index.d.ts']));
  expect(files.filter((file) => /tsbuildinfo|\.test-d\.|\.test\./.test(file))).toEqual([]);
});
