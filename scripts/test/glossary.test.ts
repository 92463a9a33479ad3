// GLOSSARY.md: each word once, and each name "in code" is a name of the sources.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['vma-core', 'pt-model', 'proc-io', 'fork-sim', 'vma-check', 'vma-lab'].map(
  (name) => `packages/${name}/src`,
);

/** The rows below the headings: the word, and its names in code. */
const rows = readFileSync(join(root, 'GLOSSARY.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| word |'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, word = '', code = '']) => ({ word, names: [...code.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) }));

/** Every name, and every word of a text, that stands in the sources. */
function namesOfSources(): Set<string> {
  const names = new Set<string>();
  for (const folder of [...SOURCES, 'apps/docs/src']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file)) continue;
      const text = readFileSync(join(root, folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      for (const [name] of text.matchAll(/[\w$]+(?:-[\w$]+)*/g)) names.add(name);
    }
  }
  return names;
}

describe('GLOSSARY.md', () => {
  it('has each word once', () => {
    const words = rows.flatMap(({ word }) => word.split(/, /));
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });

  it('names only what the sources have', () => {
    const known = namesOfSources();
    const missing = rows.flatMap(({ names }) =>
      names.filter((name) =>
        name.includes('/')
          ? !existsSync(join(root, name))
          : [...name.matchAll(/[\w$]+(?:-[\w$]+)*/g)].some(([part]) => !known.has(part)),
      ),
    );
    expect(missing).toEqual([]);
  });
});
