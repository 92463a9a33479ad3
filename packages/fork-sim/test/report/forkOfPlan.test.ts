import { describe, expect, it } from 'vitest';
import { PAGE_SIZE } from 'vma-core';
import { forkOfPlan, type MemoryPlan } from '../../src/index.ts';

const GB = 2 ** 30;
const NOTHING: MemoryPlan = { written: 0, hugePages: false, files: 0, fileBytes: GB, guarded: 0 };

const actionsOf = (plan: Partial<MemoryPlan>, profile = '6.19'): string[] =>
  forkOfPlan({ ...NOTHING, ...plan }, { profile }).map.map(({ fork }) => fork.action);

describe('a fork of a planned process', () => {
  it('copies an entry for each page that was written, and leaves files to the child', () => {
    const { report, map, refused } = forkOfPlan({ ...NOTHING, written: 24 * GB, files: 2 });
    expect(map.map(({ perms }) => perms)).toEqual(['rw-p', 'rw-s', 'rw-s']);
    expect(report.sums.copy).toMatchObject({ vmas: 1, shown: { entries: (24 * GB) / PAGE_SIZE, huge: 0 } });
    // 12,288 tables of entries, 24 above them, one above those: the 48 MB that VmPTE of such a process says.
    expect(report.sums.copy.tablesKbAtMost).toBe((12_288 + 24 + 1) * 4);
    expect(report.sums.refault).toMatchObject({ vmas: 2, shown: { entries: (2 * GB) / PAGE_SIZE } });
    expect(refused).toBeNull();
    // 9 to 23.3 ms a GB, and the little that the rest takes.
    expect(report.timeIsKnown).toBe(true);
    expect(report.time.from).toBeGreaterThan(24 * 8.9);
    expect(report.time.to).toBeLessThan(24 * 23.5);
  });

  it.each([
    ['6.18', 'the guard gave the mapping an anon_vma'],
    ['6.19', 'the flag says that there may be a guard'],
  ])('on %s it copies just the files with a guard: %s', (profile) => {
    expect(actionsOf({ files: 3, guarded: 2 }, profile)).toEqual(['copy', 'copy', 'refault']);
    const { report } = forkOfPlan({ ...NOTHING, files: 3, guarded: 2 }, { profile });
    expect(report.sums.copy.shown?.resident).toBe((2 * GB) / PAGE_SIZE - 2);
  });

  it('says with which errno a kernel without such guards refuses them, and then copies nothing', () => {
    const { report, refused } = forkOfPlan({ ...NOTHING, files: 2, guarded: 2 }, { profile: '6.12' });
    expect(refused).toBe('EINVAL');
    expect(report.sums.copy.vmas).toBe(0);
  });

  it('copies one entry for each huge page of what was written, and as many tables', () => {
    const plan = { ...NOTHING, written: 4 * GB, files: 1, guarded: 1 };
    const small = forkOfPlan(plan).report;
    const huge = forkOfPlan({ ...plan, hugePages: true }).report;
    expect(huge.sums.copy.shown).toMatchObject({ entries: 2048 + GB / PAGE_SIZE, huge: 2048 });
    expect(huge.sums.copy.tablesKbAtMost).toBe(small.sums.copy.tablesKbAtMost);
    expect(huge.time.to).toBeLessThan(small.time.from);
  });

  it('needs sizes of whole huge pages, and takes none for no mapping', () => {
    expect(() => forkOfPlan({ ...NOTHING, written: 4096 })).toThrow('4096 bytes are not a multiple of 2 MiB');
    expect(actionsOf({})).toEqual([]);
  });
});
