import { ptePfn, virtPage } from 'pt-model';
import { LO_ACCESS, LO_WRITE, NO_VMA, PAGE_SIZE } from 'vma-core';
import { expandStack } from 'vma-core/calls';
import { handleMmFault } from './fault.ts';
import type { ProcessState } from './processState.ts';

/** What a program does with a byte. */
export type AccessKind = 'read' | 'write';

/** The signal that an access raises: SIGSEGV with its si_code, or SIGBUS. */
export type AccessFault = 'MAPERR' | 'ACCERR' | 'SIGBUS';

/** What came of an access. */
export type AccessResult =
  | { readonly fault: null /** The byte that was read, or written. */; readonly value: number }
  | { readonly fault: AccessFault; readonly value: null };

const MAPERR: AccessResult = { fault: 'MAPERR', value: null };
const ACCERR: AccessResult = { fault: 'ACCERR', value: null };
const SIGBUS: AccessResult = { fault: 'SIGBUS', value: null };

/**
 * One access by the program: page faults and all. Kernel: `do_user_addr_fault()`, arch/x86/mm/fault.c.
 *
 * What the VMA forbids is looked at before its pages, so a guard marker in a PROT_NONE mapping is ACCERR, elsewhere MAPERR.
 * Below a growing stack the stack grows first, even when the access is then forbidden.
 *
 * @param addr byte address
 * @param value the byte that a write stores; left out, what the page holds does not change
 */
export function accessMemory(process: ProcessState, addr: number, kind: AccessKind, value?: number): AccessResult {
  const { mm } = process;
  let vma = mm.vmaLookup(addr);
  if (vma === NO_VMA) vma = expandStack(mm, addr);
  if (vma === NO_VMA) return MAPERR;
  const lo = mm.store.flagsLo[vma]!;
  const write = kind === 'write';
  if ((lo & (write ? LO_WRITE : LO_ACCESS)) === 0) return ACCERR;
  const page = Math.floor(addr / PAGE_SIZE);
  const outcome = handleMmFault(process, vma, page, write);
  if (outcome === 'SIGSEGV') return MAPERR;
  if (outcome !== 'handled') return SIGBUS;
  const { frames } = process.world;
  const pfn = ptePfn(process.pageTable.get(virtPage(page)));
  const offset = addr - page * PAGE_SIZE;
  if (write && value !== undefined) frames.writeByte(pfn, offset, value);
  return { fault: null, value: frames.readByte(pfn, offset) };
}
