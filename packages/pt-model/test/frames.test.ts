import { FrameTable, InvariantError, OutOfMemoryError, type Pfn } from 'pt-model';
import { describe, expect, it } from 'vitest';

describe('references', () => {
  it('an anonymous frame has one reference, is exclusive, and goes with the last', () => {
    const frames = new FrameTable();
    const pfn = frames.allocAnon();
    expect([frames.refcount(pfn), frames.mapcount(pfn), frames.live]).toEqual([1, 1, 1]);
    expect([frames.isAnon(pfn), frames.isFile(pfn), frames.isZero(pfn)]).toEqual([true, false, false]);
    expect(frames.isExclusive(pfn)).toBe(true);
    frames.get(pfn);
    expect(frames.refcount(pfn)).toBe(2);
    frames.put(pfn);
    frames.put(pfn);
    expect(frames.live).toBe(0);
  });

  it('the page cache holds a file frame, and is no mapping', () => {
    const frames = new FrameTable();
    const pfn = frames.allocFile();
    frames.get(pfn);
    expect([frames.refcount(pfn), frames.mapcount(pfn), frames.inCache(pfn)]).toEqual([2, 1, true]);
    expect([frames.isAnon(pfn), frames.isFile(pfn), frames.isExclusive(pfn)]).toEqual([false, true, false]);
    frames.dropFromCache(pfn);
    expect([frames.refcount(pfn), frames.mapcount(pfn), frames.live]).toEqual([1, 1, 1]);
    frames.put(pfn);
    expect(frames.live).toBe(0);
  });

  it('the zero page is never counted', () => {
    const frames = new FrameTable();
    frames.get(frames.zeroPfn);
    frames.put(frames.zeroPfn);
    frames.put(frames.zeroPfn);
    expect([frames.refcount(frames.zeroPfn), frames.mapcount(frames.zeroPfn), frames.live]).toEqual([0, 0, 0]);
    expect([frames.isZero(frames.zeroPfn), frames.isAnon(frames.zeroPfn), frames.isFile(frames.zeroPfn)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('exclusive can be taken from an anonymous page and given back', () => {
    const frames = new FrameTable();
    const pfn = frames.allocAnon();
    frames.setExclusive(pfn, false);
    expect([frames.isExclusive(pfn), frames.refcount(pfn)]).toEqual([false, 1]);
    frames.setExclusive(pfn, true);
    expect(frames.isExclusive(pfn)).toBe(true);
    expect(() => frames.setExclusive(frames.allocFile(), true)).toThrow(InvariantError);
  });

  it('freed frames are used again, fresh', () => {
    const frames = new FrameTable();
    const first = frames.allocAnon();
    frames.writeByte(first, 0, 9);
    frames.put(first);
    const again = frames.allocFile();
    expect(again).toBe(first);
    expect([frames.isFile(again), frames.readByte(again, 0), frames.refcount(again)]).toEqual([true, 0, 1]);
  });

  it('a frame that is not in use cannot be put, got or asked', () => {
    const frames = new FrameTable();
    const pfn = frames.allocAnon();
    frames.put(pfn);
    for (const use of [() => frames.put(pfn), () => frames.get(pfn), () => frames.refcount(pfn)]) {
      expect(use).toThrow(InvariantError);
    }
    expect(() => frames.get(12_345_678 as Pfn)).toThrow(/not in use/);
    expect(() => frames.dropFromCache(frames.allocAnon())).toThrow(/page cache/);
  });

  it('more than 2^16 frames keep their own words across segments', () => {
    const frames = new FrameTable();
    const all = Array.from({ length: 70_000 }, () => frames.allocAnon());
    expect(new Set(all).size).toBe(70_000);
    all.forEach((pfn, i) => {
      if (i % 3 === 0) frames.get(pfn);
    });
    expect(all.filter((pfn) => frames.refcount(pfn) === 2).length).toBe(Math.ceil(70_000 / 3));
    for (const pfn of all) frames.put(pfn);
    expect(frames.live).toBe(Math.ceil(70_000 / 3));
  });
});

describe('contents', () => {
  it('bytes are 0 until written, and only what was written is kept', () => {
    const frames = new FrameTable();
    const pfn = frames.allocAnon();
    expect(frames.readByte(pfn, 4095)).toBe(0);
    frames.writeByte(pfn, 0, 1);
    frames.writeByte(pfn, 4095, 255);
    frames.writeByte(pfn, 100, 256 + 3);
    expect([0, 1, 100, 4095].map((offset) => frames.readByte(pfn, offset))).toEqual([1, 0, 3, 255]);
  });

  it('a copy has the bytes of the original at that time', () => {
    const frames = new FrameTable();
    const [from, to, empty] = [frames.allocFile(), frames.allocAnon(), frames.allocAnon()];
    frames.writeByte(from, 7, 70);
    frames.copyContents(from, to);
    frames.writeByte(from, 7, 71);
    expect([frames.readByte(from, 7), frames.readByte(to, 7)]).toEqual([71, 70]);
    frames.copyContents(frames.zeroPfn, to);
    expect(frames.readByte(to, 7)).toBe(0);
    frames.copyContents(empty, from);
    expect(frames.readByte(from, 7)).toBe(0);
  });

  it('the zero page cannot be written, nor a byte outside a page', () => {
    const frames = new FrameTable();
    expect(() => frames.writeByte(frames.zeroPfn, 0, 1)).toThrow(/the zero page/);
    expect(frames.readByte(frames.zeroPfn, 0)).toBe(0);
    const pfn = frames.allocAnon();
    for (const offset of [-1, 4096, 0.5, Number.NaN]) {
      expect(() => frames.writeByte(pfn, offset, 1)).toThrow(/no offset/);
    }
    expect(frames.readByte(pfn, 0)).toBe(0);
  });
});

describe('running out of memory', () => {
  it('is an error with the size asked for, and changes nothing', () => {
    const frames = new FrameTable({ maxBytes: 512 * 1024 });
    const taken: Pfn[] = [];
    const takeAll = (): void => {
      for (;;) taken.push(frames.allocAnon());
    };
    expect(takeAll).toThrow(OutOfMemoryError);
    expect(takeAll).toThrow(expect.objectContaining({ bytes: 65_536 }));
    expect(frames.memory.bytes).toBeLessThanOrEqual(512 * 1024);
    expect(frames.live).toBe(taken.length);
    frames.put(taken[0]!);
    expect(frames.allocAnon()).toBe(taken[0]);
  });

  it('says so where not memory but all page frames are taken', () => {
    const frames = new FrameTable();
    const takeAll = (): void => {
      for (;;) frames.allocAnonRun(2 ** 16);
    };
    expect(takeAll).toThrow(/^out of page frames: all \d+ are in use, which is 25\d\.\d+ GiB of resident pages/);
    const all = frames.live * 4096;
    expect(takeAll).toThrow(expect.objectContaining({ bytes: 4096, held: all, limit: all }));
  });
});
