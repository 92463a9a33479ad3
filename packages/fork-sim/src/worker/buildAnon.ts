import { PTE_DIRTY, PTE_SOFT_DIRTY, PTE_WRITE, populateAnon, virtPage } from 'pt-model';
import {
  anonVmaPrepare,
  InvariantError,
  isErrno,
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import type { BuildAnonAnswer, Progress } from './forkSimApi.ts';
import type { Pacer } from './pacer.ts';

/** Pages that are written at once: 256 MiB, a millisecond or so. */
const SLICE_PAGES = 1 << 16;
const WRITTEN = PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY;

/**
 * Maps anonymous memory where the kernel would place it, and writes every page: what a program does that fills a heap of that size.
 * The pages are written in bulk, with the states that single write faults would leave.
 *
 * @throws InvariantError where the address space has no such gap
 * @throws OutOfMemoryError, CancelledError: the mapping stays, written as far as it was
 */
export async function buildAnon(process: Process, bytes: number, pacer: Pacer): Promise<BuildAnonAnswer> {
  if (!Number.isSafeInteger(bytes) || bytes <= 0 || bytes % PAGE_SIZE !== 0) {
    throw new InvariantError(`a size is a whole number of pages, in bytes, not ${bytes}`);
  }
  const addr = process.mmap({
    addr: 0,
    length: bytes,
    prot: PROT_READ | PROT_WRITE,
    flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
  });
  if (isErrno(addr)) throw new InvariantError(`mmap of ${bytes} bytes: ${addr}`);
  const vma = process.mm.vmaLookup(addr);
  if (!anonVmaPrepare(process.mm, vma)) throw new InvariantError(`no anon_vma for ${bytes} bytes: ENOMEM`);
  const first = addr / PAGE_SIZE;
  const pages = bytes / PAGE_SIZE;
  const progress = (done: number): Progress => ({ doing: 'writing pages', part: done / pages, done, unit: 'pages' });
  for (let done = 0; done < pages; ) {
    const slice = Math.min(SLICE_PAGES, pages - done);
    populateAnon(process.pageTable, virtPage(first + done), virtPage(first + done + slice), WRITTEN);
    done += slice;
    if (pacer.due()) await pacer.pause(progress(done));
  }
  pacer.report(progress(pages));
  return { addr, pages };
}
