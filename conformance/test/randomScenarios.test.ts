import { stepScenario, validateWorld } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { FLAVOUR_NAMES, type FlavourName, generateScenario } from 'vma-lab/conform';

/** Seed of the first scenario; every run has another, which stands in the titles. `VMA_SEED=123` runs with that one again. */
const first = Number(process.env.VMA_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
const COUNT = 6;
/** Scenarios of a flavour whose scenarios are long. */
const COUNT_OF_LONG = 2;
const LONG: readonly FlavourName[] = ['chains', 'tree', 'guards'];
/** Many VMAs or many pages, which makes each step slow to check: looked at after the last one. */
const FULL: readonly FlavourName[] = ['limit', 'place', 'bigplace', 'geouffd', 'long'];

// 6.16 and the series as posted break invariants of their own: fork-sim/test/findings.test.ts.
const SOUND = ['6.12', '6.18', 'guard-flag', '6.19', '7.3'];
const flavours = FLAVOUR_NAMES.filter((name) => !FULL.includes(name));

describe(`random scenarios from seed ${first}: invariants after every step, nothing left at the end`, () => {
  describe.each(SOUND)('%s', (profile) => {
    it.each(flavours)('%s', (flavour) => {
      const count = LONG.includes(flavour) ? COUNT_OF_LONG : COUNT;
      for (let seed = first; seed < first + count; seed++) {
        const scenario = generateScenario(seed, flavour);
        const options = {
          profile,
          format: 2,
          softDirty: seed % 2 === 0,
          faultAroundPages: seed % 3 === 0 ? 16 : 1,
        } as const;
        let last = null;
        for (const { arena, record } of stepScenario(scenario, options)) {
          expect(validateWorld(arena.world), `${scenario.id} after ${JSON.stringify(record.op)}`).toEqual([]);
          last = arena.world;
        }
        for (const process of last?.processes.values() ?? []) process.exit();
        last?.dropCaches();
        const left = { frames: last?.frames.live, tables: last?.frames.tables.live, contexts: last?.uffdContexts.size };
        expect(left, scenario.id).toEqual({ frames: 0, tables: 0, contexts: 0 });
      }
    });
  });

  it.each(FULL)('6.19 %s, after the last step', (flavour) => {
    const scenario = generateScenario(first, flavour);
    const { world } = [...stepScenario(scenario, { profile: '6.19', format: 2 })].at(-1)?.arena ?? {};
    expect(world && validateWorld(world)).toEqual([]);
    for (const process of world?.processes.values() ?? []) process.exit();
    world?.dropCaches();
    expect([world?.frames.live, world?.frames.tables.live, world?.uffdContexts.size]).toEqual([0, 0, 0]);
  });
});
