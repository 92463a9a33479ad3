import { describe, expect, it } from 'vitest';
import { readCall, readLines } from '../readLog.ts';

const GUARD_INSTALL = 102;
const MMAP = 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000';

describe('prefixes', () => {
  it.each([
    { prefix: '', pid: null, time: null },
    { prefix: '25201 ', pid: 25201, time: null },
    { prefix: '7     ', pid: 7, time: null },
    { prefix: '[pid 25201] ', pid: 25201, time: null },
    { prefix: '12 25201 ', pid: 25201, time: null },
    { prefix: '   12  25201 12:34:56 ', pid: 25201, time: '12:34:56' },
    { prefix: '12 [pid 25201] ', pid: 25201, time: null },
    { prefix: '[pid     7] ', pid: 7, time: null },
    { prefix: '[pid 7<bash>] ', pid: 7, time: null },
    { prefix: '7<my prog> ', pid: 7, time: null },
    { prefix: '12:34:56 ', pid: null, time: '12:34:56' },
    { prefix: '12:34:56.123456 ', pid: null, time: '12:34:56.123456' },
    { prefix: '1795467528.053215 ', pid: null, time: '1795467528.053215' },
    { prefix: '1795467528 ', pid: null, time: '1795467528' },
    { prefix: '     0.000123 ', pid: null, time: '0.000123' },
    { prefix: '7 12:34:56 ', pid: 7, time: '12:34:56' },
    { prefix: '7 1795467528 ', pid: 7, time: '1795467528' },
    { prefix: '7      0.000123 ', pid: 7, time: '0.000123' },
    { prefix: '[pid 7] 12:34:56 (+     0.000123) ', pid: 7, time: '12:34:56' },
    { prefix: '[00007f5d464faad7] ', pid: null, time: null },
    { prefix: '7 12:34:56 [  59] [00007f5d464faad7] ', pid: 7, time: '12:34:56' },
  ])('"$prefix": pid $pid, time $time', ({ prefix, pid, time }) => {
    expect(readCall(prefix + MMAP)).toMatchObject({ name: 'mmap', pid, time, line: 1, endLine: 1 });
  });
});

describe('flags and numbers', () => {
  const flagsOf = (text: string): object => {
    const call = readCall(`mmap(NULL, 4096, PROT_READ, ${text}, -1, 0) = 0x1000`);
    return { flags: call.name === 'mmap' ? call.args.flags : undefined, unknown: call.unknownNames };
  };
  it.each([
    { text: 'MAP_PRIVATE|MAP_ANONYMOUS', flags: 0x22 },
    { text: 'MAP_PRIVATE|0x40', flags: 0x42 },
    { text: '0x22', flags: 0x22 },
    { text: '0x22 /* MAP_PRIVATE|MAP_ANONYMOUS */', flags: 0x22 },
    { text: '0x27 /* 0x7 /* MAP_??? */|MAP_ANONYMOUS */', flags: 0x27 },
    { text: '0x7 /* MAP_??? */|MAP_ANONYMOUS', flags: 0x27 },
    { text: 'MAP_PRIVATE|MAP_HUGETLB|21<<MAP_HUGE_SHIFT', flags: 0x5404_0002 },
    { text: 'MAP_SHARED_VALIDATE|MAP_SYNC', flags: 0x8_0003 },
    { text: 'MAP_DROPPABLE|MAP_ANONYMOUS', flags: 0x28 },
    { text: 'MAP_FILE', flags: 0 },
    { text: '0', flags: 0 },
    { text: 'MAP_PRIVATE|MAP_BRAND_NEW', flags: 2, unknown: ['MAP_BRAND_NEW'] },
  ])('$text', ({ text, flags, unknown = null }) => {
    expect(flagsOf(text)).toEqual({ flags, unknown });
  });

  it.each([
    ['MADV_DONTNEED', 4],
    ['0x66 /* MADV_??? */', GUARD_INSTALL],
    ['0x66', GUARD_INSTALL],
    ['MADV_GUARD_INSTALL', GUARD_INSTALL],
    ['0x67 /* MADV_??? */', 103],
    ['MADV_COLLAPSE', 25],
    ['0xffffffff /* MADV_??? */', 0xffff_ffff],
  ])('madvise %s is %i', (text, advice) => {
    expect(readCall(`madvise(0x7f0000000000, 4096, ${text}) = 0`).args).toEqual({
      addr: 0x7f00_0000_0000,
      length: 4096,
      advice,
    });
  });

  it.each([
    ['NULL', 0, false],
    ['0', 0, false],
    ['0x7ffffffff000', 0x7fff_ffff_f000, false],
    ['0XABC', undefined, false],
    ['0xABC', 0xabc, false],
    ['0xffffffffff600000', 2 ** 64 - 0xa0_0000, false],
    ['0xffffffffffffffff', 2 ** 64, true],
    ['0x20000000000001', 2 ** 53, true],
    ['140737488351232', 0x7fff_ffff_f000, false],
    ['18446744073709551615', 2 ** 64, true],
    ['0x123456', 0x12_3456, false],
    ['0x1234567', 0x123_4567, false],
    ['0x123456789abc', 0x1234_5678_9abc, false],
    ['0x123456789abcd', 0x1_2345_6789_abcd, false],
  ])('address %s', (text, addr, inexact) => {
    const { events } = readLines(MMAP, `munmap(${text}, 4096) = 0`);
    if (addr === undefined) expect(events[1]).toMatchObject({ kind: 'unreadable' });
    else expect(events[1]).toMatchObject({ kind: 'call', args: { addr, length: 4096 }, inexact });
  });
});

describe('descriptors', () => {
  it.each([
    { text: '-1', fd: -1, path: null },
    { text: '3', fd: 3, path: null },
    { text: '3</usr/lib/libc.so.6>', fd: 3, path: '/usr/lib/libc.so.6' },
    { text: '3</a, b) = 0x7>', fd: 3, path: '/a, b) = 0x7' },
    { text: String.raw`3</we ird\n\74x\76\303\251>`, fd: 3, path: '/we ird\n<x>\u00c3\u00a9' },
    { text: String.raw`3</tab\11\x41\\>`, fd: 3, path: '/tab\tA\\' },
    { text: '3</tmp/x>(deleted)', fd: 3, path: '/tmp/x', deleted: true },
    { text: '3</tmp/x (deleted)>', fd: 3, path: '/tmp/x', deleted: true },
    { text: '5</memfd:my mem>(deleted)', fd: 5, path: '/memfd:my mem', deleted: true },
    { text: '4</dev/zero<char 1:5>>', fd: 4, path: '/dev/zero', device: 'char 1:5' },
    { text: '4<socket:[123]>', fd: 4, path: 'socket:[123]' },
    { text: '4<TCP:[127.0.0.1:5->10.0.0.1:80]>', fd: 4, path: 'TCP:[127.0.0.1:5->10.0.0.1:80]' },
    { text: '6<anon_inode:[userfaultfd]>', fd: 6, path: 'anon_inode:[userfaultfd]' },
  ])('$text', ({ text, fd, path, deleted = false, device = null }) => {
    const line = `mmap(NULL, 4096, PROT_READ, MAP_SHARED, ${text}, 0x1000) = 0x7f0000000000`;
    const wanted = { fd: { fd, path, deleted, device }, offset: 4096 };
    expect(readCall(line).args).toMatchObject(wanted);
    expect(readLines(line, line).calls[1]?.args, 'the second time, from the cache').toMatchObject(wanted);
  });
});

describe('results', () => {
  const call = 'mprotect(0x7f0000000000, 4096, PROT_READ)';
  it.each([
    { result: '= 0', ret: 0 },
    { result: '            = 0', ret: 0 },
    { result: '= 0 <0.000012>', ret: 0, duration: 0.000012 },
    { result: '= -1 ENOMEM (Cannot allocate memory)', ret: -1, errno: 'ENOMEM' },
    { result: '= -1 ENOMEM (Cannot allocate memory) (INJECTED)', ret: -1, errno: 'ENOMEM', injected: true },
    { result: '= 0 (INJECTED: args, retval)', ret: 0, injected: true },
    { result: '= 0 (DELAYED) <0.5>', ret: 0, duration: 0.5 },
    { result: '= -1 (errno 530)', ret: -1, errno: 'E530' },
    { result: '= ?', ret: null },
    { result: '= ? <unavailable>', ret: null },
    { result: '= ? ERESTARTSYS (To be restarted if SA_RESTART is set)', ret: null, errno: 'ERESTARTSYS' },
    { result: "= 2 /* 1234 in strace's PID NS */", ret: 2 },
  ])('$result', ({ result, ret, errno = null, injected = false, duration = null }) => {
    expect(readCall(`${call} ${result}`)).toMatchObject({ ret, errno, injected, duration });
  });

  it('an address that is not page-aligned cannot be the result of mmap', () => {
    const { events } = readLines(MMAP, MMAP.replace('0x7f0000000000', '0x7f00000000'), MMAP.slice(0, -4));
    expect(events.map(({ kind }) => kind)).toEqual(['call', 'call', 'call']);
    const cut = readLines(MMAP, MMAP.replace('0x7f0000000000', '0x7f000000012'));
    expect(cut.events[1]).toMatchObject({ kind: 'unreadable', why: 'the address returned is not page-aligned' });
  });
});

describe('calls', () => {
  const at = 0x7f00_0000_0000;
  it.each([
    ['mremap(0x7f0000000000, 4096, 8192, 0) = -1 ENOMEM (Cannot allocate memory)', { flags: 0, newAddr: null }],
    ['mremap(0x7f0000000000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f0000001000', { addr: at, oldLength: 4096, flags: 1 }],
    [
      'mremap(0x7f0000000000, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED|MREMAP_DONTUNMAP, 0x1000) = 0x1000',
      { flags: 7, newAddr: 4096 },
    ],
    ['mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x2000) = 0xf7000000', { offset: 8192 }],
    ['pkey_mprotect(0x1000, 4096, PROT_READ, 1) = 0', { pkey: 1, prot: 1 }],
    ['brk(NULL) = 0x55c8c1e74000', { addr: 0 }],
    ['mlock2(0x7f0000000000, 4096, MLOCK_ONFAULT) = 0', { addr: at, length: 4096, flags: 1 }],
    ['mlockall(MCL_CURRENT|MCL_FUTURE) = 0', { flags: 3 }],
    ['munlockall() = 0', {}],
    ['mseal(0x7f0000000000, 4096, 0) = 0', { addr: at, flags: 0 }],
    ['remap_file_pages(0x7f0000000000, 4096, PROT_NONE, 1, MAP_FILE) = 0', { pgoff: 1, flags: 0 }],
    ['map_shadow_stack(NULL, 8192, SHADOW_STACK_SET_TOKEN) = 0x7f0000000000', { length: 8192, flags: 1 }],
    ['shmget(IPC_PRIVATE, 8192, IPC_CREAT|0600) = 5', { key: 0, length: 8192, flags: 0o1600 }],
    ['shmget(0x1234, 8192, 000) = -1 ENOENT (No such file or directory)', { key: 0x1234, flags: 0 }],
    ['shmat(5, NULL, SHM_RDONLY) = 0x7f0000000000', { shmid: 5, addr: 0, flags: 0o10000 }],
    ['shmdt(0x7f0000000000) = 0', { addr: at }],
    [
      'process_madvise(3, [{iov_base=0x1000, iov_len=4096}], 1, MADV_COLD, 0) = 4096',
      { ranges: [{ addr: 4096, length: 4096 }], advice: 20 },
    ],
    ['prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x1000, 4096, "a \\"b\\"") = 0', { option: 'PR_SET_VMA', name: 'a "b"' }],
    ['prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x1000, 4096, NULL) = 0', { name: null }],
    ['prctl(0x53564d41 /* PR_??? */, 0, 0x1000, 0x2000, 0x5555) = 0', { addr: 4096, length: 8192, name: undefined }],
    ['prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) = 0', { option: 'PR_SET_THP_DISABLE', value: 1 }],
    ['prctl(0x43 /* PR_??? */, 0x1, 0, 0, 0) = 0', { option: 'PR_SET_MEMORY_MERGE', value: 1 }],
    ['userfaultfd(UFFD_USER_MODE_ONLY|O_NONBLOCK|O_CLOEXEC) = 6', { flags: 0o2004001 }],
    [
      'ioctl(6, UFFDIO_API, {api=0xaa, features=UFFD_FEATURE_THREAD_ID => features=0x1ffff, ioctls=1<<_UFFDIO_API}) = 0',
      { features: 0x100 },
    ],
    [
      'ioctl(6, UFFDIO_REGISTER, {range={start=0x1000, len=0x4000}, mode=UFFDIO_REGISTER_MODE_WP, ioctls=0x17c}) = 0',
      { request: 'UFFDIO_REGISTER', start: 4096, length: 16384, mode: 2 },
    ],
    ['ioctl(6, UFFDIO_UNREGISTER, {start=0x1000, len=0x4000}) = 0', { start: 4096, length: 16384, mode: null }],
    [
      'ioctl(6, UFFDIO_COPY, {dst=0x1000, src=0x5000, len=0x1000, mode=0, copy=0x1000}) = 0',
      { start: 4096, src: 0x5000, done: 4096 },
    ],
    ['ioctl(6, 0xc018aa06, 0x7ffc7f529280) = 0', { request: 'UFFDIO_WRITEPROTECT', start: null }],
    ['ioctl(6, _IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0x6, 0x18), 0x7ffc7f529280) = 0', { request: 'UFFDIO_WRITEPROTECT' }],
    [
      'clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f12) = 7',
      { flags: 0x120_0000, exitSignal: 17, stack: 0 },
    ],
    ['clone(child_stack=NULL, flags=0x1200000|17, child_tidptr=0x7f12) = 7', { flags: 0x120_0000, exitSignal: 17 }],
    ['clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = 7', { flags: 0x4100, stack: 0x7f00 }],
    [
      'clone3({flags=CLONE_VM|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD, stack=0x1000, stack_size=0x7fff80} => {parent_tid=[7]}, 88) = 7',
      { flags: 0x1_0000_0100, exitSignal: 17, stack: 4096, stackSize: 0x7f_ff80 },
    ],
    ['vfork() = 7', {}],
    [
      'execve("/bin/a\\"b", ["a", "b"..., ...], 0x7ffd /* 35 vars */) = 0',
      {
        path: { text: '/bin/a"b', truncated: false },
        argv: [
          { text: 'a', truncated: false },
          { text: 'b', truncated: true },
          { text: '', truncated: true },
        ],
      },
    ],
    ['execveat(3, "", 0x7ffd, NULL, AT_EMPTY_PATH) = -1 EFAULT (Bad address)', { argv: null }],
    ['exit_group(3) = ?', { status: 3 }],
    [
      'setrlimit(RLIMIT_STACK, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0',
      { pid: 0, resource: 'RLIMIT_STACK', cur: 8 << 20, max: Number.POSITIVE_INFINITY },
    ],
    [
      'prlimit64(9, RLIMIT_AS, {rlim_cur=1, rlim_max=18446744073709551615}, NULL) = 0',
      { pid: 9, resource: 'RLIMIT_AS', cur: 1, max: Number.POSITIVE_INFINITY },
    ],
    ['personality(ADDR_NO_RANDOMIZE) = 0 (PER_LINUX)', { flags: 0x4_0000 }],
    [
      'openat(AT_FDCWD</tmp>, "/a b", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 3</a b>',
      { path: { text: '/a b', truncated: false }, flags: 0o2000102 },
    ],
    ['open("/a", O_RDONLY) = 3', { flags: 0 }],
    ['creat("/a", 0600) = 3', { flags: 0o1101 }],
    ['memfd_create("x", MFD_CLOEXEC) = 3', { flags: 1 }],
    ['close(3</a>) = 0', { fd: { fd: 3, path: '/a', deleted: false, device: null } }],
    ['dup3(3, 21, O_CLOEXEC) = 21', { newFd: 21 }],
    ['fcntl(3, F_DUPFD_CLOEXEC, 10) = 10', { fd: { fd: 3 }, command: 'F_DUPFD_CLOEXEC', value: 10 }],
    ['fcntl(3, 0x406, 0xa) = 10', { command: 'F_DUPFD_CLOEXEC', value: 10 }],
    [
      'fcntl(3</memfd:x>(deleted), F_ADD_SEALS, F_SEAL_GROW|F_SEAL_WRITE) = 0',
      { fd: { path: '/memfd:x' }, command: 'F_ADD_SEALS', value: 12 },
    ],
    ['pidfd_open(7<bash>, PIDFD_NONBLOCK) = 3', { pid: 7 }],
    [
      'read(3</proc/7/maps>, "7f12000-7f13000 r--p\\n"..., 4096) = 900',
      { data: { text: '7f12000-7f13000 r--p\n', truncated: true }, count: 4096, offset: null },
    ],
    ['pread64(3</proc/7/smaps>, "", 4096, 8192) = 0', { data: { text: '' }, offset: 8192 }],
    [
      'readv(3</proc/self/maps>, [{iov_base="7f", iov_len=2}, {iov_base="12"..., iov_len=1024}], 2) = 9',
      { data: { text: '7f12', truncated: true }, count: 1026 },
    ],
    ['lseek(3</proc/7/task/9/maps>, 0, SEEK_SET) = 0', { offset: 0, whence: 0 }],
    [
      'mbind(0x1000, 4096, MPOL_BIND, [0x1], 64, 0) = 0',
      { syscall: 'mbind', text: '0x1000, 4096, MPOL_BIND, [0x1], 64, 0' },
    ],
  ])('%s', (line, args) => {
    const call = readCall(line);
    expect(call.args).toMatchObject(args);
    expect(call.unknownNames).toBeNull();
  });

  it.each([
    ['syscall_0x1ce(0x7f0000000000, 0x1000, 0, 0x7f12, 0, 0) = 0', 'mseal'],
    ['syscall_0x1c5(0, 0x1000, 0x1, 0, 0, 0) = 0x7f0000000000', 'map_shadow_stack'],
  ])('%s is %s', (line, name) => {
    expect(readCall(line).name).toBe(name);
  });

  it.each([
    ['read(3</a>, "x = y) = 7"..., 832) = 832', 'read'],
    ['prctl(PR_SET_NAME, "hello") = 0', 'prctl'],
    ['fcntl(255, F_SETFD, FD_CLOEXEC) = 0', 'fcntl'],
    ['fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)', 'fcntl'],
    ['fcntl(3, F_SETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=1}) = 0', 'fcntl'],
    ['prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0', 'prlimit64'],
    ['setrlimit(RLIMIT_NOFILE, {rlim_cur=12345, rlim_max=99999999}) = 0', 'setrlimit'],
    ['ioctl(1, TCGETS, {B38400 opost isig icanon echo ...}) = 0', 'ioctl'],
    ['personality(0xffffffff) = 0 (PER_LINUX)', 'personality'],
    ['arch_prctl(ARCH_SET_FS, 0x7f12) = 0', 'arch_prctl'],
    ['restart_syscall(<... resuming interrupted read ...>) = 0', 'restart_syscall'],
    ['????(0x1) = ?', '????'],
  ])('%s does not concern memory', (line, name) => {
    const { events, stats } = readLines(line);
    expect(events).toEqual([]);
    expect(stats).toMatchObject({ lines: 1, irrelevantLines: 1, irrelevant: new Map([[name, 1]]) });
  });
});

describe('messages', () => {
  it.each([
    ['7 +++ exited with 3 +++', { kind: 'exit', pid: 7, status: 3, signal: null }],
    ['+++ killed by SIGSEGV (core dumped) +++', { kind: 'exit', pid: null, status: null, signal: 'SIGSEGV' }],
    ['7 +++ superseded by execve in pid 9 +++', { kind: 'superseded', pid: 7, by: 9 }],
    [
      '--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---',
      { kind: 'signal', signal: 'SIGSEGV', code: 'SEGV_MAPERR', addr: 16 },
    ],
    ['--- SIGSEGV {si_signo=SIGSEGV, si_code=0x2, si_addr=NULL} ---', { code: 'SEGV_ACCERR', addr: 0 }],
    [
      '--- SIGBUS {si_signo=SIGBUS, si_code=BUS_ADRERR, si_addr=0x7f0000000000} ---',
      { code: 'BUS_ADRERR', addr: 0x7f00_0000_0000 },
    ],
    ['--- stopped by SIGSTOP ---', { kind: 'signal', signal: 'SIGSTOP', stopped: true }],
    ['strace: Process 7 attached', { kind: 'attach', pid: 7 }],
    ['strace: Process 7 attached with 3 threads', { kind: 'attach', pid: 7 }],
    ['Process 7 detached', { kind: 'detach', pid: 7 }],
    [
      'strace: [ Process PID=7 runs in 32 bit mode. ]',
      { kind: 'notice', text: 'strace: [ Process PID=7 runs in 32 bit mode. ]' },
    ],
    ['[ Process PID=7 runs in 32 bit mode. ]', { kind: 'notice' }],
  ])('%s', (line, event) => {
    const { events, stats } = readLines(line);
    expect(events).toMatchObject([event]);
    expect(stats.otherLines).toBe(1);
  });

  it.each([
    [
      '> /usr/lib/libc.so.6(__mmap+0x10) [0x11ba43]',
      { object: '/usr/lib/libc.so.6', symbol: '__mmap', offset: '+0x10' },
    ],
    [
      '> /opt/a(f(std::pair<int, int>)+0x4) [0x1]',
      { object: '/opt/a', symbol: 'f(std::pair<int, int>)', offset: '+0x4' },
    ],
    ['> /opt/stripped() [0x1139]', { object: '/opt/stripped', symbol: '', offset: '' }],
  ])('a frame of -k: %s', (text, frame) => {
    const { events } = readLines('brk(NULL) = 0x5000', ` ${text}`);
    expect(events[1]).toEqual({ kind: 'stack', line: 2, ...frame });
  });

  it('the stack traces of -k and empty lines are counted', () => {
    const { stats, events } = readLines(MMAP, ' > /usr/lib/libc.so.6(mmap+0x10) [0x11]', '', '   ', `${MMAP}\r`);
    expect(stats).toMatchObject({ lines: 5, stackLines: 1, blank: 2, calls: 2 });
    expect(events.map(({ kind }) => kind)).toEqual(['call', 'stack', 'call']);
  });
});
