import { type Op, recordedKernel, runScenario, type Scenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { transitionsOf } from 'vma-check';
import { chooseKernelProfile, type ProfileChoice } from 'vma-core';
import { FLAVOUR_NAMES, generateScenario } from '../fuzz/generate.mjs';
import { compileProber, ProberError, type ProbeScenario, probeHeader, runOnKernel } from '../prober/kernelProber.mjs';
import { drawDifference } from './support/drawDifference.ts';

// What no recording judges, asked of the kernel that these tests run on; and random scenarios, other ones in every run.
// Where that cannot be (no root, no compiler, a kernel that was not recorded), nothing is compared, and the test says so.

const map = (page: number, pages: number, more: object = {}): Op => ({ op: 'mmap', page, pages, prot: 'rw', ...more });
const LIMIT: readonly Scenario[] = [
  {
    id: 'max_map_count: a new mapping at the limit, and one above it',
    ops: [{ op: 'fill_maps', slack: 0 }, map(10, 2), map(20, 2), map(12, 2)],
  },
  {
    id: 'max_map_count: mprotect of a middle leaves its first split',
    ops: [map(10, 6), { op: 'fill_maps', slack: 1 }, { op: 'mprotect', page: 12, pages: 2, prot: 'r' }],
  },
  {
    id: 'max_map_count: a madvise that cannot split says EAGAIN',
    ops: [map(10, 6), { op: 'fill_maps', slack: 0 }, { op: 'madvise', page: 12, pages: 2, advice: 'RANDOM' }],
  },
  {
    id: 'max_map_count: munmap at an edge and in the middle',
    ops: [
      map(10, 6),
      { op: 'fill_maps', slack: 0 },
      { op: 'munmap', page: 15, pages: 1 },
      { op: 'munmap', page: 12, pages: 1 },
    ],
  },
  {
    id: 'max_map_count: a move needs room',
    ops: [map(10, 6), { op: 'fill_maps', slack: 5 }, { op: 'mremap', page: 10, pages: 6, newPages: 6, newPage: 30 }],
  },
];
const UNRECORDED: readonly Scenario[] = [
  {
    id: 'close hook: a merge of both SysV neighbours is none, for it would remove one',
    ops: [
      map(10, 6, { backing: 'sysv', shared: true }),
      { op: 'mprotect', page: 12, pages: 2, prot: 'r' },
      { op: 'mprotect', page: 12, pages: 2, prot: 'rw' },
    ],
  },
  {
    id: "anon_vma reuse: the next VMA's comes before the previous one's",
    ops: [
      map(10, 2),
      map(12, 2, { prot: 'rwx' }),
      map(14, 2),
      { op: 'touch', page: 10, access: 'write' },
      { op: 'touch', page: 14, access: 'write' },
      { op: 'touch', page: 12, access: 'write' },
      { op: 'mprotect', page: 12, pages: 2, prot: 'rw' },
    ],
  },
  {
    id: 'mremap: DONTUNMAP of a locked range',
    ops: [
      map(10, 4, { locked: true }),
      { op: 'mremap', page: 10, pages: 2, newPages: 2, newPage: 20, dontUnmap: true },
    ],
  },
  {
    id: 'mremap: a locked range moves and grows',
    ops: [map(10, 4, { locked: true }), { op: 'mremap', page: 10, pages: 4, newPages: 8, newPage: 20 }],
  },
  {
    id: 'mremap: MAYMOVE without an address',
    reserve: true,
    ops: [
      map(10, 4),
      map(14, 1, { prot: 'r' }),
      { op: 'touch', page: 11, access: 'write' },
      { op: 'mremap', page: 10, pages: 4, newPages: 8, mayMove: true },
    ],
  },
];
const SEED = Number(process.env.VMA_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
const SHUFFLED = FLAVOUR_NAMES.filter((name) => name !== 'limit' && name !== 'uffdguard');

/** What must be allowed for a comparison to mean anything; a container may forbid some of it. */
const NEEDED: Scenario = {
  id: 'needed',
  ops: [
    map(10, 2, { backing: 'sysv', shared: true }),
    map(20, 2),
    { op: 'uffd_register', page: 20, pages: 2, mode: 'wp' },
    { op: 'mlock', page: 10, pages: 1 },
    { op: 'set_brk', page: 40 },
    { op: 'brk', page: 42 },
    { op: 'fork' },
  ],
};

interface Ground {
  readonly program: string;
  readonly header: ReturnType<typeof probeHeader>;
  readonly choice: ProfileChoice;
}

/** What is needed to compare, or why it is not there. */
function findGround(): Ground | string {
  try {
    const program = compileProber();
    const header = probeHeader(program, 2);
    const choice = chooseKernelProfile(recordedKernel(header));
    if (!choice.measured) return choice.note;
    const [tried] = runOnKernel(program, [NEEDED as unknown as ProbeScenario], { format: 2 });
    const refused = tried?.steps.find(({ res }) => res !== 'ok');
    return refused === undefined ? { program, header, choice } : `${refused.op.op} is refused here: ${refused.res}`;
  } catch (error) {
    if (error instanceof ProberError) return error.message;
    throw error;
  }
}

function sayWhyNot(reason: string): void {
  it(`is NOT COMPARED: ${reason}`, () => {
    console.warn(`running kernel: not compared, and nothing is claimed about it: ${reason}`);
    expect(reason).not.toBe('');
  });
}

function compareAll({ program, header, choice }: Ground): void {
  const { kernel: profile, softDirty, faultAroundPages, format } = header;
  const options = { profile, softDirty, faultAroundPages, format };
  /** Asks kernel and model; the first difference, drawn. */
  function compare(scenarios: readonly Scenario[]): (string | null)[] {
    const records = [...runOnKernel(program, scenarios as unknown as readonly ProbeScenario[], { format: 2 })];
    return scenarios.map((scenario, i) => {
      const recorded = records[i]?.steps as unknown as ReturnType<typeof runScenario>;
      const difference = drawDifference(recorded, runScenario(scenario, options));
      return difference === null ? null : `${scenario.id}\n${difference}`;
    });
  }

  it(`is compared: ${choice.note}`, () => {
    console.info(`running kernel: ${header.kernel}, compared with profile ${choice.profile.name}`);
    expect(choice.measured).toBe(true);
  });

  it.each([...LIMIT, ...UNRECORDED])('$id', (scenario) => {
    expect(compare([scenario])).toEqual([null]);
  });

  // check-running.mjs does larger spaces.
  it('every call in every state that two calls lead to, over two pages', () => {
    const ops = ['fileRw', 'protR', 'GUARD_INSTALL', 'write', 'move', 'fork'] as const;
    const all = transitionsOf(choice.profile, { ops, pages: 2, depth: 3, softDirty });
    const scenarios = Array.from(all, (calls, at) => ({ id: `sequence ${at}`, ops: calls }));
    expect(scenarios.length).toBeGreaterThan(250);
    for (const difference of compare(scenarios)) expect(difference).toBeNull();
  });

  it.each(SHUFFLED)(`random scenarios from seed ${SEED}: %s`, (flavour) => {
    const scenarios = Array.from({ length: 5 }, (_, i) => generateScenario(SEED + i, flavour));
    for (const difference of compare(scenarios)) expect(difference).toBeNull();
  });
}

describe('the running kernel', () => {
  const ground = findGround();
  if (typeof ground === 'string') sayWhyNot(ground);
  else compareAll(ground);
});
