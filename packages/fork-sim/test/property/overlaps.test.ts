import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateProcess } from '../../src/process/validateProcess.ts';
import { replayText } from '../replay/replayText.ts';
import { overlappingLog } from './overlaps.ts';

const logs = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    threads: fc.integer({ min: 2, max: 6 }),
    calls: fc.integer({ min: 2, max: 48 }),
    spread: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ seed, threads, calls, spread }) => {
    let state = seed;
    const pick = (n: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    return overlappingLog(pick, threads, calls, spread);
  });

describe('a log whose calls overlap, and were done in an order that explains every result', () => {
  it('is replayed in such an order, and ends with the same addresses mapped', () => {
    fc.assert(
      fc.property(logs, ({ log, mapped }) => {
        const replay = replayText(log, { kernel: '6.18', faults: 'never' });
        const space = replay.first?.space;
        expect(space?.notes).toMatchObject({
          wrongPlaces: { count: 0 },
          wrongResults: { count: 0 },
          noOrder: { count: 0 },
        });
        expect(space?.process.mm.vmas().map(({ vmStart, vmEnd }) => [vmStart, vmEnd])).toEqual(mapped);
        if (space !== undefined) expect(validateProcess(space.process)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
