import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type EventView,
  type Op,
  pageState,
  parseScenarios,
  runScenario,
  type Scenario,
  type Trace,
  traceScenario,
} from '../../src/index.ts';

function recorded(set: string): readonly Scenario[] {
  const path = fileURLToPath(new URL(`../../../../conformance/recordings/${set}/scenarios.jsonl.gz`, import.meta.url));
  return [...parseScenarios(gunzipSync(readFileSync(path)).toString('utf8').split('\n'), set)];
}

const trace = (ops: readonly Op[], profile = '6.19'): Trace => traceScenario({ id: 'x', ops }, { profile });
const eventsOf = (ops: readonly Op[], profile?: string): readonly EventView[] =>
  trace(ops, profile).steps.at(-1)?.events ?? [];
const mmap = (page: number, pages: number, more: object = {}): Op => ({ op: 'mmap', page, pages, prot: 'rw', ...more });
const guard = (page: number): Op => ({ op: 'madvise', page, pages: 1, advice: 'GUARD_INSTALL' });

describe('a trace', () => {
  it.each(['kernels', 'kernels2'])(
    'of the recorded scenarios (%s) has the records of a run without a watcher',
    (set) => {
      let steps = 0;
      for (const scenario of recorded(set).filter((_, at) => at % 40 === 0)) {
        const options = { profile: '6.19', softDirty: true, faultAroundPages: 1, format: 2 as const };
        const traced = traceScenario(scenario, options);
        expect(traced.steps.map(({ record }) => record)).toEqual(runScenario(scenario, options));
        steps += traced.steps.length;
        for (const { state, child } of traced.steps) {
          for (const one of child === null ? [state] : [state, child]) {
            const below = one.tables.filter(({ level }) => level !== 'pgd');
            expect(below.length * 4).toBe(one.tablesKb);
            const written = one.pages.map(({ letters }) => letters.replace(/[ .]/g, '')).join('');
            expect(one.ptes.map(({ letter }) => letter).join('')).toBe(written);
          }
        }
      }
      expect(steps).toBeGreaterThan(100);
    },
  );

  it('begins with nothing, and each step begins where the one before ended', () => {
    const { steps } = trace([mmap(4, 4), guard(5), mmap(10, 2)]);
    expect(steps[0]?.before).toMatchObject({ vmas: [], tablesKb: 0, tables: [{ level: 'pgd', entries: 0 }] });
    expect(steps[1]?.before).toBe(steps[0]?.state);
    expect(steps.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('looks at windows of a large arena without laying it out', () => {
    const far = 134_000_000;
    const scenario: Scenario = {
      id: 'far',
      span: 134_221_824,
      windows: [
        ['near', 0, 4],
        ['far', far, 4],
      ],
      ops: [mmap(far, 4), { op: 'touch', page: far + 1, access: 'write' }],
    };
    const state = traceScenario(scenario, { profile: '6.19' }).steps[1]?.state;
    if (!state) throw new Error('two steps');
    expect(state.pages).toEqual([
      { name: 'near', first: 0, letters: '    ' },
      { name: 'far', first: far, letters: '.A..' },
    ]);
    expect([far, far + 1, far + 4, 77].map((page) => pageState(state, page))).toEqual(['.', 'A', ' ', ' ']);
  });
});

describe('events', () => {
  it('a merge: the range that asked, who grew from what to what, who is gone, and which flags stuck', () => {
    const ops = [mmap(4, 4), guard(5), mmap(10, 2), mmap(8, 2)];
    const plain = ['rd', 'wr', 'mr', 'mw', 'me', 'ac'];
    const guarded = ['rd', 'wr', 'mr', 'mw', 'me', 'gu', 'ac'];
    expect(eventsOf(ops)).toEqual([
      {
        kind: 'merged',
        of: 'new',
        into: 'both',
        range: { start: 8, end: 10, flags: plain },
        target: { letter: 'A', start: 4, end: 8, flags: guarded },
        result: { letter: 'A', start: 4, end: 12, flags: guarded },
        removed: [{ letter: 'B', start: 10, end: 12, flags: plain }],
        stuck: ['gu'],
      },
    ]);
  });

  it('nothing sticks where every part had the flag', () => {
    const part = (page: number, prot: string): Op =>
      mmap(page, 2, { backing: 'file0', pgoff: page, shared: true, prot });
    const ops = [part(4, 'r'), guard(4), part(6, 'rw'), { op: 'mprotect', page: 6, pages: 2, prot: 'r' } as const];
    expect(eventsOf(ops)).toMatchObject([{ kind: 'merged', of: 'existing', into: 'prev', stuck: ['gu'] }]);
    const both = [...ops.slice(0, 3), guard(7), ...ops.slice(3)];
    expect(eventsOf(both)).toMatchObject([{ kind: 'merged', of: 'existing', into: 'prev', stuck: [] }]);
  });

  it('each neighbour that refused, with the rule and its two values', () => {
    const ops = [mmap(4, 2, { backing: 'file0' }), mmap(8, 2, { prot: 'r' }), mmap(6, 2)];
    expect(eventsOf(ops)).toMatchObject([
      { kind: 'refused', side: 'prev', neighbour: { letter: 'A', start: 4, end: 6 }, refusal: { rule: 'vmFile' } },
      { kind: 'refused', side: 'next', neighbour: { letter: 'B', start: 8, end: 10 }, refusal: { rule: 'vmFlags' } },
    ]);
  });

  it('the very first call is watched too', () => {
    const scenario: Scenario = { id: 'full', reserve: true, windows: [['w', 0, 8]], ops: [mmap(0, 2)] };
    const [step] = traceScenario(scenario, { profile: '6.19' }).steps;
    expect(step?.events).toMatchObject([{ kind: 'refused', side: 'prev', range: { start: 0, end: 2 } }]);
  });

  it('a split: the lower half keeps the letter', () => {
    const ops: Op[] = [mmap(4, 6), { op: 'munmap', page: 6, pages: 2 }];
    expect(eventsOf(ops)).toMatchObject([
      { kind: 'split', below: { letter: 'A', start: 4, end: 6 }, above: { start: 6, end: 10 } },
      { kind: 'split' },
    ]);
    const { state } = trace(ops).steps[1] ?? {};
    expect(state?.vmas.map(({ letter, start }) => [letter, start])).toEqual([
      ['A', 4],
      ['C', 8],
    ]);
  });
});

describe('a fork', () => {
  const ops: readonly Op[] = [
    mmap(4, 4),
    { op: 'touch', page: 4, pages: 2, access: 'write' },
    mmap(20, 4, { backing: 'file0', shared: true }),
    { op: 'fork', continueIn: 'child' },
    mmap(8, 2),
  ];
  const { steps } = trace(ops);

  it('says what became of each VMA, and shows the child, whose VMAs have the letters of the parent', () => {
    const step = steps[3];
    expect(step?.decisions).toEqual([
      { letter: 'A', start: 4, end: 8, action: 'copy', rule: 'anonVma', flags: [], ptes: 2, tables: 3 },
      { letter: 'B', start: 20, end: 24, action: 'refault', rule: 'refault', flags: [], ptes: 0, tables: 0 },
    ]);
    expect(step?.child?.vmas.map(({ letter, chain }) => [letter, chain])).toEqual([
      ['A', 2],
      ['B', 0],
    ]);
  });

  it('shows that both map the same frames, write-protected', () => {
    const { state, child } = steps[3] ?? {};
    expect(state?.ptes.map(({ frame, mapcount, write }) => [frame, mapcount, write])).toEqual(
      child?.ptes.map(({ frame }) => [frame, 2, false]),
    );
    expect(state?.ptes).toHaveLength(2);
  });

  it('goes on in the child', () => {
    expect(steps[4]?.before).toBe(steps[3]?.child);
    expect(steps[4]?.events).toMatchObject([{ kind: 'refused', refusal: { rule: 'forkChild' } }]);
    expect(steps[4]?.state.pid).toBe(steps[3]?.child?.pid);
  });

  it('is traced as the first operation too', () => {
    expect(trace([{ op: 'fork' }]).steps[0]?.child).toMatchObject({ vmas: [] });
  });
});
