import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import * as forkSim from 'fork-sim';
import * as words from 'fork-sim/words';
import { expect, it } from 'vitest';
import * as vmaCore from 'vma-core';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const MODULES: Readonly<Record<string, object>> = { 'fork-sim': forkSim, 'fork-sim/words': words, 'vma-core': vmaCore };

/** Examples that need no worker: the one that does runs with the packed package (consumers/packed.test.ts). */
const examples = [...readme.matchAll(/```(?:js|ts)\n([\s\S]*?)```/g)]
  .map(([, code]) => code as string)
  .filter((code) => !code.includes('startForkSim'));

/** Runs an example; what it prints, line by line, and the values of its lines that promise one. */
function run(code: string): { readonly printed: unknown[]; readonly values: [line: string, value: unknown][] } {
  const printed: unknown[] = [];
  const values: [string, unknown][] = [];
  const names: Record<string, unknown> = { console: { log: (value: unknown) => printed.push(value) } };
  const body = code.split('\n').map((line) => {
    const [, imported, from] = /^import \{ (.*) \} from '(.*)';$/.exec(line) ?? [];
    if (imported === undefined) return /^\w.*; \/\/ /.test(line) ? line.replace(/^(.*); \/\/.*$/, 'keep($1);') : line;
    const module = MODULES[from!] as Readonly<Record<string, unknown>>;
    for (const name of imported.split(', ')) {
      expect(Object.keys(module), line).toContain(name);
      names[name] = module[name];
    }
    return '';
  });
  const promising = code.split('\n').filter((line) => /^\w.*; \/\/ /.test(line));
  names.keep = (value: unknown) => values.push([promising[values.length]!, value]);
  runInNewContext(body.join('\n'), names);
  return { printed, values };
}

it('has an example in this process, and one of words', () => {
  expect(examples.length).toBe(2);
});

it.each(examples)('does what the README says: %s', (code) => {
  const { printed, values } = run(code);
  const said = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
  expect(printed).toEqual(said);
  for (const [line, value] of values) expect(`'${String(value)}'`).toBe(line.replace(/^.*; \/\/ /, ''));
  expect(printed.length + values.length).toBeGreaterThan(1);
});
