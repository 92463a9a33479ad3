import { scenarioOf, traceScenario } from 'fork-sim';
import { PAGE_SHAPES, PALETTE } from 'fork-sim/picture';
import { describe, expect, it } from 'vitest';
import { chipsOf, namedFlags } from '../src/components/Chip.tsx';
import { exportSvg } from '../src/picture/exportSvg.ts';
import { wallLabels } from '../src/picture/wallLabels.ts';
import { PAGE_STATES } from '../src/words/phrases.ts';

const stateOf = (lines: string) => traceScenario(scenarioOf('t', lines), { profile: '6.19' }).steps.at(-1)!.state;

it('the flag that keeps two VMAs apart is in the bars of those that have it', () => {
  const state = stateOf('mmap 4+12 r; mprotect 8+4 rw; write 8; mprotect 8+4 r');
  const chips = state.vmas.map((vma) => [vma.letter, ...chipsOf(vma, namedFlags(state, vma.letter))].join(' '));
  // Three that look alike: the accounting of the middle one differs.
  expect(chips).toEqual(['A', 'B ac', 'C']);
  expect(state.borders.map(({ refusal }) => refusal?.rule)).toEqual(['vmFlags', 'vmFlags']);
});

describe('the labels of walls', () => {
  it('have room up to the next wall, and none reaches into another', () => {
    const state = stateOf('mmap 2+4 rw; mmap 6+2 r; mmap 8+6 rw');
    const labels = wallLabels(state, { from: 0, to: 16 });
    expect(labels.map(({ page }) => page)).toEqual([6, 8]);
    for (const [i, { left, width }] of labels.entries()) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(labels[i + 1]?.left ?? 100);
      expect(left + width / 2).toBeCloseTo(((labels[i]?.page ?? 0) * 100) / 16);
    }
  });

  it('are left out where walls stand side by side, and where nothing keeps two VMAs apart', () => {
    expect(wallLabels(stateOf('mmap 2+1 rw; mmap 3+1 r; mmap 4+1 rw'), { from: 0, to: 64 })).toEqual([]);
    expect(wallLabels(stateOf('mmap 2+1 rw; mmap 5+1 r'), { from: 0, to: 12 })).toEqual([]);
  });
});

describe('page states', () => {
  it('have a shape each, all different, and none of them is a letter', () => {
    const drawn = Object.keys(PAGE_STATES).filter((letter) => letter !== '.');
    expect(Object.keys(PAGE_SHAPES).sort()).toEqual(drawn.sort());
    const shapes = drawn.map((letter) => `${PAGE_SHAPES[letter]?.outline} ${PAGE_SHAPES[letter]?.filled}`);
    expect(new Set(shapes).size).toBe(drawn.length);
  });
});

describe('an exported picture', () => {
  const svg = exportSvg(
    stateOf('mmap 2+4 r file0@2 shared; guard 4; mmap 6+4 r file0@8 shared'),
    { from: 0, to: 12 },
    'One',
  );

  it('has the guard in the page table, the flag on its VMA, and the two values on the wall', () => {
    expect(svg.split(`d="${PAGE_SHAPES.G?.outline}"`)).toHaveLength(3);
    expect(svg).toContain('>gu</text>');
    expect(svg).toContain('pgoff 4 needed, has 2');
  });

  it('takes its colours from the palette, light or dark', () => {
    const colours = new Set(Object.values(PALETTE.light) as string[]);
    expect([...svg.matchAll(/#[0-9a-f]{6}/g)].filter(([colour]) => !colours.has(colour))).toEqual([]);
    expect(svg).toContain(PALETTE.light.sharedSoft);
    expect(exportSvg(stateOf('mmap 2+4 rw'), { from: 0, to: 12 }, 'One', PALETTE.dark)).toContain(
      PALETTE.dark.anonymousFill,
    );
  });
});
