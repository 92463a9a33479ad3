import type { Mm } from '../mm.ts';
import { LO_EXEC, LO_WRITE } from '../vmFlags.ts';

/**
 * Does PR_SET_MDWE forbid what memory would become: executable and writable at once, or executable where it was not?
 * Kernel: `map_deny_write_exec()`, include/linux/mman.h (6.3 on).
 */
export function mapDenyWriteExec(mm: Mm, oldLo: number, newLo: number): boolean {
  if (!mm.hasMdwe || (newLo & LO_EXEC) === 0) return false;
  return (newLo & LO_WRITE) !== 0 || (oldLo & LO_EXEC) === 0;
}
