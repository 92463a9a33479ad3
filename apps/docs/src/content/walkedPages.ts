import { ARENA_BASE, Arena } from 'fork-sim';
import { pteGuard, ptePfn, ptePresent, pteWrite, virtPage } from 'pt-model';
import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';

const PAGES = 8;

/** A page, and its entry in the page table. */
export interface WalkedPage {
  /** Bytes. */
  readonly addr: number;
  readonly entry: string;
  /** What the entry means for the page. */
  readonly says: string;
}

/** Eight pages: one written, one read, two guarded; made by the engine. */
export function walkedPages(): WalkedPage[] {
  const { current } = new Arena({ id: 'walk', ops: [] }, { profile: '6.19' });
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  current.mmap({ addr: ARENA_BASE, length: PAGES * PAGE_SIZE, prot: PROT_READ | PROT_WRITE, flags });
  current.access(ARENA_BASE + PAGE_SIZE, 'write', 1);
  current.access(ARENA_BASE + 2 * PAGE_SIZE, 'read');
  current.madvise(ARENA_BASE + 4 * PAGE_SIZE, 2 * PAGE_SIZE, MADV.GUARD_INSTALL);
  return Array.from({ length: PAGES }, (_, page) => {
    const addr = ARENA_BASE + page * PAGE_SIZE;
    return { addr, ...entryOf(current, addr) };
  });
}

function entryOf({ pageTable, world }: Arena['current'], addr: number): Omit<WalkedPage, 'addr'> {
  const pte = pageTable.get(virtPage(addr / PAGE_SIZE));
  if (pteGuard(pte)) return { entry: 'guard marker', says: 'Any access is a SIGSEGV. No memory is used for the page.' };
  if (!ptePresent(pte)) return { entry: 'none', says: 'The next access faults, and the kernel fills the entry.' };
  const frame = ptePfn(pte);
  if (world.frames.isZero(frame)) {
    return {
      entry: 'present, the zero page, read-only',
      says: 'It was only read, so it shares one page of zeroes with everybody.',
    };
  }
  const write = pteWrite(pte) ? 'writable' : 'read-only';
  return { entry: `present, frame ${frame}, ${write}`, says: 'It was written: it has memory of its own.' };
}
