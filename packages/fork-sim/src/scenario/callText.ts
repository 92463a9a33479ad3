import { formatStraceArgs } from 'proc-io';
import { PAGE_SIZE } from 'vma-core';
import { formatRanges } from './operations.ts';
import { ARENA_BASE, type Op } from './scenario.ts';
import { straceCall } from './straceOps.ts';

/** An operation as a system call in C, with addresses and lengths in pages: `munmap(p + 4*PAGE, 2*PAGE)`. */
export function callText(op: Op): string {
  if (op.op === 'clear_refs') return `write(clear_refs, "${op.value}", 1)`;
  if (op.op === 'touch') {
    const { page, pages = 1 } = op;
    return `${op.access} ${pages === 1 ? `page ${page}` : `pages ${page} to ${page + pages - 1}`}`;
  }
  if (op.op === 'process_madvise') {
    return `process_madvise(${op.of ?? 'self'}, [${formatRanges(op.ranges)}], MADV_${op.advice})`;
  }
  const call = straceCall(op);
  if (call === null) return op.op;
  const args = formatStraceArgs(call).split(', ');
  // All that is printed in hex is an address, but for an mmap's offset; all other numbers of a page or more are bytes.
  const inPages = args.map((arg, at) => {
    const value = /^(0x[\da-f]+|\d+)$/.test(arg) ? Number(arg) : 0;
    if (arg.startsWith('0x') && !(call.name === 'mmap' && at === 5))
      return `p + ${(value - ARENA_BASE) / PAGE_SIZE}*PAGE`;
    return value >= PAGE_SIZE ? `${value / PAGE_SIZE}*PAGE` : arg;
  });
  return `${call.name}(${inPages.join(', ')})`;
}
