import type { DrawnMm } from '../../src/diagram/index.ts';
import type { AllocationPoint, Vma } from '../../src/index.ts';

/** What a run with one failed allocation left behind. */
export interface FailedRun<R> {
  /** Where it failed. */
  readonly point: AllocationPoint;
  /** The how-manieth allocation it was, from 0. */
  readonly nth: number;
  readonly result: R;
  readonly before: readonly Vma[];
  readonly after: readonly Vma[];
  readonly drawn: DrawnMm;
}

/**
 * Runs the same once for each allocation that it makes, with that one failing, and once more with none failing.
 *
 * @param make draws the address space anew
 */
export function failEach<R>(
  make: () => DrawnMm,
  run: (drawn: DrawnMm) => R,
): { failed: FailedRun<R>[]; points: AllocationPoint[]; result: R } {
  const points: AllocationPoint[] = [];
  const whole = make();
  whole.mm.failAllocation = (point) => {
    points.push(point);
    return false;
  };
  const result = run(whole);
  const failed = points.map((point, nth): FailedRun<R> => {
    const drawn = make();
    const before = drawn.mm.vmas();
    let count = 0;
    drawn.mm.failAllocation = () => count++ === nth;
    const failedResult = run(drawn);
    drawn.mm.failAllocation = null;
    return { point, nth, result: failedResult, before, after: drawn.mm.vmas(), drawn };
  });
  return { failed, points, result };
}
