import { type EventView, OP_HELP } from 'fork-sim';
import { refusalValues } from 'fork-sim/words';
import { describe, expect, it } from 'vitest';
import { argumentAt, CALL_HELP, signature } from '../../src/components/playground/editor/callHelp.ts';
import { EXAMPLES } from '../../src/content/examples.ts';
import { traceLines } from '../../src/engine.ts';
import { programOf, stepOfLine } from '../../src/link/program.ts';
import { attemptsOf, caseName, lostFlags } from '../../src/picture/attempts.ts';
import { differ } from '../../src/picture/differ.ts';
import { entrySentence, walkTo } from '../../src/picture/pageTree.ts';

const last = (lines: string, profile = '6.19') => {
  const step = traceLines('x', lines, { profile }).steps.at(-1);
  if (!step) throw new Error('no step');
  return step;
};

describe('the questions that a step asked of the merge rules', () => {
  it('each range is one question, with the answers of both sides', () => {
    const attempts = attemptsOf(last('mmap 4+4 rw; write 4+4; mmap 12+4 rw; write 12+4; mmap 8+4 rw'));
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ prev: null, next: { neighbour: { letter: 'B' } }, merged: { into: 'prev' } });
  });

  it('a call over several VMAs asks once for each', () => {
    const attempts = attemptsOf(last('mmap 4+2 r; mmap 6+2 rw; mmap 8+2 none; mprotect 4+6 r'));
    expect(attempts.map(({ range }) => [range.start, range.end])).toEqual([
      [6, 8],
      [8, 10],
    ]);
  });

  it.each([
    ['mmap 4+2 r; mmap 6+2 r', 'left: prev grows'],
    ['mmap 6+2 r; mmap 4+2 r', 'right: next grows downwards'],
    ['mmap 4+2 r; mmap 8+2 r; mmap 6+2 r', 'both: prev grows over all, next is removed'],
    ['mmap 4+2 r; mmap 6+4 rw; mprotect 6+2 r', 'left, partial span: prev grows, middle shrinks'],
    ['mmap 4+2 r; mmap 6+4 rw; mprotect 6+4 r', 'left, full span: prev grows, middle is removed'],
    ['mmap 4+4 rw; mmap 8+2 r; mprotect 6+2 r', 'right, partial span: next grows downwards, middle shrinks'],
    ['mmap 4+2 r; mmap 6+2 rw; mmap 8+2 r; mprotect 6+2 r', 'both: prev spans all, middle and next are removed'],
  ])('%s is "%s"', (lines, name) => {
    const merged = last(lines).events.find((event) => event.kind === 'merged');
    expect(merged && caseName(merged)).toBe(name);
  });

  it.each([
    ['as-posted', ['gu']],
    ['6.19', []],
  ])('on %s the merge of mprotect loses %j again', (profile, lost) => {
    const lines = 'mmap 2+4 r file0@2 shared; guard 4; mmap 6+4 rw file0@6 shared; mprotect 6+4 r';
    const step = last(lines, profile);
    const merged = step.events.find((event) => event.kind === 'merged');
    expect(merged && lostFlags(merged, step.state)).toEqual(lost);
  });
});

describe('the two values of a refusal', () => {
  const values = (lines: string, profile?: string) =>
    last(lines, profile)
      .events.filter((event): event is Extract<EventView, { kind: 'refused' }> => event.kind === 'refused')
      .map(({ refusal }) => refusalValues(refusal));

  it.each([
    ['mmap 4+2 r; mmap 6+2 rw', { what: 'flags', differ: ['wr', 'ac'] }],
    ['mmap 4+2 r file0@4; mmap 6+2 r file0@9', { what: 'offset, in pages', range: '7 needed', neighbour: '4' }],
    ['mmap 4+2 r file0@4; mmap 6+2 r file0b@6', { what: 'open file', range: 'file 3', neighbour: 'file 1' }],
    [
      'mmap 4+2 rw; write 4; fork child; mmap 6+2 rw',
      { what: 'anon_vma', range: 'none', neighbour: 'av2, chain of 2' },
    ],
  ])('%s', (lines, wanted) => {
    expect(values(lines)).toMatchObject([wanted]);
  });
});

describe('the walk through the page tables', () => {
  it('ends where a table is missing, and says what the entry is where none is', () => {
    const { state } = last('mmap 4+4 rw; write 5; read 6; guard 7');
    expect(walkTo(state, 5).map(({ name, index, table }) => [name, index, table?.entries])).toEqual([
      ['PGD', 64, 1],
      ['PUD', 0, 1],
      ['PMD', 0, 1],
      ['PTE', 5, 3],
    ]);
    expect([4, 5, 6, 7, 30].map((page) => entrySentence(state, page))).toEqual([
      'Page 4, in A: the entry is empty. An access faults, and the kernel decides what to map.',
      expect.stringMatching(/^Page 5, in A: frame \d+, writable, dirty, .*mapped once\.$/),
      'Page 6, in A: the zero page, read-only; the first write gives it memory of its own.',
      'Page 7, in A: a guard marker. Any access is a SIGSEGV; no memory is used for the page.',
      'Page 30, which no VMA holds: the entry is empty. An access is a SIGSEGV.',
    ]);
    expect(walkTo(last('mmap 4+4 rw').state, 5).map(({ table }) => table === null)).toEqual([false, true, true, true]);
  });
});

describe('what differs between two kernels', () => {
  it('is the VMAs and pages that a reader of /proc could tell apart', () => {
    const lines = 'mmap 2+4 r file0@2 shared; guard 4; mmap 6+4 rw file0@6 shared; mprotect 6+4 r';
    const [a, b] = ['as-posted', '6.19'].map((profile) => last(lines, profile).state);
    if (!a || !b) throw new Error('two kernels');
    expect([...differ(a, b).letters]).toEqual(['A']);
    expect(differ(a, b).pages).toEqual([]);
    expect(differ(a, a)).toEqual({ letters: new Set(), pages: [] });
    const old = last('mmap 2+4 rw; guard 3', '6.12').state;
    expect(differ(last('mmap 2+4 rw; guard 3').state, old).pages).toEqual([3]);
  });
});

describe("the editor's help", () => {
  it('every operation that it explains is one, and every sample call is one', () => {
    for (const [name, { form }] of OP_HELP) {
      expect(form.startsWith(name)).toBe(true);
      expect(programOf(name).problems[0]?.message ?? '').not.toContain('no operation');
    }
    for (const { sample } of CALL_HELP) {
      const { problems, scenario } = programOf(sample);
      expect(problems).toEqual([]);
      expect(scenario.ops).toHaveLength(1);
    }
  });

  it('knows which argument the cursor is in', () => {
    const line = 'mprotect(0x200000004000, 4096, PROT_NONE) = 0';
    const at = (text: string) => argumentAt(line, line.indexOf(text) + 1)?.argument ?? null;
    expect([at('mprotect'), at('0x2000'), at('4096'), at('PROT'), at('= 0')]).toEqual([null, 0, 1, 2, null]);
    const call = CALL_HELP.find(({ name }) => name === 'mprotect');
    expect(call && signature(call, 2)).toBe('mprotect(addr, length, «prot»)');
  });

  it('half a call is a line with a problem, never an exception', () => {
    const line = 'mmap(0x200000004000, 32768, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0';
    for (let length = 1; length < line.length; length++) {
      const { scenario, problems } = programOf(line.slice(0, length));
      expect(scenario.ops.length + problems.length).toBe(1);
    }
  });

  it('the step of a line is the last one that stands in it or above', () => {
    const program = programOf('# nothing\nmmap 1+1 r; mmap 2+1 r\n\nguard 1');
    expect([1, 2, 3, 4].map((line) => stepOfLine(program, line))).toEqual([0, 1, 1, 2]);
  });
});

describe('the ready examples', () => {
  it('are a dozen or more, each with one sentence, the real problems of real programs among them', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(12);
    for (const { note } of EXAMPLES) expect(note).toMatch(/^[^.]+(\.\d[^.]*)*\.$/);
    const notes = EXAMPLES.map(({ note }) => note).join(' ');
    for (const who of [
      'ClickHouse',
      'JVM',
      'Wasmtime',
      'jemalloc',
      'Emacs/MPS',
      'gVisor',
      'linux-mm',
      'CRIU',
      'Redis',
      'guard in a file mapping',
    ]) {
      expect(notes).toContain(who);
    }
  });
});
