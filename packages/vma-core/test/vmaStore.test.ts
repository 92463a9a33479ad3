import { describe, expect, it } from 'vitest';
import { NO_VMA } from '../src/index.ts';
import { COLUMN_NAMES, VmaStore } from '../src/vmaStore.ts';

describe('VmaStore', () => {
  it('has twelve columns, all typed arrays of its own', () => {
    const store = new VmaStore();
    const slot = store.alloc();
    for (const [i, column] of COLUMN_NAMES.entries()) store[column][slot] = i + 1;
    expect(COLUMN_NAMES.map((column) => store[column][slot])).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('never gives the slot that means none', () => {
    const store = new VmaStore(2);
    for (let i = 0; i < 10; i++) expect(store.alloc()).not.toBe(NO_VMA);
  });

  it('gives slots whose columns are all 0, also one that was used before', () => {
    const store = new VmaStore();
    const used = store.alloc();
    for (const column of COLUMN_NAMES) store[column][used] = 7;
    store.setChunk(used, 7);
    store.release(used);
    const again = store.alloc();
    expect(again).toBe(used);
    for (const column of COLUMN_NAMES) expect([column, store[column][again]]).toEqual([column, 0]);
    expect(store.chunkOf(again)).toBe(0);
  });

  it('uses the slot again that was freed last, so that the same calls give the same slots', () => {
    const store = new VmaStore();
    const [a, b, c] = [store.alloc(), store.alloc(), store.alloc()];
    store.release(a);
    store.release(c);
    expect([store.alloc(), store.alloc(), store.alloc()]).toEqual([c, a, c + (b - a)]);
  });

  it('has room for as many as were reserved, and keeps what it holds', () => {
    const store = new VmaStore(2);
    const first = store.alloc();
    store.start[first] = 7;
    store.reserve(1000);
    const { byteLength } = store;
    for (let i = 1; i < 1000; i++) store.alloc();
    expect(store.byteLength).toBe(byteLength);
    expect(store.start[first]).toBe(7);
    store.reserve(10);
    expect(store.byteLength).toBe(byteLength);
  });

  it('keeps what it holds when it grows', () => {
    const store = new VmaStore(2);
    const slots = Array.from({ length: 100 }, (_, i) => {
      const slot = store.alloc();
      for (const column of COLUMN_NAMES) store[column][slot] = i;
      return slot;
    });
    for (const [i, slot] of slots.entries()) {
      for (const column of COLUMN_NAMES) expect(store[column][slot]).toBe(i);
    }
    expect(store.byteLength % 68).toBe(0);
    expect(store.byteLength / 68).toBeGreaterThan(100);
    expect(store.byteLength / 68).toBeLessThan(200);
  });

  it('copies every column, within and across stores', () => {
    const store = new VmaStore();
    const slot = store.alloc();
    for (const [i, column] of COLUMN_NAMES.entries()) store[column][slot] = i + 1;
    const other = new VmaStore();
    const to = other.alloc();
    other.copyFrom(store, slot, to);
    const dup = store.dup(slot);
    for (const [i, column] of COLUMN_NAMES.entries())
      expect([other[column][to], store[column][dup]]).toEqual([i + 1, i + 1]);
  });

  it('joins the halves of flags, of which bit 31 is no sign', () => {
    const store = new VmaStore();
    const slot = store.alloc();
    store.flagsLo[slot] = 0x8000_0001;
    store.flagsHi[slot] = 0x400;
    expect(store.flags(slot)).toBe(0x400_8000_0001n);
  });
});
