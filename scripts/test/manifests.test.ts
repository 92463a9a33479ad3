import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const names = readdirSync(packages).sort();
const read = (path: string): unknown => JSON.parse(readFileSync(`${packages}${path}`, 'utf8'));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly homepage: string;
  readonly repository: { readonly type: string; readonly url: string; readonly directory: string };
  readonly bugs: string;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}
const manifest = (name: string): Manifest => read(`${name}/package.json`) as Manifest;

interface CompilerSettings {
  readonly compilerOptions: { readonly types?: readonly string[]; readonly lib?: readonly string[] };
}

// A range, so that a repair of one package does not leave its users with two copies of it.
it.each(names)('%s takes its siblings from the version here on', (name) => {
  const { dependencies = {} } = manifest(name);
  const siblings = Object.keys(dependencies).filter((dependency) => names.includes(dependency));
  for (const sibling of siblings)
    expect([sibling, dependencies[sibling]]).toEqual([sibling, `^${manifest(sibling).version}`]);
  expect(siblings).not.toContain(name);
});

it('all packages have one version, and are released together', () => {
  expect(new Set(names.map((name) => manifest(name).version)).size).toBe(1);
  const { fixed } = read('../.changeset/config.json') as { fixed: readonly (readonly string[])[] };
  expect(fixed.map((group) => [...group].sort())).toEqual([names]);
});

it.each(names)('%s says who, where, for which Node, and packs its changelog', (name) => {
  const home = 'https://github.com/vma-lab/vma-lab';
  const own = manifest(name);
  expect(own).toMatchObject({
    name,
    license: 'MIT',
    homepage: `${home}/tree/main/packages/${name}#readme`,
    repository: { type: 'git', url: `git+${home}.git`, directory: `packages/${name}` },
    bugs: `${home}/issues`,
    engines: { node: (read('../package.json') as Manifest).engines.node },
  });
  expect(own.description).toMatch(/^[A-Z].*\.$/);
  expect(own.keywords.length).toBeGreaterThan(4);
  expect(own.files).toContain('CHANGELOG.md');
  expect(own.scripts).toMatchObject({ prepack: 'node ../../scripts/prepack.mjs' });
  expect(own.scripts.test).toContain(`packages/${name}/`);
});

// So the compiler itself refuses `document`, `process` and `setTimeout` there.
it.each([
  '../tsconfig.base.json',
  ...names.filter((name) => name !== 'vma-lab').map((name) => `${name}/tsconfig.json`),
])('%s brings in the types of no platform', (file) => {
  const { types = [], lib = [] } = (read(file) as CompilerSettings).compilerOptions;
  expect([...types, ...lib.filter((entry) => !/^es/i.test(entry))]).toEqual([]);
});
