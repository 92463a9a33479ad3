import { PTE_DIRTY, PTE_SOFT_DIRTY, PTE_WRITE, populateAnon, virtPage } from 'pt-model';
import {
  InvariantError,
  isErrno,
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { anonVmaPrepare } from 'vma-core/merge';
import type { Process } from '../process/process.ts';
import type { BuildAnonAnswer } from './forkSimApi.ts';
import type { Job } from './job.ts';

const WRITTEN = PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY;

/**
 * Maps anonymous memory where the kernel would place it, and writes every page: what a program does that fills a heap of that size.
 * The pages are written in bulk, with the states that single write faults would leave.
 *
 * @throws InvariantError where the address space has no such gap
 * @throws OutOfMemoryError: the mapping stays, written as far as it was
 */
export function buildAnon(process: Process, bytes: number, job: Job): BuildAnonAnswer {
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
  populateAnon(process.pageTable, virtPage(first), virtPage(first + pages), WRITTEN);
  job.report({ doing: 'writing pages', part: 1, done: pages, unit: 'pages' });
  return { addr, pages };
}
