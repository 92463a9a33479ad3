import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kernelProfile,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  Mm,
  NO_VMA,
  PAGE_SIZE,
  PROT_NONE,
  PROT_READ,
  VmaIndex,
  type VmaRef,
  VmaStore,
} from '../../src/index.ts';
import { mmap, mprotect, munmap } from '../../src/mm/index.ts';
import { seed } from '../support/seed.ts';

/** One VMA as the naive index keeps it: an array that is searched from one end to the other. In pages. */
interface Kept {
  readonly slot: VmaRef;
  start: number;
  end: number;
}

/** Both indexes, filled alike. */
class Pair {
  readonly store = new VmaStore();
  readonly index: VmaIndex = new VmaIndex(this.store);
  readonly kept: Kept[] = [];

  insert(start: number, end: number): void {
    if (this.kept.some((one) => one.start < end && one.end > start)) return;
    const slot = this.store.alloc();
    this.store.start[slot] = start * PAGE_SIZE;
    this.store.end[slot] = end * PAGE_SIZE;
    this.index.insert(slot);
    const above = this.kept.findIndex((one) => one.start > start);
    this.kept.splice(above < 0 ? this.kept.length : above, 0, { slot, start, end });
  }

  /** One above all others. */
  append(start: number, end: number): void {
    const slot = this.store.alloc();
    this.store.start[slot] = start * PAGE_SIZE;
    this.store.end[slot] = end * PAGE_SIZE;
    this.index.insert(slot);
    this.kept.push({ slot, start, end });
  }

  remove(pick: number): void {
    const [gone] = this.kept.splice(pick % Math.max(1, this.kept.length), 1);
    if (gone === undefined) return;
    this.index.remove(gone.slot);
    this.store.release(gone.slot);
  }

  /** Moves an edge as far as the neighbours and the other edge allow. */
  move(pick: number, by: number, edge: 'start' | 'end'): void {
    const at = pick % Math.max(1, this.kept.length);
    const one = this.kept[at];
    if (one === undefined) return;
    if (edge === 'start') {
      const to = Math.min(one.end - 1, Math.max(this.kept[at - 1]?.end ?? 0, one.start + by));
      this.index.rekey(one.slot, to * PAGE_SIZE);
      this.store.start[one.slot] = to * PAGE_SIZE;
      one.start = to;
    } else {
      const to = Math.max(one.start + 1, Math.min(this.kept[at + 1]?.start ?? 1e6, one.end + by));
      this.store.end[one.slot] = to * PAGE_SIZE;
      this.index.endMoved(one.slot);
      one.end = to;
    }
  }

  /** What an index answers about one address, from both. */
  ask(page: number): { ours: unknown; naive: unknown } {
    const addr = page * PAGE_SIZE;
    const { index, kept } = this;
    const at = kept.findLastIndex((one) => one.start <= page);
    const found = kept.findIndex((one) => one.end > page);
    const slot = (i: number): VmaRef => kept[i]?.slot ?? NO_VMA;
    const holds = found >= 0 && (kept[found]?.start as number) <= page;
    const near = slot(found);
    return {
      ours: {
        floor: index.floor(addr),
        find: index.find(addr),
        lookup: index.lookup(addr),
        within: index.findIntersection(addr, addr + 3 * PAGE_SIZE),
        next: near === NO_VMA ? NO_VMA : index.next(near),
        prev: near === NO_VMA ? NO_VMA : index.prev(near),
      },
      naive: {
        floor: slot(at),
        find: near,
        lookup: holds ? near : NO_VMA,
        within: found >= 0 && (kept[found]?.start as number) < page + 3 ? near : NO_VMA,
        next: found >= 0 ? slot(found + 1) : NO_VMA,
        prev: found > 0 ? slot(found - 1) : NO_VMA,
      },
    };
  }

  /** The end of the highest hole, from both; in pages. */
  gap(low: number, high: number, pages: number): { ours: number; naive: number } {
    const ours = this.index.highestGap(low * PAGE_SIZE, high * PAGE_SIZE, pages * PAGE_SIZE);
    let ceiling = high;
    let naive = -1;
    for (const one of [...this.kept.filter(({ start }) => start < high).reverse(), { start: low, end: low }]) {
      if (ceiling - Math.max(one.end, low) >= pages) {
        naive = ceiling;
        break;
      }
      ceiling = Math.min(ceiling, one.start);
    }
    return { ours: ours < 0 ? ours : ours / PAGE_SIZE, naive };
  }

  /** Walks up and down. */
  walk(): { up: VmaRef[]; down: VmaRef[]; naive: VmaRef[] } {
    const up: VmaRef[] = [];
    const down: VmaRef[] = [];
    for (let slot = this.index.first(); slot !== NO_VMA; slot = this.index.next(slot)) up.push(slot);
    for (let slot = this.index.last(); slot !== NO_VMA; slot = this.index.prev(slot)) down.push(slot);
    return { up, down: down.reverse(), naive: this.kept.map(({ slot }) => slot) };
  }
}

/** How an index is filled before the run: holes and lengths, in pages. */
const filling = fc.oneof(
  fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })), { maxLength: 20, size: 'max' }),
  fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })), { maxLength: 300, size: 'max' }),
  fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 40), fc.constant(1)), { maxLength: 2000, size: 'max' }),
);

type Change =
  | { readonly kind: 'insert'; readonly at: number; readonly pages: number }
  | { readonly kind: 'remove'; readonly at: number; readonly many: number }
  | { readonly kind: 'start' | 'end'; readonly at: number; readonly by: number };

const spot = fc.nat(8000);
const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: spot, pages: fc.integer({ min: 1, max: 4 }) }),
    // Many at once, side by side: chunks run empty and are joined.
    fc.record({ kind: fc.constant('remove' as const), at: spot, many: fc.constantFrom(1, 1, 1, 50, 200) }),
    fc.record({
      kind: fc.constantFrom('start' as const, 'end' as const),
      at: spot,
      by: fc.integer({ min: -4, max: 4 }),
    }),
  ),
  { maxLength: 60, size: 'max' },
);

function apply(pair: Pair, change: Change): void {
  if (change.kind === 'insert') pair.insert(change.at, change.at + change.pages);
  else if (change.kind === 'remove') for (let i = 0; i < change.many; i++) pair.remove(change.at);
  else pair.move(change.at, change.by, change.kind);
}

describe(`VmaIndex against an array that is searched from end to end (seed ${seed})`, () => {
  it('answers the same after any insertions, removals and moved edges', () => {
    fc.assert(
      fc.property(filling, changes, fc.infiniteStream(spot), (fill, calls, spots) => {
        const pair = new Pair();
        const spotAt = (): number => spots.next().value as number;
        let at = 0;
        for (const [hole, pages] of fill) {
          pair.insert(at + hole, at + hole + pages);
          at += hole + pages;
        }
        for (const call of calls) {
          apply(pair, call);
          for (const page of [call.at, spotAt() % Math.max(1, at)]) {
            const { ours, naive } = pair.ask(page);
            expect(ours).toEqual(naive);
          }
          const low = spotAt();
          const found = pair.gap(low % 300, low + 1, 1 + (spotAt() % 12));
          expect(found.ours).toBe(found.naive);
        }
        const { up, down, naive } = pair.walk();
        expect(up).toEqual(naive);
        expect(down).toEqual(naive);
        expect(pair.index.size).toBe(naive.length);
      }),
      { seed, numRuns: 60 },
    );
  });
});

describe(`room among VMAs enough that chunks are in blocks (seed ${seed})`, () => {
  const many = 12_000;
  const where = fc.nat(2 * many);
  const call = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: where, pages: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(many), many: fc.constantFrom(1, 2, 300) }),
    fc.record({
      kind: fc.constantFrom('start' as const, 'end' as const),
      at: fc.nat(many),
      by: fc.constantFrom(-1, 1),
    }),
  );

  it('is found where a search from end to end finds it', () => {
    fc.assert(
      fc.property(fc.array(call, { minLength: 5, maxLength: 25 }), fc.infiniteStream(where), (calls, places) => {
        const pair = new Pair();
        // Two pages side by side each: holes come only by what is done.
        for (let i = 0; i < many; i++) pair.append(2 * i, 2 * i + 2);
        for (const change of calls) {
          apply(pair, change);
          for (const pages of [1, 2, 5, 400]) {
            const high = places.next().value as number;
            for (const [from, to] of [[0, 2 * many] as const, [high % 500, high + 1] as const]) {
              const { ours, naive } = pair.gap(from, to, pages);
              expect([pages, from, to, ours]).toEqual([pages, from, to, naive]);
            }
          }
        }
      }),
      { seed, numRuns: 12 },
    );
  });

  it('takes a look at a few chunks and at blocks of 64, not at every chunk', () => {
    const mm = new Mm({ profile: kernelProfile('6.19'), maxMapCount: 2_000_000 });
    const vmas = 400_000;
    const top = mm.mmapBase - PAGE_SIZE;
    // Side by side, of two kinds in turn, so that nothing merges and there is no hole.
    for (let i = 0; i < vmas; i++) {
      const prot = i % 2 === 0 ? PROT_READ : PROT_NONE;
      mmap(mm, { addr: top - i * PAGE_SIZE, length: PAGE_SIZE, prot, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED });
    }
    expect(mm.mapCount).toBe(vmas);
    const chunks = vmas / 64;
    const { index } = mm;
    const visits: number[] = [];
    for (let i = 0; i < 300; i++) {
      const before = index.holeVisits;
      const prot = i % 2 === 0 ? PROT_READ : PROT_NONE;
      mmap(mm, { length: PAGE_SIZE, prot, flags: MAP_PRIVATE | MAP_ANONYMOUS });
      visits.push(index.holeVisits - before);
    }
    // The first search makes out what all the others then know.
    expect(visits[0]).toBeGreaterThanOrEqual(chunks);
    const later = visits.slice(1);
    expect(Math.max(...later)).toBeLessThanOrEqual(chunks / 64 + 4 * 64);
    expect(mm.mapCount).toBe(vmas + 300);
  });
});

describe('VmaIndex at its edges', () => {
  it('is empty, and says so', () => {
    const { index } = new Pair();
    expect([index.first(), index.last(), index.find(0), index.lookup(5), index.floor(9)]).toEqual([0, 0, 0, 0, 0]);
    expect(index.highestGap(0, 100 * PAGE_SIZE, PAGE_SIZE)).toBe(100 * PAGE_SIZE);
    expect(index.highestGap(0, PAGE_SIZE, 2 * PAGE_SIZE)).toBe(-1);
  });

  it('is empty again when all is removed, in any order', () => {
    for (const pickOf of [() => 0, (left: number) => left - 1, (left: number) => left >> 1]) {
      const pair = new Pair();
      for (let i = 0; i < 500; i++) pair.insert(2 * i, 2 * i + 1);
      for (let left = 500; left > 0; left--) pair.remove(pickOf(left));
      expect([pair.index.size, pair.index.first(), pair.index.last()]).toEqual([0, NO_VMA, NO_VMA]);
      pair.insert(7, 8);
      expect(pair.walk().up).toHaveLength(1);
    }
  });

  it('keeps VMAs that come in falling order, and from the middle out', () => {
    for (const placeOf of [(i: number) => 1000 - i, (i: number) => 1000 + (i % 2 === 0 ? i : -i)]) {
      const pair = new Pair();
      for (let i = 0; i < 500; i++) pair.insert(2 * placeOf(i), 2 * placeOf(i) + 1);
      const { up, down, naive } = pair.walk();
      expect([up, down]).toEqual([naive, naive]);
      expect(naive).toHaveLength(500);
    }
  });
});

describe('a million VMAs', () => {
  it('are looked up with one chunk a lookup, and a system call takes a handful', () => {
    const mm = new Mm({ profile: kernelProfile('6.19'), maxMapCount: 2_000_000 });
    const count = 1_000_000;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    for (let i = 0; i < count; i++) {
      mmap(mm, { addr: 2 * i * PAGE_SIZE, length: PAGE_SIZE, prot: PROT_READ, flags });
    }
    expect(mm.mapCount).toBe(count);
    const { index } = mm;
    const most: Record<string, number> = { lookup: 0, mprotect: 0, munmap: 0, mmap: 0 };
    const visits = (name: string, work: () => unknown): void => {
      const before = index.chunkVisits;
      work();
      most[name] = Math.max(most[name] ?? 0, index.chunkVisits - before);
    };
    let wrong = 0;
    for (let i = 0; i < 2000; i++) {
      const addr = 2 * ((i * 7919 * 131) % count) * PAGE_SIZE;
      visits('lookup', () => index.lookup(addr));
      if (mm.store.start[index.lookup(addr)] !== addr) wrong++;
      visits('mprotect', () => mprotect(mm, addr, PAGE_SIZE, PROT_NONE));
      visits('munmap', () => munmap(mm, addr, PAGE_SIZE));
      visits('mmap', () => mmap(mm, { addr, length: PAGE_SIZE, prot: PROT_READ, flags }));
    }
    expect(wrong).toBe(0);
    expect(most.lookup).toBe(1);
    for (const [name, chunks] of Object.entries(most)) expect([name, chunks <= 4]).toEqual([name, true]);
    expect(mm.mapCount).toBe(count);
    // 68 bytes a VMA and the index: far from an object each.
    expect((mm.store.byteLength + index.byteLength) / count).toBeLessThan(160);
  });
});
