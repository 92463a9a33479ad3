import { describe, expect, it, vi } from 'vitest';
import { mmFromDiagram } from '../../src/diagram/index.ts';
import { type Errno, NO_VMA, TASK_SIZE } from '../../src/index.ts';
import { isSealed, munmap } from '../../src/mm/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

describe('munmap', () => {
  it.each([
    ['nothing', '....', 1, 2, '....'],
    ['a whole VMA', '.AA.', 1, 2, '....'],
    ['its start', 'AAAA', 0, 2, '..AA'],
    ['its end', 'AAAA', 2, 2, 'AA..'],
    ['its middle', 'AAAA', 1, 2, 'A..B'],
    ['several, with holes', 'AA.B.CC', 1, 5, 'A.....C'],
    ['more than there is', '..AB..', 0, 100, '......'],
  ])('unmaps %s: %s', (_, drawing, at, pages, after) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(munmap(drawn.mm, page(at), page(pages))).toBe(0);
      expect(drawn.draw()).toBe(after);
    });
  });

  it('rounds a length up to whole pages', () => {
    inEachProfile('AAAA', {}, (drawn) => {
      expect(munmap(drawn.mm, page(1), 1)).toBe(0);
      expect(drawn.draw()).toBe('A.BB');
    });
  });

  it('leaves offsets with the pages they belong to', () => {
    inEachProfile('AAAA', { base: 0x40000 }, ({ mm }) => {
      munmap(mm, 0x41000, page(2));
      expect(mm.vmas()).toMatchObject([{ vmPgoff: 0x40 }, { vmPgoff: 0x43, anonPgoff: 0x43 }]);
    });
  });

  it.each<[string, number, number, Errno]>([
    ['an unaligned address', 100, page(1), 'EINVAL'],
    ['no length', 0, 0, 'EINVAL'],
    ['a length past user space', page(1), TASK_SIZE, 'EINVAL'],
    ['an address past user space', TASK_SIZE + page(1), page(1), 'EINVAL'],
  ])('refuses %s: %4$s', (_, addr, length, errno) => {
    inEachProfile('AAAA', {}, (drawn) => {
      expect(munmap(drawn.mm, addr, length)).toBe(errno);
      expect(drawn.draw()).toBe('AAAA');
    });
  });

  it('drops what page tables hold, and frees tables between the neighbours', () => {
    const { calls, pageOps } = pageCalls();
    const { mm } = mmFromDiagram('AA.BBBB.C', { pageOps });
    munmap(mm, page(4), page(2));
    expect(calls).toEqual([['unmapRegion', page(4), page(6), page(4), page(6)]]);
    munmap(mm, page(3), page(4));
    expect(calls[1]).toEqual(['unmapRegion', page(3), page(7), page(2), page(8)]);
  });

  it('has no floor and no ceiling where nothing else is mapped', () => {
    const { calls, pageOps } = pageCalls();
    const { mm } = mmFromDiagram('..AA', { pageOps });
    munmap(mm, page(2), page(2));
    expect(calls).toEqual([['unmapRegion', page(2), page(4), 0, 0]]);
  });
});

describe('a sealed VMA', () => {
  const letters = { S: { flags: 'rd mr sl' } };
  it.each([
    ['is not unmapped', 'AASS', 2, 2, 'AASS'],
    ['nor a part of it', 'SSSS', 1, 2, 'SSSS'],
    ['nor what lies before it in the range', 'AASS', 0, 3, 'AASS'],
    ['nor what lies behind it', 'SSAA', 1, 3, 'SSAA'],
    ['but the cut at the start of the range stays', 'AAAASS', 2, 4, 'AABBSS'],
    ['no cut at the end comes before it', 'AASSBB', 0, 5, 'AASSBB'],
  ])('%s: %s', (_, drawing, at, pages, after) => {
    inEachProfile(drawing, { letters }, (drawn) => {
      expect(isSealed(drawn.mm, drawn.ref('S'))).toBe(true);
      expect(munmap(drawn.mm, page(at), page(pages))).toBe('EPERM');
      expect(drawn.draw()).toBe(after);
    });
  });
});

describe('a part of one VMA', () => {
  const ranges = Array.from({ length: 9 }, (_, at) => at).flatMap((at) => [1, 2, 3, 4].map((pages) => ({ at, pages })));
  const letters = { F: { file: 1, pgoff: 7 }, S: { flags: 'rd mr sl' } };

  /** What there is after `munmap`, with or without an observer, to whom each cut is told. */
  function after(drawing: string, at: number, pages: number, isWatched: boolean, atLimit: boolean): unknown[] {
    const left: unknown[] = [];
    inEachProfile(drawing, { letters }, ({ mm }) => {
      const { calls, pageOps } = pageCalls();
      mm.pageOps = pageOps;
      if (isWatched) mm.observer = () => {};
      if (atLimit) mm.maxMapCount = mm.mapCount;
      const result = munmap(mm, page(at), page(pages));
      const uses = calls.reduce((sum, [name, , change]) => sum + (name === 'fileMapped' ? (change as number) : 0), 0);
      const vmas = mm.vmas().map((vma) => ({ ...vma, ref: NO_VMA }));
      left.push([result, vmas, mm.stats, calls.filter(([name]) => name !== 'fileMapped'), uses]);
      expect(validateMm(mm)).toEqual([]);
    });
    return left;
  }

  it.each(ranges)('$pages pages at $at: goes as by cuts at its edges', ({ at, pages }) => {
    for (const drawing of ['AAAAAAAFFSS', '.FFFF.SSSSSA', 'AAFFFFFFSSS']) {
      for (const atLimit of [false, true]) {
        expect(after(drawing, at, pages, false, atLimit), drawing).toEqual(after(drawing, at, pages, true, atLimit));
      }
    }
  });

  it.each([
    ['AAAA', 0, 1, 0],
    ['AAAA', 3, 1, 0],
    ['AAAA', 1, 2, 1],
  ])('%s, from %i %i pages: puts %4$i VMA into the index, and takes none out', (drawing, at, pages, made) => {
    inEachProfile(drawing, {}, ({ mm }) => {
      const insert = vi.spyOn(mm.index, 'insert');
      const remove = vi.spyOn(mm.index, 'remove');
      expect(munmap(mm, page(at), page(pages))).toBe(0);
      expect([insert.mock.calls.length, remove.mock.calls.length]).toEqual([made, 0]);
    });
  });
});
