import type { StraceCall } from 'proc-io';
import { type Errno, MLOCK_ONFAULT, PAGE_SIZE, PROT_GROWSDOWN, pageAlign } from 'vma-core';

/** Addresses and lengths wrap here. */
const WRAP = 2 ** 64;

/**
 * What a kernel answers to arguments alone, before it looks at the map, where that is more than the calls of the model check themselves:
 * sums that wrap at 2^64, and an offset that is no whole number of pages. `null`: the map decides.
 *
 * Asked of 6.18.44. Kernel: `do_mprotect_pkey()`, `is_valid_madvise()`, `do_mlock()`, `do_mseal()`, `madvise_set_anon_name()`,
 * x86's `mmap(2)`.
 */
export function argumentResult(call: StraceCall): 0 | Errno | null {
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      if (call.args.offset % PAGE_SIZE !== 0) return 'EINVAL';
      return wraps(0, call.args.length) ? 'ENOMEM' : null;
    case 'munmap':
      return isNoPage(call.args.addr) ? 'EINVAL' : null;
    case 'mprotect':
    case 'pkey_mprotect':
      if (isNoPage(call.args.addr)) return 'EINVAL';
      return mprotectResult(call.args.addr, call.args.length, call.args.prot);
    case 'madvise':
    case 'mseal':
      return isNoPage(call.args.addr) || wraps(call.args.addr, call.args.length) ? 'EINVAL' : null;
    case 'mlock2':
      // The flags come first.
      return call.args.flags > MLOCK_ONFAULT ? 'EINVAL' : mlockResult(call);
    case 'mlock':
    case 'munlock':
      return mlockResult(call);
    case 'prctl':
      return call.args.option === 'PR_SET_VMA' && wraps(call.args.addr, call.args.length) ? 'EINVAL' : null;
    case 'mremap':
      return isNoPage(call.args.addr) || wraps(0, call.args.newLength) ? 'EINVAL' : null;
    default:
      return null;
  }
}

/** The last byte of 64 bits, which a double rounds up, is no page. */
function isNoPage(addr: number): boolean {
  return addr >= WRAP;
}

/** A range whose end would come before its start is looked at before the bits of its protection. */
function mprotectResult(addr: number, length: number, prot: number): Errno | null {
  const both = Math.floor(prot / PROT_GROWSDOWN) % 4 === 3;
  return wraps(addr, length) && addr % PAGE_SIZE === 0 && !both ? 'ENOMEM' : null;
}

/** The length is that of the pages touched; it may wrap to nothing. Whether anything may be locked comes first. */
function mlockResult({ args, errno }: Extract<StraceCall, { name: 'mlock' | 'mlock2' | 'munlock' }>): 0 | Errno | null {
  if (errno === 'EPERM') return null;
  const { addr, length } = args;
  const from = addr - (addr % PAGE_SIZE);
  const bytes = pageAlign(length + (addr - from)) % WRAP;
  if (bytes === 0) return 0;
  return from + bytes >= WRAP ? 'EINVAL' : null;
}

function wraps(start: number, length: number): boolean {
  return start + pageAlign(length) >= WRAP;
}
