import { describe, expect, it } from 'vitest';
import { mmFromDiagram } from '../../src/diagram/index.ts';
import { type MmEvent, PAGE_SIZE, PROT_NONE, PROT_READ, PROT_WRITE } from '../../src/index.ts';
import { vmaMergeExistingRange, vmaMergeNewRange } from '../../src/merge/index.ts';
import { mprotect } from '../../src/mm/index.ts';

/** A drawing with every event written down. */
function watched(...[drawing, options]: Parameters<typeof mmFromDiagram>) {
  const drawn = mmFromDiagram(drawing, options);
  const events: MmEvent[] = [];
  drawn.mm.observer = (event) => events.push(event);
  return { drawn, events };
}

describe('an observer is told', () => {
  it('what a merge of a new range made, and what is gone', () => {
    const { drawn, events } = watched('AA*B');
    vmaMergeNewRange(drawn.vmg());
    expect(events).toMatchObject([
      {
        kind: 'merged',
        of: 'new',
        into: 'both',
        range: { start: 2 * PAGE_SIZE, end: 3 * PAGE_SIZE },
        target: { vmStart: 0, vmEnd: 2 * PAGE_SIZE },
        result: { vmStart: 0, vmEnd: 4 * PAGE_SIZE },
        removed: [{ vmStart: 3 * PAGE_SIZE }],
      },
    ]);
    expect(drawn.mm.stats).toEqual({ merges: 1, mergedAway: 1, splits: 0, peakMapCount: 2 });
  });

  it.each([
    ['AA*.', 'prev', 0],
    ['.*BB', 'next', 0],
    ['AAbb', 'prev', 1],
    ['bbCC', 'next', 1],
    ['AAbbB', 'prev', 0],
    ['BbbCC', 'next', 0],
    ['AAbbCC', 'both', 2],
  ] as const)('which side grew: %s into %s', (drawing, into, removed) => {
    const { drawn, events } = watched(drawing);
    const vmg = drawn.vmg();
    if (drawing.includes('*')) vmaMergeNewRange(vmg);
    else vmaMergeExistingRange(vmg);
    expect(events).toHaveLength(1);
    const [event] = events;
    expect(event).toMatchObject({ kind: 'merged', into });
    expect(event?.kind === 'merged' && event.removed.length).toBe(removed);
  });

  it('of each neighbour that refused, before anything changed', () => {
    const { drawn, events } = watched('AAbbCC', { letters: { A: { file: 1 }, C: { file: 2 } } });
    const before = drawn.mm.vmas();
    const range = { start: 2 * PAGE_SIZE, end: 4 * PAGE_SIZE, vmFlags: before[1]?.vmFlags };
    vmaMergeExistingRange(drawn.vmg());
    expect(events).toEqual([
      {
        kind: 'refused',
        of: 'existing',
        side: 'prev',
        range,
        neighbour: before[0],
        refusal: { rule: 'vmFile', range: null, neighbour: 1 },
      },
      {
        kind: 'refused',
        of: 'existing',
        side: 'next',
        range,
        neighbour: before[2],
        refusal: { rule: 'vmFile', range: null, neighbour: 2 },
      },
    ]);
  });

  it('of splits, with both halves', () => {
    const { drawn, events } = watched('AAAAAA');
    mprotect(drawn.mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, PROT_NONE);
    expect(events).toMatchObject([
      {
        kind: 'split',
        below: { vmStart: 0, vmEnd: 2 * PAGE_SIZE },
        above: { vmStart: 2 * PAGE_SIZE, vmEnd: 6 * PAGE_SIZE },
      },
      { kind: 'split', below: { vmEnd: 4 * PAGE_SIZE }, above: { vmStart: 4 * PAGE_SIZE } },
    ]);
    expect(drawn.mm.stats).toEqual({ merges: 0, mergedAway: 0, splits: 2, peakMapCount: 3 });
  });

  it('in plain data only', () => {
    const { drawn, events } = watched('AAbbCC', { letters: { C: { pgoff: 77 } } });
    mprotect(drawn.mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, PROT_READ);
    mprotect(drawn.mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE);
    expect(events.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused', 'merged']);
    expect(structuredClone(events)).toEqual(events);
  });
});
