import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as core from 'vma-core';
import * as calls from 'vma-core/calls';
import * as changes from 'vma-core/changes';
import * as diagram from 'vma-core/diagram';
import * as profiles from 'vma-core/profiles';
import * as validate from 'vma-core/validate';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code as string);
const modules: Readonly<Record<string, object>> = {
  'vma-core': core,
  'vma-core/calls': calls,
  'vma-core/changes': changes,
  'vma-core/diagram': diagram,
  'vma-core/profiles': profiles,
  'vma-core/validate': validate,
};

/** Runs the lines of an example in order; gives each value that a comment promises, and the promise. */
function run(code: string): { line: string; value: unknown; promised: unknown }[] {
  const context = createContext({});
  const results: { line: string; value: unknown; promised: unknown }[] = [];
  for (const line of code.split('\n')) {
    const imported = /^import \{ (.*) \} from '(.*)';$/.exec(line);
    if (imported) {
      const from = modules[imported[2] as string] as Readonly<Record<string, unknown>>;
      for (const name of (imported[1] as string).split(', ')) {
        expect(Object.keys(from), line).toContain(name);
        context[name] = from[name];
      }
      continue;
    }
    const [statement, comment] = line.split(' // ') as [string, string | undefined];
    const value: unknown = runInContext(statement, context);
    if (comment !== undefined) results.push({ line, value, promised: runInContext(`(${comment})`, context) });
  }
  return results;
}

/** As plain data: objects of the example come from another realm. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe('the README', () => {
  it.each(blocks.map((code, i) => [i + 1, code] as const))('example %i does what its comments say', (_, code) => {
    const results = run(code);
    expect(results.length).toBeGreaterThan(1);
    for (const { line, value, promised } of results) expect([line, plain(value)]).toEqual([line, plain(promised)]);
  });

  it('has a runnable example in its first 20 lines', () => {
    expect(readme.split('\n').slice(0, 20).join('\n')).toMatch(/```ts\n.*```/s);
  });

  it('shows what drawState prints', () => {
    const { mm } = diagram.mmFromDiagram('AABC', { base: 0x10000, letters: { B: { flags: 'mr mw me' } } });
    const indented = diagram
      .drawState(mm)
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
    expect(readme).toContain(indented);
  });

  it('lists every rule that refuses, and no other', () => {
    const table = /\| rule .*?\n\n/s.exec(readme)?.[0] ?? '';
    const listed = [...table.matchAll(/^\| (.*?) +\|/gm)].flatMap(([, cell]) =>
      [...(cell as string).matchAll(/`(\w+)`/g)].map(([, rule]) => rule as string),
    );
    const source = readFileSync(new URL('../src/merge/mergeRefusal.ts', import.meta.url), 'utf8');
    const rules = [...source.matchAll(/^ {2}(\w+)\(/gm)].map(([, rule]) => rule as string);
    expect([...new Set(listed)].sort()).toEqual([...new Set(rules)].sort());
  });

  it('lists every entry, and no other', () => {
    const table = /\| import from .*?\n\n/s.exec(readme)?.[0] ?? '';
    const listed = [...table.matchAll(/^\| `vma-core(.*?)` /gm)].map(([, entry]) => `.${entry}`);
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      readonly exports: Readonly<Record<string, unknown>>;
    };
    expect(listed.sort()).toEqual(
      Object.keys(exports)
        .filter((entry) => entry !== './package.json')
        .sort(),
    );
  });

  it('names files that exist', () => {
    const table = /\| Read in this order .*?\n\n/s.exec(readme)?.[0] ?? '';
    let folder = '';
    for (const [, path] of table.matchAll(/`([\w/.]+)`/g)) {
      const full = (path as string).startsWith('src/') ? (path as string) : `${folder}/${path}`;
      folder = full.slice(0, full.lastIndexOf('/'));
      if (full.endsWith('.ts')) expect(() => readFileSync(new URL(`../${full}`, import.meta.url))).not.toThrow();
    }
  });
});
