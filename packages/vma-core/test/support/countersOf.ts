import { type Mm, MmCounters, NO_VMA } from '../../src/index.ts';

/** What the VMAs of an address space say that its counters are. */
export function countersOf({ store, index }: Mm): MmCounters {
  const counters = new MmCounters();
  for (let vma = index.first(); vma !== NO_VMA; vma = index.next(vma)) {
    counters.add(store.flagsLo[vma]!, (store.end[vma]! - store.start[vma]!) / 4096);
  }
  return counters;
}
