import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { virtAddr } from 'vma-core';
import {
  formatStraceCall,
  type StraceArgs,
  type StraceCall,
  type StraceCallName,
  type StraceFd,
  type StraceText,
} from '../../src/index.ts';
import { readCall } from '../readLog.ts';

const SEED = 20260119;

// Arguments as a log can hold them: addresses and lengths that a double holds exactly, everything else of any value.
const addr = fc.oneof(
  fc.nat({ max: 2 ** 35 }).map((page) => virtAddr(page * 4096)),
  fc.maxSafeNat().map(virtAddr),
  fc.constantFrom(0, 2 ** 64 - 0xa0_0000, 2 ** 63).map(virtAddr),
);
const length = fc.oneof(fc.nat({ max: 2 ** 40 }), fc.maxSafeNat(), fc.constant(2 ** 63));
const u32 = fc.nat({ max: 0xffff_ffff });
const bytes = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) });
const text: fc.Arbitrary<StraceText> = fc.record({ text: bytes, truncated: fc.boolean() });
const path = fc
  .array(fc.constantFrom('a', '<', '>', '-', '->', ',', '(', ')', ' ', '\n', '\\', '"', '\u00e9', 'b.so', '=', '/*'))
  .map((parts) => `/${parts.join('')}x`);
const fd: fc.Arbitrary<StraceFd> = fc.oneof(
  fc.constant({ fd: -1, path: null, deleted: false, device: null }),
  fc.nat({ max: 70000 }).map((n) => ({ fd: n, path: null, deleted: false, device: null })),
  fc.record({
    fd: fc.nat({ max: 70000 }),
    path,
    deleted: fc.boolean(),
    device: fc.constantFrom(null, 'char 1:5', 'block 254:0'),
  }),
);
/** One by which a map is read: other reads are no events. */
const mapFd = fc.nat({ max: 70000 }).map((n) => ({ fd: n, path: '/proc/7/maps', deleted: false, device: null }));
const range = { addr, length };
const flags = u32;
const none = fc.constant({});
const exitSignal = fc.nat({ max: 64 });
const cloneFlags = fc.bigInt({ min: 0n, max: (1n << 34n) - 1n }).map((bits) => Number(bits & ~0xffn));
const limit = fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.maxSafeNat());
const mmap = fc.record({ ...range, prot: u32, flags, fd, offset: addr.map(Number) });
const exec = fc.record({ path: text, argv: fc.option(fc.array(text, { maxLength: 4 })) });
const rlimit = {
  resource: fc.constantFrom('RLIMIT_STACK', 'RLIMIT_AS', 'RLIMIT_DATA', 'RLIMIT_MEMLOCK'),
  cur: limit,
  max: limit,
} as const;
const descriptor = fc
  .constantFrom('8, {flags=0, sq_entries=8}', 'AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)', '0')
  .map((words) => ({ text: words }));
const open = fc.record({ path: text, flags: fc.nat({ max: 0x7fff_ffff }) });

/** Arbitrary arguments for every call. */
const ARGS: { readonly [N in StraceCallName]: fc.Arbitrary<StraceArgs[N]> } = {
  mmap,
  mmap2: mmap,
  old_mmap: mmap,
  munmap: fc.record(range),
  mprotect: fc.record({ ...range, prot: u32 }),
  pkey_alloc: fc.record({ flags: u32, rights: u32 }),
  pkey_free: fc.record({ pkey: fc.integer({ min: -1, max: 15 }) }),
  pkey_mprotect: fc.record({ ...range, prot: u32, pkey: fc.integer({ min: -1, max: 15 }) }),
  madvise: fc.record({ ...range, advice: u32 }),
  process_madvise: fc
    .record({
      pidfd: fd,
      ranges: fc.array(fc.record(range), { maxLength: 3 }),
      more: fc.nat({ max: 2 }),
      advice: u32,
      flags,
    })
    .map(({ more, ...args }) => ({ ...args, count: args.ranges.length + more })),
  mremap: fc.record({ addr, oldLength: length, newLength: length, flags, newAddr: fc.option(addr) }),
  brk: fc.record({ addr }),
  mlock: fc.record(range),
  mlock2: fc.record({ ...range, flags }),
  munlock: fc.record(range),
  mlockall: fc.record({ flags }),
  munlockall: none,
  mseal: fc.record({ ...range, flags }),
  remap_file_pages: fc.record({ ...range, prot: u32, pgoff: fc.maxSafeNat(), flags }),
  map_shadow_stack: fc.record({ ...range, flags }),
  shmget: fc.record({ key: u32, length, flags }),
  shmat: fc.record({ shmid: fc.nat({ max: 0x7fff_ffff }), addr, flags }),
  shmdt: fc.record({ addr }),
  prctl: fc.oneof(
    fc.record({ option: fc.constant('PR_SET_VMA'), ...range, name: fc.option(bytes) }),
    fc.record({ option: fc.constant('PR_SET_VMA'), ...range, name: fc.constant(undefined) }),
    fc.record({
      option: fc.constant('PR_SET_MM'),
      field: fc.constantFrom('PR_SET_MM_BRK', 'PR_SET_MM_MAP', '0x63'),
      value: fc.maxSafeNat(),
    }),
    fc.record({ option: fc.constantFrom('PR_SET_THP_DISABLE', 'PR_SET_MEMORY_MERGE'), value: fc.nat({ max: 3 }) }),
  ) as fc.Arbitrary<StraceArgs['prctl']>,
  userfaultfd: fc.record({ flags }),
  ioctl: fc.oneof(
    fc.record({ fd, request: fc.constant('UFFDIO_API'), features: u32 }).map(uffdio),
    fc.record({ fd, request: fc.constant('UFFDIO_REGISTER'), start: addr, length, mode: u32 }).map(uffdio),
    fc.record({ fd, request: fc.constantFrom('UFFDIO_UNREGISTER', 'UFFDIO_WAKE'), start: addr, length }).map(uffdio),
    fc
      .record({
        fd,
        request: fc.constant('UFFDIO_COPY'),
        start: addr,
        length,
        src: addr,
        mode: u32,
        done: fc.option(fc.integer()),
      })
      .map(uffdio),
    fc
      .record({
        fd,
        request: fc.constant('UFFDIO_ZEROPAGE'),
        start: addr,
        length,
        mode: u32,
        done: fc.option(fc.nat()),
      })
      .map(uffdio),
    fc.record({ fd, request: fc.constant('UFFDIO_WRITEPROTECT') }).map(uffdio),
  ),
  clone: fc.record({ flags: cloneFlags, exitSignal, stack: addr, stackSize: fc.constant(null) }),
  clone3: fc.record({ flags: cloneFlags, exitSignal, stack: addr, stackSize: fc.option(length) }),
  fork: none,
  vfork: none,
  execve: exec,
  execveat: exec,
  exit: fc.record({ status: fc.integer({ min: -128, max: 255 }) }),
  exit_group: fc.record({ status: fc.integer({ min: -128, max: 255 }) }),
  setrlimit: fc.record({ pid: fc.constant(0), isRead: fc.constant(false), ...rlimit }),
  prlimit64: fc
    .record({ pid: fc.nat({ max: 4_000_000 }), isRead: fc.boolean(), ...rlimit })
    .map((one) => ({ ...one, isRead: one.isRead && one.resource === 'RLIMIT_MEMLOCK' })),
  personality: fc.record({ flags: fc.nat({ max: 0xffff_fffe }) }),
  open,
  openat: open,
  creat: fc.record({ path: text, flags: fc.constant(0o1101) }),
  openat2: open,
  memfd_secret: descriptor,
  io_uring_setup: descriptor,
  perf_event_open: descriptor,
  socket: descriptor,
  bpf: fc.constant({ text: 'BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_ARRAY}, 72' }),
  memfd_create: open,
  close: fc.record({ fd }),
  dup: fc.record({ fd, newFd: fc.constant(null) }),
  dup2: fc.record({ fd, newFd: fc.nat({ max: 1000 }) }),
  dup3: fc.record({ fd, newFd: fc.nat({ max: 1000 }) }),
  fcntl: fc.oneof(
    fc.record({ fd, command: fc.constantFrom('F_DUPFD', 'F_DUPFD_CLOEXEC'), value: fc.nat({ max: 1000 }) }),
    fc.record({ fd, command: fc.constant('F_ADD_SEALS'), value: fc.nat({ max: 0x3f }) }),
  ),
  pidfd_open: fc.record({ pid: fc.nat({ max: 4_000_000 }) }),
  read: fc.record({ fd: mapFd, data: text, count: fc.nat(), offset: fc.constant(null) }),
  pread64: fc.record({ fd: mapFd, data: text, count: fc.nat(), offset: fc.nat() }),
  readv: fc.record({ fd: mapFd, data: text, count: fc.nat(), offset: fc.constant(null) }),
  lseek: fc.record({ fd: mapFd, offset: fc.nat(), whence: fc.nat({ max: 4 }) }),
  unmodelled: fc.record({
    syscall: fc.constantFrom('mbind', 'io_setup'),
    text: fc.constantFrom('', '1, [0x7f12]', 'a(b), {c=")"}'),
  }),
};

type Uffdio = Partial<StraceArgs['ioctl']> & Pick<StraceArgs['ioctl'], 'fd' | 'request'>;

function uffdio(given: Uffdio): StraceArgs['ioctl'] {
  return { start: null, length: null, src: null, mode: null, features: null, done: null, ...given };
}

const outcome = fc.oneof(
  fc.record({ ret: fc.nat({ max: 2 ** 35 }).map((page) => page * 4096), errno: fc.constant(null) }),
  fc.record({ ret: fc.constant(-1), errno: fc.constantFrom('ENOMEM', 'EINVAL', 'EFAULT', 'E530', 'ENOTTY') }),
  fc.record({ ret: fc.constant(null), errno: fc.constantFrom(null, 'ERESTARTSYS') }),
);

const call: fc.Arbitrary<StraceCall> = fc
  .constantFrom(...(Object.keys(ARGS) as StraceCallName[]))
  .chain((name) =>
    fc.record({
      kind: fc.constant('call'),
      name: fc.constant(name),
      line: fc.constant(1),
      endLine: fc.constant(1),
      openSince: fc.constant(null),
      pid: fc.option(fc.integer({ min: 1, max: 4_194_304 })),
      time: fc.constantFrom(null, '12:34:56', '12:34:56.123456', '1795467528.053215', '0.000123'),
      duration: fc.option(fc.nat({ max: 2_000_000_000 }).map((nanos) => Number((nanos / 1e9).toFixed(9)))),
      injected: fc.boolean(),
      unknownNames: fc.constant(null),
      inexact: fc.constant(false),
      args: ARGS[name] as fc.Arbitrary<unknown>,
      ret: fc.constant(0),
      errno: fc.constant(null),
    }),
  )
  .chain((base) => outcome.map((result) => ({ ...base, ...result }) as StraceCall));

describe(`printing and reading calls (seed ${SEED})`, () => {
  it('reading what was printed gives the same call', () => {
    fc.assert(
      fc.property(call, (made) => {
        expect(readCall(formatStraceCall(made))).toEqual(made);
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it.each(['mmap', 'madvise', 'mprotect', 'clone3', 'openat'] as const)(
    '%s: names without a number are kept',
    (name) => {
      fc.assert(
        fc.property(
          call.filter((made) => made.name === name),
          (made) => {
            const odd = { ...made, unknownNames: ['BRAND_NEW', 'NEWER'] };
            expect(readCall(formatStraceCall(odd)).unknownNames).toEqual(['BRAND_NEW', 'NEWER']);
          },
        ),
        { seed: SEED, numRuns: 20 },
      );
    },
  );
});
