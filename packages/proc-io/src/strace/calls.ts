import { virtAddr } from 'vma-core';
import * as kinds from './callSyntax.ts';
import { type CallSyntax, flags, list, printAdvice, type Unknown, withResult } from './callSyntax.ts';
import { ioctl, prctl } from './controlCalls.ts';
import * as tables from './flagTables.ts';
import { FlagCache } from './flagWords.ts';
import { address, decimal, hex } from './formatNumber.ts';
import type { LineCursor } from './lineCursor.ts';
import * as process from './processCalls.ts';
import * as reads from './readCalls.ts';
import { readResult } from './readResult.ts';
import { arrayItems, structFields } from './splitArgs.ts';
import type { ProcessMadviseArgs, RangeArgs, StraceArgs, StraceCallName } from './straceArgs.ts';
import { formatFd, readFd } from './straceFd.ts';

const range = { addr: kinds.address, length: kinds.decimal };
const prot = flags(tables.PROT_FLAGS);
const mapFlags = flags(tables.MAP_FLAGS);
const advice = flags(tables.MADV_FLAGS, printAdvice);
const exit = list<StraceArgs['exit']>({ status: kinds.decimal });

// Most lines of a log are mmap, munmap, mprotect, madvise and brk: for them alone, `read` spells out what the list says.
// A log is read in a quarter less time so.
const mmap: CallSyntax<StraceArgs['mmap']> = {
  ...list<StraceArgs['mmap']>({ ...range, prot, flags: mapFlags, fd: kinds.fd, offset: kinds.hex }),
  read: (c) =>
    withResult(c, {
      addr: c.address(),
      length: c.comma().number(),
      prot: prot.read(c.comma()),
      flags: mapFlags.read(c.comma()),
      fd: c.comma().fd(),
      offset: c.comma().number(),
    }),
};
const munmap: CallSyntax<RangeArgs> = {
  ...list<RangeArgs>(range),
  read: (c) => withResult(c, { addr: c.address(), length: c.comma().number() }),
};
const brk: CallSyntax<StraceArgs['brk']> = {
  ...list<StraceArgs['brk']>({ addr: kinds.address }),
  read: (c) => withResult(c, { addr: c.address() }),
};

const advices = new FlagCache(tables.MADV_FLAGS);
const noFlags = new FlagCache(tables.NO_FLAGS);

/** `process_madvise(3, [{iov_base=0x7f12, iov_len=4096}], 1, MADV_COLD, 0)` */
const processMadvise: CallSyntax<ProcessMadviseArgs> = {
  read(c) {
    const [pidfd = '', vector = '', count = '', advice = '', flags = ''] = kinds.readTexts(c);
    const isAddress = /^(?:NULL|0x[0-9a-f]+)$/.test(vector);
    const items = isAddress ? [] : arrayItems(vector)?.filter((item) => item !== '...');
    if (items === undefined) c.failAt(vector, 'process_madvise without its ranges');
    const ranges = (items ?? []).map((item): RangeArgs => {
      const fields = structFields(item);
      return {
        addr: virtAddr(c.numberOf(fields?.get('iov_base') ?? '')),
        length: c.numberOf(fields?.get('iov_len') ?? ''),
      };
    });
    return {
      pidfd: readFd(c, pidfd),
      ranges,
      count: c.numberOf(count),
      advice: c.flagsOf(advice, advices),
      flags: c.flagsOf(flags, noFlags),
    };
  },
  print(a, unknown) {
    const ranges = a.ranges.map((r) => `{iov_base=${address(r.addr)}, iov_len=${decimal(r.length)}}`);
    if (ranges.length < a.count) ranges.push('...');
    const rest = `${printAdvice(a.advice, tables.MADV_FLAGS, unknown)}, ${hex(a.flags)}`;
    return `${formatFd(a.pidfd)}, [${ranges.join(', ')}], ${a.count}, ${rest}`;
  },
};

/** How each call that becomes an event is read and printed. To add one: its arguments in StraceArgs, and a row here. */
export const CALLS: { readonly [N in Exclude<StraceCallName, 'unmodelled'>]: CallSyntax<StraceArgs[N]> } = {
  mmap,
  mmap2: mmap,
  old_mmap: mmap,
  munmap,
  mprotect: {
    ...list({ ...range, prot }),
    read: (c) => withResult(c, { addr: c.address(), length: c.comma().number(), prot: prot.read(c.comma()) }),
  },
  pkey_mprotect: list({ ...range, prot, pkey: kinds.decimal }),
  pkey_alloc: list({ flags: flags(tables.NO_FLAGS), rights: flags(tables.PKEY_RIGHTS) }),
  pkey_free: list({ pkey: kinds.decimal }),
  madvise: {
    ...list({ ...range, advice }),
    read: (c) => withResult(c, { addr: c.address(), length: c.comma().number(), advice: advice.read(c.comma()) }),
  },
  process_madvise: processMadvise,
  mremap: list({
    addr: kinds.address,
    oldLength: kinds.decimal,
    newLength: kinds.decimal,
    flags: flags(tables.MREMAP_FLAGS),
    newAddr: kinds.optionalAddress,
  }),
  brk,
  mlock: munmap,
  mlock2: list({ ...range, flags: flags(tables.MLOCK_FLAGS) }, 'spareNumbers'),
  munlock: munmap,
  mlockall: list({ flags: flags(tables.MCL_FLAGS) }),
  munlockall: list({}),
  mseal: list({ ...range, flags: flags(tables.NO_FLAGS) }, 'spareNumbers'),
  remap_file_pages: list({ ...range, prot, pgoff: kinds.decimal, flags: mapFlags }),
  map_shadow_stack: list({ ...range, flags: flags(tables.SHADOW_STACK_FLAGS) }, 'spareNumbers'),
  shmget: list({
    key: flags(tables.IPC_KEYS),
    length: kinds.decimal,
    flags: flags(tables.SHMGET_FLAGS, printShmgetFlags),
  }),
  shmat: list({ shmid: kinds.decimal, addr: kinds.address, flags: flags(tables.SHMAT_FLAGS) }),
  shmdt: brk,
  prctl,
  userfaultfd: list({ flags: flags(tables.UFFD_FLAGS) }),
  ioctl,
  clone: process.clone,
  clone3: process.clone3,
  fork: list({}),
  vfork: list({}),
  execve: process.execve,
  execveat: process.execveat,
  exit,
  exit_group: exit,
  setrlimit: process.setrlimit,
  prlimit64: process.prlimit64,
  personality: process.personality,
  open: process.open,
  openat: process.openat,
  creat: process.creat,
  openat2: process.openat2,
  memfd_create: process.memfdCreate,
  memfd_secret: process.descriptor,
  io_uring_setup: process.descriptor,
  perf_event_open: process.descriptor,
  socket: process.descriptor,
  bpf: process.bpf,
  close: list({ fd: kinds.fd }),
  dup: process.dup,
  dup2: process.dup,
  dup3: process.dup3,
  fcntl: process.fcntl,
  pidfd_open: process.pidfdOpen,
  read: reads.read,
  pread64: reads.read,
  readv: reads.readv,
  lseek: reads.lseek,
};

/** The calls that become events only where their descriptor is one by which the log reads a map; see MapFds. */
export const OF_MAP_FILES: ReadonlySet<StraceCallName> = new Set(['read', 'pread64', 'readv', 'lseek'] as const);

/** The calls that return a page-aligned address. */
export const RETURNS_PAGE: ReadonlySet<StraceCallName> = new Set([
  'mmap',
  'mmap2',
  'old_mmap',
  'mremap',
  'shmat',
  'map_shadow_stack',
] as const);

/** Calls under the number that a strace which does not know them prints; the same on every architecture but alpha. */
export const NUMBERED_CALLS: ReadonlyMap<string, StraceCallName> = new Map<string, StraceCallName>([
  ['syscall_0x1ce', 'mseal'],
  ['syscall_0x1c5', 'map_shadow_stack'],
]);

/** Calls that change mappings, or how they merge, and have no row above: events named `unmodelled`. */
export const UNMODELLED_CALLS: ReadonlySet<string> = new Set([
  'mbind',
  'set_mempolicy_home_node',
  'io_setup',
  'io_destroy',
  'ipc',
]);

/** Every call that a recording should have, by the names that strace knows: those that become events, but for reads of maps. */
export const RECORDED_CALLS: readonly string[] = [...Object.keys(CALLS), ...UNMODELLED_CALLS]
  .filter((name) => !(OF_MAP_FILES as ReadonlySet<string>).has(name))
  .sort();

/** Keeps the text of the arguments of a call that has no row. */
export function readUnmodelled(cursor: LineCursor, syscall: string): StraceArgs['unmodelled'] {
  const start = cursor.pos;
  cursor.split();
  const text = cursor.text.slice(start, cursor.pos);
  readResult(cursor);
  return { syscall, text };
}

/** The lowest nine bits are permissions, printed in octal. */
function printShmgetFlags(value: number, table: tables.FlagTable, unknown: Unknown): string {
  const mode = value % 0o1000;
  const rest = value - mode;
  const words = rest === 0 && unknown === null ? '' : `${kinds.printFlags(rest, table, unknown)}|`;
  return `${words}0${mode.toString(8).padStart(2, '0')}`;
}
