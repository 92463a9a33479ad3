import { LO_ACCOUNT, LO_LOCKED } from './vmFlags.ts';

/**
 * What a kernel counts of an address space, in pages. Each call adds to them or takes from them; nothing works them out again from the VMAs.
 * So a call that changes a flag and not the count leaves them wrong until the process exits.
 */
export class MmCounters {
  /** Pages mapped: `VmSize` of /proc/PID/status. Kernel: `mm->total_vm`. */
  totalVm = 0;
  /** Pages of locked mappings: `VmLck`. What RLIMIT_MEMLOCK limits. Kernel: `mm->locked_vm`. */
  lockedVm = 0;
  /**
   * Pages that the mappings of this address space are charged for: its share of `Committed_AS` of /proc/meminfo. What shared anonymous memory
   * is charged for counts with its file, and is not among them. Kernel: `vm_acct_memory()`, `vm_committed_as`.
   */
  committed = 0;

  /**
   * Counts pages that a mapping gains, or, below 0, that it loses.
   *
   * @param lo the mapping's flags, low half
   */
  add(lo: number, pages: number): void {
    this.totalVm += pages;
    if ((lo & LO_LOCKED) !== 0) this.lockedVm += pages;
    if ((lo & LO_ACCOUNT) !== 0) this.committed += pages;
  }

  /** Counts pages of a mapping that get other flags. */
  change(oldLo: number, newLo: number, pages: number): void {
    this.add(oldLo, -pages);
    this.add(newLo, pages);
  }

  /** Counts what another address space counts. */
  set({ totalVm, lockedVm, committed }: MmCounters): void {
    this.totalVm = totalVm;
    this.lockedVm = lockedVm;
    this.committed = committed;
  }

  /** Nothing is mapped. */
  reset(): void {
    this.totalVm = 0;
    this.lockedVm = 0;
    this.committed = 0;
  }
}
