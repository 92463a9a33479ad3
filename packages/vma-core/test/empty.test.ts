import { expect, it } from 'vitest';
import { kernelProfile, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, Mm, PAGE_SIZE } from '../src/index.ts';
import { mmap, mprotect, munmap } from '../src/mm/index.ts';
import { validateMm } from '../src/validateMm.ts';

/** VMAs that differ from their neighbours, more than a chunk of the index holds. */
function fill(mm: Mm, count: number): void {
  for (let at = 0; at < count; at++) {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    mmap(mm, { addr: (at + 16) * PAGE_SIZE, length: PAGE_SIZE, prot: at % 2, flags });
  }
  munmap(mm, 20 * PAGE_SIZE, PAGE_SIZE);
}

it.each([3, 300])('an address space that was emptied is as a new one, after %i VMAs', (count) => {
  const used = new Mm({ profile: kernelProfile('6.19') });
  fill(used, 300);
  const held = used.byteLength;
  used.empty();
  expect([used.mapCount, used.vmas(), used.index.first(), used.byteLength]).toEqual([0, [], 0, held]);
  const fresh = new Mm({ profile: kernelProfile('6.19') });
  for (const mm of [used, fresh]) {
    fill(mm, count);
    mprotect(mm, 16 * PAGE_SIZE, 2 * PAGE_SIZE, 1);
  }
  expect(used.vmas()).toEqual(fresh.vmas());
  expect(validateMm(used)).toEqual([]);
  expect(used.byteLength).toBe(held);
});

it('files hear that their mappings went', () => {
  const mm = new Mm({ profile: kernelProfile('6.19') });
  mm.addFile({ id: 1 });
  const heard: [number, number][] = [];
  mm.pageOps = { ...mm.pageOps, fileMapped: (file, change) => void heard.push([file, change]) };
  mmap(mm, { addr: 16 * PAGE_SIZE, length: PAGE_SIZE, prot: 1, flags: MAP_PRIVATE | MAP_FIXED, file: 1 });
  mm.empty();
  expect(heard).toEqual([
    [1, 1],
    [1, -1],
  ]);
});
