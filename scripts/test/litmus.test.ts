import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatLitmus, judgeLitmus, KERNEL_NAMES, LITMUS_TOKENS, litmusTextMate, parseLitmus } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { fillLitmus } from '../litmus/fillLitmus.mjs';
import { libraryTable, readConfirmed, readLibrary } from '../litmus/libraryTable.mjs';
import { seedDrafts } from '../litmus/seedFamilies.mjs';

const FOLDER = fileURLToPath(new URL('../../litmus', import.meta.url));
const library = readLibrary(FOLDER);

describe('the library of litmus tests', () => {
  it('has at least 80 files, each with a title and a source of its own', () => {
    expect(library.length).toBeGreaterThanOrEqual(80);
    const titles = library.map(({ test }) => test.title);
    expect(titles).not.toContain('');
    expect(new Set(titles).size).toBe(titles.length);
    expect(library.filter(({ test }) => test.source === null).map(({ name }) => name)).toEqual([]);
    expect(library.filter(({ name }) => !/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('holds on every profile', () => {
    const failures = library.flatMap(({ name, test }) =>
      KERNEL_NAMES.flatMap((kernel) =>
        judgeLitmus(test, kernel).failures.map(({ line, found }) => `${name}:${line} on ${kernel}: ${found}`),
      ),
    );
    expect(failures).toEqual([]);
  });

  it('claims something in every file, of the current kernel too', () => {
    const silent = library.filter(({ test }) => judgeLitmus(test, '6.19').claims === 0);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('is in its canonical form', () => {
    for (const { name, text } of library) expect(formatLitmus(parseLitmus(text, name).litmus), name).toBe(text);
  });

  it('has the permutations of the seed as the script writes them', () => {
    for (const [name, draft] of seedDrafts()) {
      expect(library.find((file) => file.name === name)?.text, name).toBe(fillLitmus(draft, name));
    }
  });

  it('has a table that is true', () => {
    expect(readFileSync(`${FOLDER}/README.md`, 'utf8')).toBe(libraryTable(library, readConfirmed(FOLDER)));
  });
});

describe('the TextMate grammar', () => {
  it('is the one that the table of words gives', () => {
    expect(JSON.parse(readFileSync(`${FOLDER}/litmus.tmLanguage.json`, 'utf8'))).toEqual(litmusTextMate());
  });

  it('knows every word of the library', () => {
    const kinds = LITMUS_TOKENS.map(({ kind, pattern, first }) => ({ kind, first, form: new RegExp(pattern, 'y') }));
    for (const { name, text } of library) {
      for (const line of text.split('\n')) {
        const seen: string[] = [];
        for (let at = 0; at < line.length; ) {
          const token = kinds.find(({ form, first }) => {
            form.lastIndex = at;
            return (!first || at === 0) && form.test(line);
          });
          seen.push(token?.kind ?? line[at]!);
          at = token === undefined ? at + 1 : token.form.lastIndex;
        }
        if (seen[0] === 'header' || seen[0] === 'comment') continue;
        const operation = /^(?:\w+: )?(mmap|read|guard|fork)\b/.test(line);
        if (operation) expect(seen, `${name}: ${line}`).toContain('operation');
        if (line.startsWith('[')) expect(seen[0], `${name}: ${line}`).toBe('kernels');
        if (/ => /.test(line)) expect(seen, `${name}: ${line}`).toContain('result');
      }
    }
  });
});

describe('filling in a draft', () => {
  it('asks every profile', () => {
    const draft = 'mmap 4+2 rw\nguard 4 => ?\nmap ?\nguards ?\nread 4+2 => ? reads\nflags 4 ? gu\n';
    expect(fillLitmus(draft, 'draft').split('\n')).toEqual([
      'mmap 4+2 rw',
      'guard 4 => ok',
      '[to 6.12]: guard 4 => EINVAL',
      'map ....AA',
      'guards 4',
      '[to 6.12]: guards none',
      'read 4+2 => SIGSEGV reads nothing zero',
      '[to 6.12]: read 4+2 => ok reads zero',
      'flags 4 has gu',
      '[to 6.18]: flags 4 lacks gu',
      '',
    ]);
  });
});
