import {
  type CopyOptions,
  copyPageRange,
  countFromScratch,
  exitMmap,
  FrameTable,
  freePgdRange,
  InvariantError,
  mkPte,
  OutOfMemoryError,
  PMD_TABLE_PAGES,
  PTE_DIRTY,
  PTE_SOFT_DIRTY,
  PTE_WRITE,
  PUD_TABLE_PAGES,
  populateAnon,
  pteDirty,
  ptePfn,
  virtPage,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, drawSoftDirty, drawUffdWp, drawWritable, fill, newProcess, row, setBits } from './support/lab.ts';

const PRIVATE: CopyOptions = { cow: true, shared: false, dstUffdWp: false };
const SHARED: CopyOptions = { cow: false, shared: true, dstUffdWp: false };

describe('what a child gets', () => {
  it.each<{ name: string; options: CopyOptions; parent: string; child: string; wp: string }>([
    { name: 'private pages, shared', options: PRIVATE, parent: 'AFz.', child: 'afz.', wp: '----' },
    { name: 'guards', options: PRIVATE, parent: 'GAG.', child: 'GaG.', wp: '----' },
    { name: 'swap entries', options: PRIVATE, parent: 'S.S.', child: 'S.S.', wp: '----' },
    {
      name: 'no write-protection unless it is registered',
      options: PRIVATE,
      parent: 'PWQ.',
      child: 'a.f.',
      wp: '----',
    },
    {
      name: 'write-protection if it is',
      options: { ...PRIVATE, dstUffdWp: true },
      parent: 'PWQA',
      child: 'aWfa',
      wp: 'uuu-',
    },
    { name: 'a shared mapping', options: SHARED, parent: 'DGFW', child: 'fGf.', wp: '----' },
    {
      name: 'a shared mapping, registered',
      options: { ...SHARED, dstUffdWp: true },
      parent: 'DGQW',
      child: 'fGfW',
      wp: '--uu',
    },
  ])('$name: $parent -> $child', ({ options, parent, child, wp }) => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(30), parent);
    const result = copyPageRange(dst, src, at(30), at(34), options);
    expect(draw(dst, at(29), 6)).toBe(`.${child}.`);
    expect(drawUffdWp(dst, at(30), 4)).toBe(wp);
    const letters = child.split('');
    expect(result).toEqual({
      ptes: letters.filter((letter) => letter !== '.').length,
      framesShared: letters.filter((letter) => 'af'.includes(letter)).length,
      markers: letters.filter((letter) => 'GW'.includes(letter)).length,
      pteTables: 1,
      pmdTables: 1,
      pudTables: 1,
    });
    expect(countFromScratch(dst)).toMatchObject({ entries: result.ptes, anon: dst.rss.anon, file: dst.rss.file });
  });

  it('private pages become read-only in both, and are no longer exclusive', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(0), 'AA');
    copyPageRange(dst, src, at(0), at(2), PRIVATE);
    expect([drawWritable(src, at(0), 2), drawWritable(dst, at(0), 2)]).toEqual(['--', '--']);
    expect(frames.isExclusive(ptePfn(src.get(at(0))))).toBe(false);
    exitMmap(dst);
    expect(draw(src, at(0), 2)).toBe('AA'); // mapped once again, and still not exclusive
    expect(frames.isExclusive(ptePfn(src.get(at(0))))).toBe(false);
  });

  it('shared pages stay writable in both; the copy is clean', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(0), 'DD');
    copyPageRange(dst, src, at(0), at(2), SHARED);
    expect([drawWritable(src, at(0), 2), drawWritable(dst, at(0), 2)]).toEqual(['ww', 'ww']);
    expect([pteDirty(src.get(at(0))), pteDirty(dst.get(at(0)))]).toEqual([true, false]);
  });

  it('soft-dirty bits of pages are copied, those of markers are not', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(0), 'AFSGW');
    for (const page of [2, 3, 4]) setBits(src, at(page), PTE_SOFT_DIRTY);
    expect(drawSoftDirty(src, at(0), 5)).toBe('s-sss');
    copyPageRange(dst, src, at(0), at(5), { ...PRIVATE, dstUffdWp: true });
    expect([drawSoftDirty(dst, at(0), 5), draw(dst, at(0), 5)]).toEqual(['s-s--', 'afSGW']);
  });

  it('the zero page is copied and not counted', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(0), 'zAz');
    expect(copyPageRange(dst, src, at(0), at(3), PRIVATE)).toMatchObject({ ptes: 3, framesShared: 1 });
    expect([frames.live, dst.rss.anon]).toEqual([1, 1]);
  });

  it('pages outside the range are not copied, nor touched in the parent', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(508), 'AAAAAAAA');
    expect(copyPageRange(dst, src, at(510), at(514), PRIVATE).ptes).toBe(4);
    expect(draw(dst, at(508), 8)).toBe('..aaaa..');
    expect(drawWritable(src, at(508), 8)).toBe('ww----ww');
  });

  it('two VMAs in one table add up', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(0), 'AAGG');
    expect(copyPageRange(dst, src, at(0), at(2), PRIVATE).pteTables).toBe(1);
    expect(copyPageRange(dst, src, at(2), at(4), PRIVATE).pteTables).toBe(0);
    expect([draw(dst, at(0), 4), countFromScratch(dst).entries]).toEqual(['aaGG', 4]);
  });

  it('generations of children count their references', () => {
    const frames = new FrameTable();
    const line = [newProcess(frames)];
    populateAnon(line[0]!, at(0), at(2000), PTE_WRITE | PTE_DIRTY);
    for (let i = 0; i < 3; i++) {
      const child = newProcess(frames);
      expect(copyPageRange(child, line.at(-1)!, at(0), at(2000), PRIVATE).framesShared).toBe(2000);
      line.push(child);
    }
    expect(frames.refcount(ptePfn(line[3]!.get(at(1999))))).toBe(4);
    for (const process of line) exitMmap(process);
    expect([frames.live, frames.tables.live]).toEqual([0, 0]);
  });

  it('frames in no order are counted all the same', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    const pool = Array.from({ length: 40_000 }, () => frames.allocAnon());
    for (let i = 0; i < 512; i++) {
      const pfn = pool[(i * 7919) % 40_000]!;
      frames.get(pfn);
      src.set(at(i), mkPte(pfn, PTE_WRITE));
    }
    expect(copyPageRange(dst, src, at(0), at(512), PRIVATE).framesShared).toBe(512);
    expect(frames.refcount(pool[7919]!)).toBe(3);
    expect(
      row(dst, at(0), 512, (pte) => String(ptePfn(pte))) === row(src, at(0), 512, (pte) => String(ptePfn(pte))),
    ).toBe(true);
  });
});

describe('DIFFS2 C: fork copies the table structure', () => {
  it('tables that are allocated but empty are allocated in the child as well', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    src.allocPte(at(0));
    src.allocPte(at(PMD_TABLE_PAGES));
    const result = copyPageRange(dst, src, at(0), at(2 * PMD_TABLE_PAGES), PRIVATE);
    expect(result).toEqual({ ptes: 0, framesShared: 0, markers: 0, pteTables: 2, pmdTables: 2, pudTables: 1 });
    expect(dst.vmPteKb).toBe(src.vmPteKb);
  });

  it('PUD and PMD tables with nothing below them, too', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    src.allocUpper(at(0));
    src.allocUpper(at(PUD_TABLE_PAGES));
    expect(copyPageRange(dst, src, at(0), at(2 * PUD_TABLE_PAGES), PRIVATE)).toMatchObject({
      pteTables: 0,
      pmdTables: 2,
      pudTables: 2,
    });
  });

  it('a PUD table that an unmap left for a neighbour, too', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    src.allocUpper(at(0));
    freePgdRange(src, at(0), at(8), 0, at(2 * PMD_TABLE_PAGES));
    expect([src.pudTables, src.pmdTables]).toEqual([1, 0]);
    copyPageRange(dst, src, at(2 * PMD_TABLE_PAGES), at(3 * PMD_TABLE_PAGES), PRIVATE);
    expect(dst.vmPteKb).toBe(4);
  });

  it('only over the range: a table beside it is not made', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    src.allocPte(at(0));
    src.allocPte(at(512));
    src.allocPte(at(PMD_TABLE_PAGES));
    copyPageRange(dst, src, at(512), at(1024), PRIVATE);
    expect([dst.pteTables, dst.pmdTables, dst.pudTables]).toEqual([1, 1, 1]);
  });

  it('where the parent has no tables the child gets none', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    copyPageRange(dst, src, at(0), at(PUD_TABLE_PAGES), PRIVATE);
    expect(dst.vmPteKb).toBe(0);
  });
});

describe('copyPageRange, broken preconditions and failures', () => {
  it('refuses two memories, and a copy onto itself', () => {
    const src = newProcess();
    expect(() => copyPageRange(newProcess(), src, at(0), at(1), PRIVATE)).toThrow(InvariantError);
    expect(() => copyPageRange(src, src, at(0), at(1), PRIVATE)).toThrow(InvariantError);
    expect(() => copyPageRange(newProcess(src.frames), src, at(1), at(0), PRIVATE)).toThrow(/not a range/);
  });

  it('out of memory half-way: what was copied is consistent, and destroying the child undoes it', () => {
    const frames = new FrameTable({ maxBytes: 3 * 2 ** 20 });
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    const pages = 512 * 500;
    populateAnon(src, virtPage(0), virtPage(pages), PTE_WRITE);
    expect(() => copyPageRange(dst, src, virtPage(0), virtPage(pages), PRIVATE)).toThrow(OutOfMemoryError);
    const copied = countFromScratch(dst);
    expect(copied.entries).toBe(dst.rss.anon);
    expect(copied.entries).toBeGreaterThan(0);
    expect(frames.refcount(ptePfn(src.get(virtPage(0))))).toBe(2);
    exitMmap(dst);
    expect(frames.refcount(ptePfn(src.get(virtPage(0))))).toBe(1);
    expect(frames.live).toBe(pages);
  });

  it.each('FzGSP.'.split('').flatMap((letter) => [0, 1, 2, 3, 30, 61, 62, 63].map((place) => ({ letter, place }))))(
    'a long run with $letter at $place',
    ({ letter, place }) => {
      const frames = new FrameTable();
      const [src, dst] = [newProcess(frames), newProcess(frames)];
      const drawing = `${'A'.repeat(place)}${letter}${'A'.repeat(63 - place)}`;
      fill(src, at(0), drawing);
      copyPageRange(dst, src, at(0), at(64), PRIVATE);
      const copied = drawing.replaceAll('A', 'a').replace('F', 'f').replace('P', 'a');
      expect([draw(dst, at(0), 64), drawWritable(src, at(0), 64)]).toEqual([copied, '-'.repeat(64)]);
      expect(drawUffdWp(dst, at(0), 64)).toBe('-'.repeat(64));
      const { anon, file } = countFromScratch(dst);
      expect(dst.rss).toEqual({ anon, file });
      for (let i = 0; i < 64; i++) {
        const [parent, child] = [src.get(at(i)), dst.get(at(i))];
        if (!'zGS.'.includes(drawing[i]!)) {
          expect([ptePfn(child), frames.mapcount(ptePfn(child))]).toEqual([ptePfn(parent), 2]);
        }
      }
    },
  );

  it('one frame in entries side by side gains a reference for each of them', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    const pfn = frames.allocFile();
    for (let i = 0; i < 100; i++) {
      frames.get(pfn);
      src.set(at(i), mkPte(pfn, 0));
    }
    copyPageRange(dst, src, at(0), at(100), PRIVATE);
    expect([frames.mapcount(pfn), dst.rss.file]).toEqual([200, 100]);
  });
});

describe('a child that has entries in the range', () => {
  it.each([
    ['the same page', 30],
    ['the last page', 33],
  ])('is refused, and nothing is copied: %s', (_, page) => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(30), 'AGAA');
    fill(dst, at(page), 'A');
    expect(() => copyPageRange(dst, src, at(30), at(34), PRIVATE)).toThrow(InvariantError);
    expect([draw(src, at(30), 4), dst.rssAnon]).toEqual(['AGAA', 1]);
    exitMmap(dst);
    expect(countFromScratch(dst).entries).toBe(0);
  });

  it('may have them beside it, in the same table', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(30), 'AA');
    fill(dst, at(29), 'A..G');
    copyPageRange(dst, src, at(30), at(32), PRIVATE);
    expect(draw(dst, at(29), 4)).toBe('AaaG');
  });

  it('may be the same child, for another range, twice over', () => {
    const frames = new FrameTable();
    const [src, dst] = [newProcess(frames), newProcess(frames)];
    fill(src, at(30), 'AAAA');
    copyPageRange(dst, src, at(30), at(32), PRIVATE);
    copyPageRange(dst, src, at(32), at(34), PRIVATE);
    expect(() => copyPageRange(dst, src, at(31), at(32), PRIVATE)).toThrow('has an entry in');
    expect(draw(dst, at(30), 4)).toBe('aaaa');
  });
});
