import { expect, it } from 'vitest';
import { kernelProfile, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, Mm, PAGE_SIZE } from '../src/index.ts';
import { mlock, mmap, mprotect, munmap } from '../src/mm/index.ts';
import { validateMm } from '../src/validateMm.ts';

const fresh = (): Mm => new Mm({ profile: kernelProfile('6.19') });

/** VMAs that differ from their neighbours, and slots that are free again. */
function fill(mm: Mm, count: number): void {
  for (let at = 0; at < count; at++) {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    mmap(mm, { addr: (at + 16) * PAGE_SIZE, length: PAGE_SIZE, prot: (at % 2) + 1, flags });
  }
  mlock(mm, 17 * PAGE_SIZE, PAGE_SIZE, 0);
  munmap(mm, 18 * PAGE_SIZE, PAGE_SIZE);
}

/** Calls that cut, join and make VMAs. */
function go(mm: Mm): void {
  mprotect(mm, 16 * PAGE_SIZE, 2 * PAGE_SIZE, 1);
  munmap(mm, 19 * PAGE_SIZE, PAGE_SIZE);
  fill(mm, 40);
}

it.each([
  [3, 3],
  [3, 300],
  [300, 3],
])('an address space that gets %i VMAs of another, in place of %i, goes on as that one does', (count, old) => {
  const [from, to] = [fresh(), fresh()];
  fill(from, count);
  fill(to, old);
  to.copyVmas(from);
  expect(validateMm(to)).toEqual([]);
  expect([to.vmas(), to.mapCount, to.counters]).toEqual([from.vmas(), from.mapCount, from.counters]);
  go(from);
  go(to);
  expect(validateMm(to)).toEqual([]);
  expect([to.vmas(), to.counters]).toEqual([from.vmas(), from.counters]);
});

it('the two share nothing', () => {
  const [from, to] = [fresh(), fresh()];
  fill(from, 5);
  to.copyVmas(from);
  const before = from.vmas();
  go(to);
  expect(from.vmas()).toEqual(before);
  to.copyVmas(from);
  expect(to.vmas()).toEqual(before);
});
