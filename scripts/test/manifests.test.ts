import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const names = readdirSync(packages).sort();
const read = (path: string): unknown => JSON.parse(readFileSync(`${packages}${path}`, 'utf8'));

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
const manifest = (name: string): Manifest => read(`${name}/package.json`) as Manifest;

interface CompilerSettings {
  readonly compilerOptions: { readonly types?: readonly string[]; readonly lib?: readonly string[] };
}

it.each(names)('%s takes its siblings at the exact version here', (name) => {
  const { dependencies = {} } = manifest(name);
  const siblings = Object.keys(dependencies).filter((dependency) => names.includes(dependency));
  for (const sibling of siblings)
    expect([sibling, dependencies[sibling]]).toEqual([sibling, manifest(sibling).version]);
  expect(siblings).not.toContain(name);
});

// So the compiler itself refuses `document`, `process` and `setTimeout` there.
it.each([
  '../tsconfig.base.json',
  ...names.filter((name) => name !== 'vma-lab').map((name) => `${name}/tsconfig.json`),
])('%s brings in the types of no platform', (file) => {
  const { types = [], lib = [] } = (read(file) as CompilerSettings).compilerOptions;
  expect([...types, ...lib.filter((entry) => !/^es/i.test(entry))]).toEqual([]);
});
