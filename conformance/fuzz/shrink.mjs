// Makes a scenario that shows a difference as short and as small as it can be while still showing one.

/** Fields that may be left out of an op without making it another one. */
const OPTIONAL = [
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
  'pages',
  'uffd',
  'bytes',
  'dontUnmap',
  'mayMove',
];

/**
 * @param {object} scenario that differs
 * @param {(scenario: object) => boolean} differs runs a candidate on both sides
 * @returns {object} the smallest found
 */
export function shrinkScenario(scenario, differs) {
  let best = scenario;
  const attempt = (ops) => {
    const candidate = { ...best, ops };
    if (ops.length === 0 || !differs(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let again = true; again; ) {
    again = false;
    for (let size = Math.max(1, best.ops.length >> 1); size >= 1; size >>= 1) {
      for (let at = best.ops.length - size; at >= 0; at--) {
        if (at + size > best.ops.length) continue;
        again = attempt(best.ops.toSpliced(at, size)) || again;
      }
    }
    for (let at = 0; at < best.ops.length; at++) {
      for (const field of OPTIONAL) {
        const op = best.ops[at];
        if (!(field in op) || (field === 'pages' && op.op !== 'touch')) continue;
        const { [field]: _, ...rest } = op;
        again = attempt(best.ops.with(at, rest)) || again;
      }
    }
  }
  for (const extra of ['reserve', 'windows']) {
    if (!(extra in best)) continue;
    const { [extra]: _, ...rest } = best;
    if ((extra !== 'windows' || best.span <= 64) && differs(rest)) best = rest;
  }
  return best;
}
