import { describe, expect, it } from 'vitest';
import { checkCompilerSettings, checkManifest, checkSource, importsOf, PACKAGE_RULES } from '../importRules.mjs';

describe('importsOf', () => {
  it('finds every form of import, and none in comments or strings', () => {
    const text = [
      "import type { A } from 'a';",
      "export * from './b.ts';",
      "export { c } from './c.ts';",
      "const d = await import('d');",
      "type E = import('e').E;",
      "// import 'f'",
      'const g = "import \'g\'";',
      "import 'h';",
    ].join('\n');
    expect(importsOf('src/x.ts', text)).toEqual([
      { specifier: 'a', line: 1 },
      { specifier: './b.ts', line: 2 },
      { specifier: './c.ts', line: 3 },
      { specifier: 'd', line: 4 },
      { specifier: 'e', line: 5 },
      { specifier: 'h', line: 8 },
    ]);
  });

  it('refuses a source it cannot parse, naming the file', () => {
    expect(() => importsOf('src/x.ts', 'const = 1;')).toThrow(/^src\/x\.ts: /);
  });
});

describe('PACKAGE_RULES', () => {
  it('let no package reach itself, directly or through others', () => {
    const reach = (name: string): string[] =>
      (PACKAGE_RULES[name]?.siblings ?? []).flatMap((next) => [next, ...reach(next)]);
    for (const name of Object.keys(PACKAGE_RULES)) expect(reach(name)).not.toContain(name);
  });
});

describe('checkSource', () => {
  it.each([
    ['vma-core', 'src/a.ts', "import './b.ts';"],
    ['proc-io', 'src/a.ts', "import { VM_READ } from 'vma-core';"],
    ['fork-sim', 'src/node/a.ts', "import 'node:worker_threads';"],
    ['fork-sim', 'src/start.node.ts', "import 'comlink/dist/esm/node-adapter.mjs';"],
    ['vma-lab', 'src/a.ts', "import 'node:fs';"],
    ['fork-sim', 'test/mutant.test.ts', "import '../../vma-core/src/anonVma.ts';"],
    ['vma-core', 'test/a.test.ts', "import 'vitest'; import 'fast-check'; import 'node:fs'; import '../src/a.ts';"],
  ])('%s/%s may say %s', (name, file, text) => {
    expect(checkSource(name, file, text)).toEqual([]);
  });

  it.each([
    ['vma-core', 'src/a.ts', "import 'proc-io';", 'may import nothing'],
    ['pt-model', 'src/a.ts', "type T = import('vma-core').Vma;", 'may import nothing'],
    ['proc-io', 'src/a.ts', "export * from 'fork-sim';", 'may import vma-core'],
    ['proc-io', 'src/a.ts', "import 'node:fs';", 'a Node module'],
    ['proc-io', 'src/a.ts', "import 'fs';", 'may import vma-core'],
    ['vma-core', 'src/a.ts', "import 'fast-check';", 'may import nothing'],
    ['vma-core', 'src/a.ts', "import '../../pt-model/src/index.ts';", 'leaves the package'],
    ['fork-sim', 'src/a.ts', "import '../../vma-core/src/index.ts';", 'leaves the package'],
    ['vma-core', 'test/a.test.ts', "import '../../pt-model/src/index.ts';", 'leaves the package'],
    ['vma-core', 'src/a.ts', "import '../test/helper.ts';", 'leaves src'],
    ['vma-core', 'test/a.test.ts', "import 'fork-sim';", 'may import vma-core, vitest, fast-check'],
    ['fork-sim', 'src/a.ts', "import './start.node.ts';", 'an entry made for Node'],
    ['vma-core', 'src/a.ts', '/// <reference types="node" />', 'a reference directive'],
  ])('%s/%s may not say %s', (name, file, text, why) => {
    const faults = checkSource(name, file, text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${name}/${file}:1: `);
    expect(faults[0]).toContain(why);
  });
});

describe('checkManifest', () => {
  const versions = { 'vma-core': '0.1.0' };

  it('takes a sibling at the exact version here, and nothing else', () => {
    expect(checkManifest('proc-io', { dependencies: { 'vma-core': '0.1.0' } }, versions)).toEqual([]);
    expect(checkManifest('proc-io', { dependencies: { 'vma-core': '^0.1.0' } }, versions)).toHaveLength(1);
    expect(checkManifest('proc-io', { dependencies: { lodash: '4.0.0' } }, versions)).toHaveLength(1);
    expect(checkManifest('pt-model', { dependencies: { 'vma-core': '0.1.0' } }, versions)).toHaveLength(1);
  });

  it('refuses a package without a rule', () => {
    expect(checkManifest('new-package', {}, versions)).toHaveLength(1);
  });
});

describe('checkCompilerSettings', () => {
  it('keeps the types of a platform out of the engine, and lets the command line have them', () => {
    expect(checkCompilerSettings('vma-core', { compilerOptions: { lib: ['ES2023'] } })).toEqual([]);
    expect(checkCompilerSettings('vma-core', { compilerOptions: { lib: ['ES2023', 'DOM'] } })).toHaveLength(1);
    expect(checkCompilerSettings('fork-sim', { compilerOptions: { types: ['node'] } })).toHaveLength(1);
    expect(checkCompilerSettings('vma-lab', { compilerOptions: { types: ['node'] } })).toEqual([]);
  });
});
