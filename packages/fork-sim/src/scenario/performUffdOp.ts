import { PAGE_SIZE, type UffdContext } from 'vma-core';
import { type UffdMode, uffdRegister, uffdUnregister } from 'vma-core/calls';
import type { Process } from '../process/process.ts';
import { uffdioFill, uffdioRwprotect, uffdioWriteprotect } from '../process/uffdIoctl.ts';
import { NO_UFFD_FEATURES, type UffdTable } from '../process/uffdTable.ts';
import type { Arena } from './arena.ts';
import type { Op, StepRecord, UffdModeName } from './scenario.ts';

/** What an operation reports besides the state: the fields of a step that are its own. */
export type OpReport = Pick<StepRecord, 'res' | 'at' | 'faults' | 'vals' | 'brk' | 'open' | 'done'>;

/** The operations on a userfaultfd. */
export type UffdOp = Extract<Op, { op: `uffd_${string}` }>;

/** True for an operation on a userfaultfd. */
export function isUffdOp(op: Op): op is UffdOp {
  return op.op.startsWith('uffd_');
}

const MODES: Readonly<Record<UffdModeName, UffdMode>> = {
  wp: { wp: true },
  missing: { missing: true },
  'wp+missing': { wp: true, missing: true },
  rwp: { rwp: true },
};

/** Performs an operation on a userfaultfd, which is opened first if it is not. */
export function performUffdOp(arena: Arena, uffds: UffdTable, op: UffdOp, step: number): OpReport {
  const process = arena.current;
  const n = op.uffd ?? 0;
  if (op.op === 'uffd_close') {
    uffds.close(n, process);
    return { res: 'ok' };
  }
  const context = uffds.get(n) ?? openUffd(process, uffds, n, op);
  if (context === null) return { res: 'EINVAL', open: false };
  const start = arena.addr(op.page);
  const length = op.pages * PAGE_SIZE;
  switch (op.op) {
    case 'uffd_register':
      return report(uffdRegister(process.mm, context, start, length, MODES[op.mode]));
    case 'uffd_unregister':
      return report(uffdUnregister(process.mm, context, start, length));
    case 'uffd_wp':
      return report(uffdioWriteprotect(process, start, length, op.on));
    case 'uffd_rwp':
      return report(uffdioRwprotect(process, start, length, op.on));
    case 'uffd_copy':
    case 'uffd_zero': {
      const value = op.op === 'uffd_copy' ? (step % 63) + 1 : null;
      const filled = uffdioFill(process, start, length, value, op.wp ?? false);
      return { ...report(filled.result), ...(filled.result !== 0 && filled.done > 0 ? { done: filled.done } : {}) };
    }
    default:
      return op satisfies never;
  }
}

/** Opens a userfaultfd with the features of its first use; `null`: the kernel knows no such feature. */
/** `null`: the kernel lacks a feature that is asked for, so UFFDIO_API fails. */
function openUffd(process: Process, uffds: UffdTable, n: number, features: UffdOp): UffdContext | null {
  const { uffdRwp, uffdWpUnpopulated, uffdWpAsync } = process.world.profile;
  if (features.rwp && !uffdRwp) return null;
  if ((features.unpopulated && !uffdWpUnpopulated) || (features.async && !uffdWpAsync)) return null;
  const { eventFork, eventRemap, unpopulated, async, rwp } = { ...NO_UFFD_FEATURES, ...features };
  return uffds.open(n, { eventFork, eventRemap, unpopulated, async, rwp }, process);
}

/** The report of a call that answers with 0 or an errno. */
export function report(result: 0 | string): OpReport {
  return { res: result === 0 ? 'ok' : result };
}
