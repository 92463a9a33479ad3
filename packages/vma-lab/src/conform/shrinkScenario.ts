import type { Op, Scenario } from 'fork-sim';

/** Fields that may be left out of an op without making it another one. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'noreserve',
  'locked',
  'populate',
  'growsdown',
  'stack',
  'droppable',
  'noreplace',
  'shared',
  'backing',
  'pgoff',
  'eventFork',
  'eventRemap',
  'unpopulated',
  'async',
  'wp',
  'childLives',
  'parentExits',
  'continueIn',
  'stride',
  'uffd',
  'bytes',
  'dontUnmap',
  'mayMove',
]);

/**
 * Makes a scenario that shows a difference as short and as small as it can be while still showing one.
 *
 * @param scenario that differs
 * @param differs performs a candidate on both sides
 * @returns the smallest found
 */
export async function shrinkScenario(
  scenario: Scenario,
  differs: (candidate: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let best = scenario;
  const attempt = async (candidate: Scenario): Promise<boolean> => {
    if (candidate.ops.length === 0 || !(await differs(candidate))) return false;
    best = candidate;
    return true;
  };
  const withoutOps = async (): Promise<boolean> => {
    let shrunk = false;
    for (let size = Math.max(1, best.ops.length >> 1); size >= 1; size >>= 1) {
      for (let at = best.ops.length - size; at >= 0; at--) {
        if (at + size > best.ops.length) continue;
        if (await attempt({ ...best, ops: best.ops.toSpliced(at, size) })) shrunk = true;
      }
    }
    return shrunk;
  };
  const withoutFields = async (): Promise<boolean> => {
    let shrunk = false;
    for (let at = 0; at < best.ops.length; at++) {
      for (const field of Object.keys(best.ops[at] as Op)) {
        const op = best.ops[at] as Op;
        if (!OPTIONAL.has(field) && !(field === 'pages' && op.op === 'touch')) continue;
        const fewer = Object.fromEntries(Object.entries(op).filter(([name]) => name !== field)) as unknown as Op;
        if (await attempt({ ...best, ops: best.ops.with(at, fewer) })) shrunk = true;
      }
    }
    return shrunk;
  };
  let going = true;
  while (going) going = (await withoutOps()) || (await withoutFields());
  const { reserve: _, ...open } = best;
  if (best.reserve === true) await attempt(open);
  const { windows: __, span = 0, ...plain } = best;
  if (best.windows !== undefined && span <= 64) await attempt(plain);
  return best;
}
