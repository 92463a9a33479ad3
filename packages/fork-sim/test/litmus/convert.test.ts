import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallResult, Claim } from '../../src/litmus/claim.ts';
import { formatLitmus } from '../../src/litmus/formatLitmus.ts';
import { KERNEL_NAMES, type KernelSet } from '../../src/litmus/kernelSet.ts';
import type { LitmusLine } from '../../src/litmus/litmus.ts';
import { litmusOfScenario, scenarioOfLitmus } from '../../src/litmus/litmusScenario.ts';
import { parseLitmus, readLitmus } from '../../src/litmus/parseLitmus.ts';
import { parseScenarios } from '../../src/scenario/parseScenarios.ts';
import type { Op, Scenario } from '../../src/scenario/scenario.ts';

const RECORDINGS = fileURLToPath(new URL('../../../../conformance/recordings/', import.meta.url));

function recorded(file: string): readonly Scenario[] {
  return [
    ...parseScenarios(
      gunzipSync(readFileSync(RECORDINGS + file))
        .toString()
        .split('\n'),
      file,
    ),
  ];
}

const scenarios = ['kernels/scenarios.jsonl.gz', 'kernels2/scenarios.jsonl.gz'].flatMap(recorded);

/** An operation without fields that say what is so anyway. */
function bare(op: Op): Record<string, unknown> {
  const kept = Object.entries(op).filter(
    ([key, value]) => value !== false && value !== undefined && value !== 'anon' && !(key === 'pgoff' && value === 0),
  );
  return { ...(op.op === 'touch' ? { pages: 1 } : {}), ...Object.fromEntries(kept) };
}

const kernels = fc.record({
  not: fc.boolean(),
  ranges: fc.array(
    fc.tuple(fc.nat(KERNEL_NAMES.length - 1), fc.nat(KERNEL_NAMES.length - 1), fc.nat(2)).map(([a, b, open]) => ({
      from: open === 1 ? null : (KERNEL_NAMES[Math.min(a, b)] as string),
      to: open === 2 ? null : (KERNEL_NAMES[Math.max(a, b)] as string),
    })),
    { minLength: 1, maxLength: 3 },
  ),
}) satisfies fc.Arbitrary<KernelSet>;

const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one);
const letters = (from: string, min = 1): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...from.split('')), minLength: min, maxLength: 8 });
const page = fc.nat(63);
const ranges = fc.array(fc.record({ first: page, count: fc.integer({ min: 1, max: 9 }) }), { maxLength: 3 });
const vma = page.map(String);

const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({
    kind: fc.constant('map' as const),
    first: some(page),
    drawing: fc.subarray('AA.BBB.CD'.split('')).map((marks) => marks.join('') || '.'),
  }),
  fc.record({ kind: fc.constant('pages' as const), first: some(page), letters: letters('-.zaAfFSGW') }),
  fc.record({ kind: fc.constantFrom('guards', 'soft-dirty', 'write-protected'), ranges }) as fc.Arbitrary<Claim>,
  fc.record({
    kind: fc.constant('flags' as const),
    vma,
    how: fc.constantFrom('has', 'lacks', 'are'),
    flags: fc.array(
      letters('gusdrw', 2).map((word) => word.slice(0, 2)),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('vma' as const),
    vma,
    perms: fc.constantFrom('rw-p', '---s'),
    backing: fc.constant('file0'),
    pgoff: some(page),
  }),
  fc.record({ kind: fc.constant('vmas' as const), count: page }),
  fc.record({ kind: fc.constant('tables' as const), kb: page }),
);

const result: fc.Arbitrary<CallResult> = fc.record(
  {
    outcome: fc.constantFrom('ok', 'refused', 'ENOMEM', 'SIGSEGV'),
    at: fc.oneof(page, fc.constant('outside' as const)),
    faults: letters('.MPB'),
    reads: fc.array(fc.constantFrom('zero', 'written', 'file0', '65', 'nothing'), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['outcome'] },
);

const text = fc.string({ maxLength: 12 }).map((all) => all.replace(/[\n\r]/g, ' ').trim());

/** Lines that a file may have in any order below its first operation. */
const lines: fc.Arbitrary<readonly LitmusLine[]> = fc
  .record({
    title: text,
    source: text,
    body: fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('op' as const),
          op: fc.constantFrom(...scenarios.slice(0, 60).flatMap(({ ops }) => ops)).filter(({ op }) => op !== 'fork'),
          result: some(result),
          comment: some(text),
        }),
        fc.record({
          kind: fc.constant('claim' as const),
          kernels: some(kernels),
          when: fc.constantFrom('here', 'never', 'always'),
          process: fc.constantFrom(null, 'parent'),
          claim,
          comment: some(text),
        }),
        fc.constant({ kind: 'blank' as const }),
        text.map((words) => ({ kind: 'comment' as const, text: words })),
      ),
    ),
  })
  .map(({ title, source, body }) => [
    { kind: 'comment', text: title },
    { kind: 'header', name: 'source', value: source === '' ? 'x' : source },
    { kind: 'op', op: { op: 'mmap', page: 1, pages: 2, prot: 'rw' }, result: null, comment: null },
    ...body,
  ]);

/** The lines as reading gives them: the fields of an operation in the order of the notation. */
function plain(all: readonly LitmusLine[]): unknown {
  return JSON.parse(JSON.stringify(all), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'string'
      ? bare(value as Op)
      : value,
  );
}

describe('litmus files', () => {
  it('read what they print: any lines', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const printed = formatLitmus({ lines: all });
        const { litmus, problems } = readLitmus(printed);
        expect(problems).toEqual([]);
        expect(plain(litmus.lines)).toEqual(plain(all));
        expect(formatLitmus(litmus)).toBe(printed);
      }),
      { numRuns: 300 },
    );
  });

  it('hold every recorded scenario, and give it back', () => {
    const byName = (fields: object): [string, unknown][] => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = ({ ops, ...head }: Scenario): string =>
      JSON.stringify([byName(head), ops.map((op) => byName(bare(op)))]);
    for (const scenario of scenarios) {
      const { litmus } = parseLitmus(formatLitmus(litmusOfScenario(scenario)), scenario.id);
      const again = whole(scenarioOfLitmus(litmus, 'none'));
      // One expectation a scenario that differs: thousands that hold would take seconds.
      if (again !== whole(scenario)) expect(again).toBe(whole(scenario));
    }
    expect(scenarios.length).toBeGreaterThan(2300);
  });

  it.each<Partial<Scenario>>([
    { id: 'a b #1; %23', note: ' two\nlines \n', tags: ['a,b', ' c'] },
    { note: '' },
    {
      windows: [
        ['a "b"', 1, 2],
        ['', 5, 3],
      ],
      span: 100,
      reserve: true,
    },
    {
      ops: [
        { op: 'fork', as: 'kid' },
        { op: 'touch', page: 1, pages: 1, access: 'read', in: 'kid' },
      ],
    },
  ])('give back odd names and notes: %j', (part) => {
    const scenario: Scenario = { id: 'x', ops: [{ op: 'fork' }], ...part };
    const printed = formatLitmus(litmusOfScenario(scenario));
    expect(scenarioOfLitmus(parseLitmus(printed, 'x').litmus, 'none')).toEqual(scenario);
  });
});
