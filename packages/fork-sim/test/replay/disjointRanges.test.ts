import { expect, it } from 'vitest';
import { type AddressRange, DisjointRanges } from '../../src/replay/disjointRanges.ts';

/** The same, address by address. */
class EveryAddress {
  readonly #owner: (number | undefined)[] = Array(4000).fill(undefined);

  put({ start, end }: AddressRange, id: number): void {
    this.drop(start, end);
    this.#owner.fill(id, start, end);
  }

  cut(start: number, end: number): void {
    this.#owner.fill(undefined, start, end);
  }

  drop(start: number, end: number): void {
    let [from, to] = [start, end];
    while (from > 0 && this.#owner[start] !== undefined && this.#owner[from - 1] === this.#owner[start]) from--;
    while (to < 4000 && this.#owner[end - 1] !== undefined && this.#owner[to] === this.#owner[end - 1]) to++;
    this.#owner.fill(undefined, from, to);
  }

  at(addr: number): number | undefined {
    return this.#owner[addr];
  }
}

it('holds what each address belongs to, through thousands of random changes', () => {
  const ranges = new DisjointRanges<AddressRange & { readonly id: number }>();
  const simple = new EveryAddress();
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let id = 0; id < 3000; id++) {
    const start = random(3990);
    // Short ones mostly, so that there are many chunks; a long one takes several away.
    const end = start + 1 + random(id % 500 === 499 ? 2000 : 3);
    const kind = random(10);
    if (kind < 7) {
      ranges.put({ start, end, id });
      simple.put({ start, end }, id);
    } else if (kind < 9) {
      ranges.cut(start, end);
      simple.cut(start, end);
    } else {
      ranges.drop(start, end);
      simple.drop(start, end);
    }
    const addr = random(4000);
    expect(ranges.around(addr, addr + 1)?.id).toBe(simple.at(addr));
  }
  for (let addr = 0; addr < 4000; addr++) expect(ranges.around(addr, addr + 1)?.id).toBe(simple.at(addr));
});
