import { scenarioOf, traceScenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { limitsOf, moveEdge } from '../src/components/stage/stageOps.ts';

const stateOf = (lines: string) => traceScenario(scenarioOf('t', lines), { profile: '6.19' }).steps.at(-1)!.state;

describe('an edge that is moved becomes a call', () => {
  const MAPS = 'mmap 4+4 r file0@4 shared; mmap 10+4 rw; mmap 16+2 none';

  it.each([
    ['A', 'high', 6, 'munmap 6+2'],
    ['A', 'high', 9, 'mmap 8+1 r file0@8 shared'],
    ['A', 'low', 2, 'mmap 2+2 r file0@2 shared'],
    ['B', 'low', 11, 'munmap 10+1'],
    ['B', 'high', 16, 'mmap 14+2 rw'],
    ['C', 'high', 20, 'mmap 18+2 none'],
  ] as const)('%s, its %s edge to page %i: %s', (letter, edge, page, line) => {
    const state = stateOf(MAPS);
    const vma = state.vmas.find((one) => one.letter === letter)!;
    expect(moveEdge(vma, edge, page)).toBe(line);
    const after = stateOf(`${MAPS}; ${line}`).vmas.find(({ start, end }) => page === (edge === 'high' ? end : start))!;
    expect(edge === 'high' ? after.start : after.end).toBe(edge === 'high' ? vma.start : vma.end);
    expect(after.flags).toEqual(vma.flags);
  });

  it('or none, where it stays, would leave nothing, or would need an offset below 0', () => {
    const [a, b] = stateOf('mmap 4+4 r file0@1 shared; mmap 10+4 rw').vmas;
    expect(moveEdge(a!, 'high', 8)).toBeNull();
    expect(moveEdge(a!, 'high', 4)).toBeNull();
    expect(moveEdge(a!, 'low', 1)).toBeNull();
    expect(moveEdge(b!, 'low', 14)).toBeNull();
  });

  it('goes as far as the next VMA', () => {
    const state = stateOf(MAPS);
    expect(limitsOf(state, state.vmas[1]!, 'low')).toEqual({ least: 8, most: 13 });
    expect(limitsOf(state, state.vmas[1]!, 'high')).toEqual({ least: 11, most: 16 });
    expect(limitsOf(state, state.vmas[2]!, 'high')).toEqual({ least: 17, most: 64 });
  });
});
