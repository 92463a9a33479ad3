import type { StraceCall } from 'proc-io';

/** One past the highest address of a process with four levels of page tables. */
const USER_SPACE_4_LEVELS = 2 ** 47;

/**
 * What a call shows of a process whose address space is not the one that is modelled, that of a 64-bit process on x86-64 with four
 * levels of page tables. `null`: nothing. `mmap2` and `old_mmap` are calls of 32 bits alone.
 */
export function otherMachine(call: StraceCall): string | null {
  switch (call.name) {
    case 'mmap2':
    case 'old_mmap':
      return 'a 32-bit process';
    case 'mmap':
    case 'mremap':
    case 'brk':
    case 'shmat':
      return call.ret !== null && call.ret >= USER_SPACE_4_LEVELS
        ? 'a process with addresses above 47 bits (arm64, or five levels of page tables)'
        : null;
    default:
      return null;
  }
}
