import { mmapArgs, mremapArgs, type Op, type OpOf, type Process, protBits, rangeOf } from 'fork-sim';
import { ptePfn, virtPage } from 'pt-model';
import { adviceByName, MLOCK_ONFAULT, PAGE_SIZE } from 'vma-core';
import { type CallEffect, callEffect } from './callEffect.ts';

/** What a call answers: 0 or an address where it worked, else the name of an error or signal. */
export type CallResult = number | string;

/** A call that is made again and again: its arguments are worked out once. */
export interface Call extends CallEffect {
  readonly op: Op;
  /** `null`: a fork, which is the machine's own. */
  readonly perform: ((process: Process) => CallResult) | null;
  /** vm_flags that a new mapping of the call has where nothing else is mapped; `null`: it makes none. */
  readonly fresh: { readonly lo: number; readonly hi: number } | null;
}

/** What a write stores; no byte of a file is the same. */
export const WRITTEN_BYTE = 1;

/**
 * Makes an operation ready to be performed. Calls name their files by id.
 *
 * @param file the id of the file that mappings take
 * @param stores a write stores {@link WRITTEN_BYTE}; else what pages hold does not change
 */
export function prepareCall(op: Op, file: number, stores: boolean): Call {
  return { op, ...callEffect(op), perform: performing(op, file, stores), fresh: null };
}

/** One closure a call, and requests with the same fields in the same order: they are made millions of times. */
function performing(op: Op, file: number, stores: boolean): Call['perform'] {
  switch (op.op) {
    case 'fork':
      return null;
    case 'mmap': {
      const anonymous = (op.backing ?? 'anon') === 'anon';
      const { addr, length, prot, flags } = mmapArgs(op);
      const request = { addr, length, prot, flags, file: anonymous ? 0 : file, pgoff: op.pgoff ?? 0 };
      return (process) => process.mmap(request);
    }
    case 'mremap': {
      const { addr: oldAddr, oldLength, newLength, flags, newAddr } = mremapArgs(op);
      // An address of 0 is none.
      const request = { oldAddr, oldLength, newLength, flags, newAddr: newAddr ?? 0 };
      return (process) => process.mremap(request);
    }
    case 'touch':
      return touching(op, stores);
    case 'clear_refs':
      return (process) => {
        process.clearRefs(op.value);
        return 0;
      };
    case 'munmap': {
      const { addr, length } = rangeOf(op);
      return (process) => process.munmap(addr, length);
    }
    case 'mprotect': {
      const { addr, length } = rangeOf(op);
      const prot = protBits(op.prot);
      return (process) => process.mprotect(addr, length, prot);
    }
    case 'madvise': {
      const { addr, length } = rangeOf(op);
      const advice = adviceByName(op.advice) ?? -1;
      return (process) => process.madvise(addr, length, advice);
    }
    case 'mlock':
    case 'mlock2': {
      const { addr, length } = rangeOf(op);
      const flags = op.op === 'mlock2' ? MLOCK_ONFAULT : 0;
      return (process) => process.mlock(addr, length, flags);
    }
    case 'munlock': {
      const { addr, length } = rangeOf(op);
      return (process) => process.munlock(addr, length);
    }
    case 'mseal': {
      const { addr, length } = rangeOf(op);
      return (process) => process.mseal(addr, length);
    }
    default:
      throw new Error(`a search makes no ${op.op}`);
  }
}

function touching({ page, access }: OpOf<'touch'>, stores: boolean): Call['perform'] {
  const { addr } = rangeOf({ page, pages: 1 });
  if (access === 'read' || !stores) return (process) => process.access(addr, access).fault ?? 0;
  return (process) => {
    const { fault } = process.access(addr, access);
    if (fault !== null) return fault;
    const { frames } = process.world;
    const pfn = ptePfn(process.pageTable.get(virtPage(addr / PAGE_SIZE)));
    // A page of a file would keep the byte for every state that comes after.
    if (frames.isAnon(pfn)) frames.writeByte(pfn, 0, WRITTEN_BYTE);
    return 0;
  };
}
