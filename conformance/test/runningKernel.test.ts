import type { Op, Scenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { transitionsOf } from 'vma-check';
import {
  compareScenarios,
  FLAVOUR_NAMES,
  findGround,
  type Ground,
  generateScenario,
  ProberError,
} from 'vma-lab/conform';
import { drawDifference } from './support/drawDifference.ts';

// What no recording judges, asked of the kernel that these tests run on; and random scenarios, other ones in every run.
// Where that cannot be (no compiler, a kernel that was not recorded), nothing is compared, and the test says so.

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
const SHUFFLED = FLAVOUR_NAMES.filter((name) => !['limit', 'uffdguard', 'long'].includes(name));

/** What is needed to compare, or why it is not there. */
async function groundOrWhy(): Promise<Ground | string> {
  try {
    const ground = await findGround({});
    return ground.measured ? ground : ground.note;
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

function compareAll(ground: Ground): void {
  const { kernel, profile, note, leftOut } = ground;
  const isAllowed = (scenario: Scenario): boolean => !leftOut.some(({ needs }) => needs(scenario));

  /** Asks kernel and model: nothing differs, and everything was compared. */
  async function expectSame(scenarios: readonly Scenario[]): Promise<void> {
    const allowed = scenarios.filter(isAllowed);
    const compared = await compareScenarios(ground, allowed);
    const drawn = compared.different.map(
      ({ scenario, recorded, model }) => `${scenario.id}\n${drawDifference([recorded], [model])}`,
    );
    expect(drawn.slice(0, 3)).toEqual([]);
    expect(compared.scenarios).toBe(allowed.length);
    expect(compared.steps).toBe(allowed.reduce((sum, { ops }) => sum + ops.length, 0));
  }

  it(`is compared: ${note}`, () => {
    console.info(`running kernel: ${kernel.kernel}, compared with profile ${profile.name}`);
    for (const { why } of leftOut) console.warn(`running kernel: left out: ${why}`);
    expect(ground.measured).toBe(true);
  });

  it.each([...LIMIT, ...UNRECORDED].filter(isAllowed))('$id', async (scenario) => {
    await expectSame([scenario]);
  });

  // `vma-lab check --running` does larger spaces.
  it('every call in every state that two calls lead to, over two pages', async () => {
    const ops = ['fileRw', 'protR', 'GUARD_INSTALL', 'write', 'move', 'fork'] as const;
    const all = transitionsOf(profile, { ops, pages: 2, depth: 3, softDirty: kernel.softDirty });
    const scenarios = Array.from(all, (calls, at) => ({ id: `sequence ${at}`, ops: calls }));
    expect(scenarios.length).toBeGreaterThan(250);
    await expectSame(scenarios);
  });

  it.each(SHUFFLED)(`random scenarios from seed ${SEED}: %s`, async (flavour) => {
    await expectSame(Array.from({ length: 5 }, (_, i) => generateScenario(SEED + i, flavour)));
  });
}

describe('the running kernel', async () => {
  const ground = await groundOrWhy();
  if (typeof ground === 'string') sayWhyNot(ground);
  else compareAll(ground);
});
