import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readProgram } from '../../src/litmus/readProgram.ts';
import { checkOp } from '../../src/scenario/checkScenario.ts';
import { formatOp, OP_HELP, wordsAfter } from '../../src/scenario/notation.ts';
import { OPERATIONS } from '../../src/scenario/operations.ts';
import { parseScenarios } from '../../src/scenario/parseScenarios.ts';
import { runScenario } from '../../src/scenario/runScenario.ts';
import { ARENA_PAGES, type Op } from '../../src/scenario/scenario.ts';

const RECORDINGS = fileURLToPath(new URL('../../../../conformance/recordings/', import.meta.url));

/** All different operations of the recordings' inputs that an arena of 64 pages can hold. */
const ops: readonly Op[] = [
  ...new Map(
    ['kernels', 'kernels2'].flatMap((set) => {
      const file = `${set}/scenarios.jsonl.gz`;
      const lines = gunzipSync(readFileSync(RECORDINGS + file))
        .toString()
        .split('\n');
      return [...parseScenarios(lines, file)].flatMap(({ ops }) => ops.map((op) => [JSON.stringify(op), op] as const));
    }),
  ).values(),
].filter((op) => checkOp(op, ARENA_PAGES) === null);

/** An operation without what it may leave out: what is false, and what is the default. */
function bare(op: Op): Record<string, unknown> {
  const defaults: readonly unknown[] = [false, undefined, 'anon'];
  const named = Object.entries(op).filter(
    ([key, value]) => !defaults.includes(value) && !(key === 'pgoff' && value === 0),
  );
  return { ...(op.op === 'touch' ? { pages: 1 } : {}), ...Object.fromEntries(named) };
}

function read(text: string): { readonly ops: readonly Op[]; readonly problems: readonly string[] } {
  const { scenario, problems } = readProgram(text, 'x');
  return { ops: scenario.ops, problems: problems.map(({ line, column, message }) => `${line}:${column}: ${message}`) };
}

describe('the notation', () => {
  it('reads what it prints: every operation of the recordings, whole', () => {
    expect(ops.length).toBeGreaterThan(2000);
    // Those came after the recordings.
    const later = new Set(['truncate', 'punch', 'seal', 'process_madvise']);
    const recorded = Object.keys(OPERATIONS).filter((name) => !later.has(name));
    expect(new Set(ops.map(({ op }) => op))).toEqual(new Set(recorded));
    for (const op of ops) {
      const text = formatOp(op);
      const again = read(text);
      expect(again.problems, text).toEqual([]);
      expect(again.ops.map(bare), text).toEqual([bare(op)]);
      expect(again.ops.map(formatOp)).toEqual([text]);
    }
  });

  it.each<readonly [string, Op]>([
    [
      'mmap 2+4 r file0@2 shared',
      { op: 'mmap', page: 2, pages: 4, prot: 'r', backing: 'file0', pgoff: 2, shared: true },
    ],
    ['mmap +4 rw anywhere', { op: 'mmap', pages: 4, prot: 'rw', anywhere: true }],
    ['mmap +4 rw hint=-3', { op: 'mmap', pages: 4, prot: 'rw', hint: -3 }],
    ['mremap 8+4 -> 20', { op: 'mremap', page: 8, pages: 4, newPages: 4, newPage: 20 }],
    ['mremap 8+4 -> +8 mayMove', { op: 'mremap', page: 8, pages: 4, newPages: 8, mayMove: true }],
    ['mremap 8+4 -> 20+8', { op: 'mremap', page: 8, pages: 4, newPages: 8, newPage: 20 }],
    ['write 4', { op: 'touch', page: 4, pages: 1, access: 'write' }],
    ['read 4+8 stride=2', { op: 'touch', page: 4, pages: 8, stride: 2, access: 'read' }],
    ['madvise 6+2 GUARD_INSTALL', { op: 'madvise', page: 6, pages: 2, advice: 'GUARD_INSTALL' }],
    ['setname 4+8', { op: 'setname', page: 4, pages: 8 }],
    ['setname 4+8 a%20b%23%3b', { op: 'setname', page: 4, pages: 8, name: 'a b#;' }],
    ['setname 4+8 ""', { op: 'setname', page: 4, pages: 8, name: '' }],
    ['uffd_register 4+8 rwp uffd=1 rwp', { op: 'uffd_register', page: 4, pages: 8, mode: 'rwp', uffd: 1, rwp: true }],
    ['fork child parentExits', { op: 'fork', continueIn: 'child', parentExits: true }],
    ['brk 44 bytes=100', { op: 'brk', page: 44, bytes: 100 }],
    ['fill_maps -1', { op: 'fill_maps', slack: -1 }],
    [
      'process_madvise 4+2 9 COLD of=parent',
      {
        op: 'process_madvise',
        ranges: [
          [4, 2],
          [9, 1],
        ],
        advice: 'COLD',
        of: 'parent',
      },
    ],
    ['truncate file0 8', { op: 'truncate', file: 'file0', size: 8 }],
    ['seal memfd0', { op: 'seal', file: 'memfd0' }],
    ['seal memfd0 write', { op: 'seal', file: 'memfd0', by: 'write' }],
    [
      'mmap 4+2 r file0r@3 shared',
      { op: 'mmap', page: 4, pages: 2, prot: 'r', backing: 'file0r', pgoff: 3, shared: true },
    ],
    ['punch file0b 100+2', { op: 'punch', file: 'file0b', page: 100, pages: 2 }],
    ['fork as=kid', { op: 'fork', as: 'kid' }],
  ])('%s', (text, op) => {
    expect(read(text)).toEqual({ ops: [op], problems: [] });
    expect(formatOp(op)).toBe(text);
  });

  it.each([
    ['mmap 4', 'mmap 4+1 rw'],
    ['punch 100+2 file0', 'punch file0 100+2'],
    ['mmap 4+2 file1 r', 'mmap 4+2 r file1'],
    ['guard 6+2', 'madvise 6+2 GUARD_INSTALL'],
    ['madvise 6+2 MADV_FREE', 'madvise 6+2 FREE'],
    ['touch 4+2 write', 'write 4+2'],
    ['mremap 10+4->20', 'mremap 10+4 -> 20'],
    ['uffd_wp 4+2', 'uffd_wp 4+2 on'],
    ['clear_refs', 'clear_refs 4'],
    ['  munmap 4   # and why', 'munmap 4+1'],
    ['munmap 4; fork', 'munmap 4+1\nfork'],
  ])('%s is %s', (text, printed) => {
    const { ops, problems } = read(text);
    expect(problems).toEqual([]);
    expect(ops.map(formatOp).join('\n')).toBe(printed);
  });

  it.each([
    ['mmap 1+2 rw\n  mmap 1+2 rw sharde', '2:15: mmap does not take "sharde"; it is written "mmap 4+8 rw '],
    ['mprotct 4+2 r', '1:1: no operation "mprotct"; there are mmap, munmap,'],
    ['fork; munmap', '1:7: munmap needs "page"; it is written "munmap 6+2"'],
    ['mprotect 6+2', '1:10: mprotect needs "prot"; it is written "mprotect 6+2 r"'],
    ['mprotect 6+2 r w', '1:16: mprotect does not take "w"'],
    ['madvise 6+2 WONTNEED', '1:13: madvise does not take "WONTNEED"'],
    ['mmap 60+8 rw', "1:6: mmap of pages 60 to 67 reaches past the arena's 64 pages"],
    ['guard 64', '1:7: "page" of madvise must be a page of the arena, 0 to 63, not 64'],
    ['mmap 1+2 rw file9@2', '1:13: mmap does not take "file9@2"'],
    ['read 4 stride=0', '1:8: "stride" of touch must be a distance in pages from 1'],
    ['read 4 sprite=2', '1:8: read does not take "sprite=2"'],
    ['clear_refs 9', '1:12: "value" of clear_refs must be the number written to clear_refs from 1 to 5, not 9'],
    ['munmap 4+2 toString', '1:12: munmap does not take "toString"'],
    ['constructor 4+2', '1:1: no operation "constructor"'],
  ])('%s: says where it is wrong, and what would be right', (text, problem) => {
    expect(read(text).problems).toEqual([expect.stringContaining(problem)]);
  });

  it('has help for every operation, in a form that is read', () => {
    for (const [name, { form, says }] of OP_HELP) {
      expect(form.split(' ')[0]).toBe(name);
      expect(says).toMatch(/\.$/);
      expect(read(form.replace(/\[([^\]|]*)[^\]]*\]|\.\.\./g, '$1')).problems).toEqual([]);
    }
    for (const name of Object.keys(OPERATIONS)) expect(OP_HELP.has(name)).toBe(true);
  });

  it('offers the words that an operation takes', () => {
    expect(wordsAfter('uffd_register')).toEqual(expect.arrayContaining(['wp', 'wp+missing', 'eventFork', 'async']));
    expect(wordsAfter('fork')).toEqual(['child', 'as=', 'childLives', 'parentExits']);
    expect(wordsAfter('munmap')).toEqual([]);
    expect(wordsAfter('nothing')).toEqual([]);
  });

  it('does what the README says it does', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const example = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const { scenario, problems } = readProgram(example, 'readme');
    const said = [...example.matchAll(/# (\w+)$/gm)].map(([, result]) => result);
    expect(problems).toEqual([]);
    expect(said.length).toBeGreaterThan(3);
    expect(runScenario(scenario).map(({ res }) => res)).toEqual(said);
  });
});
