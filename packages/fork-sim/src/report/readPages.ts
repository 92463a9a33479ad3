import { pteDirty, ptePresent, pteSoftDirty, pteUffdWp, pteWrite, virtPage } from 'pt-model';
import { InvariantError, NO_VMA, PAGE_SIZE, TASK_SIZE, type VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import { pageLetter } from '../scenario/describeState.ts';
import { PAGE_BITS, type PageSlice, type PageSliceInput } from './slices.ts';

/** Pages of a slice at most: 64 GiB. */
const MAX_SLICE_PAGES = 1 << 24;
/** The letter of a page that no VMA holds: a space. */
const NOT_MAPPED = 0x20;

/**
 * Page states of a process; see {@link PageSlice}.
 * @throws InvariantError for a slice that is none
 */
export function readPages(process: Process, input: PageSliceInput): PageSlice {
  const { addr, pages } = input;
  const first = addr / PAGE_SIZE;
  const ok = Number.isSafeInteger(first) && Number.isSafeInteger(pages) && first >= 0 && pages >= 0;
  if (!ok || pages > MAX_SLICE_PAGES || addr + pages * PAGE_SIZE > TASK_SIZE) {
    throw new InvariantError(`no slice of pages: ${pages} from ${addr} on, at most ${MAX_SLICE_PAGES}`);
  }
  const letters = new Uint8Array(pages);
  const bits = new Uint8Array(pages);
  const { mm, pageTable } = process;
  let vma: VmaRef = NO_VMA;
  for (let i = 0; i < pages; i++) {
    const at = addr + i * PAGE_SIZE;
    if (vma === NO_VMA || at >= mm.store.end[vma]!) vma = mm.findVma(at);
    if (vma === NO_VMA || at < mm.store.start[vma]!) {
      letters[i] = NOT_MAPPED;
      continue;
    }
    const pte = pageTable.get(virtPage(first + i));
    letters[i] = pageLetter(process, pte).charCodeAt(0);
    const present = ptePresent(pte);
    bits[i] =
      (present && pteWrite(pte) ? PAGE_BITS.writable : 0) |
      (present && pteDirty(pte) ? PAGE_BITS.dirty : 0) |
      (pteSoftDirty(pte) ? PAGE_BITS.softDirty : 0) |
      (pteUffdWp(pte) ? PAGE_BITS.uffdWp : 0);
  }
  return { pid: process.pid, addr, letters, bits };
}
