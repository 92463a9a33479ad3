import type { VirtAddr } from 'vma-core';

/** A file descriptor as strace prints it: with `-y` its path is known, with `-yy` the device too. */
export interface StraceFd {
  readonly fd: number;
  /** What stood between `<` and `>`, unescaped; `null` where strace printed no path. */
  readonly path: string | null;
  /** The path ended in ` (deleted)`, or `(deleted)` followed it. */
  readonly deleted: boolean;
  /** The device of `-yy`, such as `char 1:5`; else `null`. */
  readonly device: string | null;
}

/** A string argument, unescaped: one character a byte. */
export interface StraceText {
  readonly text: string;
  /** Strace cut it short (`"..."...`). */
  readonly truncated: boolean;
}

/** A range; bytes. */
export interface RangeArgs {
  readonly addr: VirtAddr;
  readonly length: number;
}

export interface FlaggedRangeArgs extends RangeArgs {
  readonly flags: number;
}

export interface MprotectArgs extends RangeArgs {
  /** PROT_ bits. */
  readonly prot: number;
}

export interface MmapArgs extends MprotectArgs {
  /** MAP_ bits. */
  readonly flags: number;
  readonly fd: StraceFd;
  /** Bytes (of `mmap2` too: strace multiplies). */
  readonly offset: number;
}

export interface ProcessMadviseArgs {
  readonly pidfd: StraceFd;
  /** The vector; where strace cut it short or printed its address alone, it has fewer ranges than `count`. */
  readonly ranges: readonly RangeArgs[];
  /** Ranges of the vector. */
  readonly count: number;
  readonly advice: number;
  readonly flags: number;
}

export interface AddrArgs {
  /** 0 where strace prints NULL. */
  readonly addr: VirtAddr;
}

export interface FlagsArgs {
  readonly flags: number;
}

/** The options of `prctl` that change memory; the others are counted as irrelevant. */
export type PrctlArgs =
  | (RangeArgs & {
      readonly option: 'PR_SET_VMA';
      /** `null`: the name is removed; `undefined`: strace printed only its address. */
      readonly name: string | null | undefined;
    })
  | {
      readonly option: 'PR_SET_MM';
      /** The PR_SET_MM_ name, or its number as text. */
      readonly field: string;
      readonly value: number;
    }
  | { readonly option: 'PR_SET_THP_DISABLE' | 'PR_SET_MEMORY_MERGE'; readonly value: number }
  /** `value`: PR_MDWE_ bits. */
  | { readonly option: 'PR_SET_MDWE'; readonly value: number };

/** An ioctl on a userfaultfd. Where strace knew only a pointer, everything but `request` is `null`. */
export interface UffdioArgs {
  readonly fd: StraceFd;
  /** `UFFDIO_REGISTER`, `UFFDIO_COPY`, ... */
  readonly request: string;
  /** The range registered, filled or protected. */
  readonly start: VirtAddr | null;
  /** Bytes. */
  readonly length: number | null;
  /** Source of UFFDIO_COPY and UFFDIO_MOVE. */
  readonly src: VirtAddr | null;
  /** UFFDIO_..._MODE_ bits. */
  readonly mode: number | null;
  /** UFFD_FEATURE_ bits that UFFDIO_API asked for. */
  readonly features: number | null;
  /** Bytes done, or minus an errno: what the kernel stored in `copy`, `zeropage`, `mapped`, `move`, `updated`. */
  readonly done: number | null;
}

/** `clone` and `clone3`; the child's pid is the call's `ret`. `fork` is flags 0, `vfork` CLONE_VM|CLONE_VFORK. */
export interface CloneArgs {
  /** CLONE_ bits, without the exit signal. */
  readonly flags: number;
  /** Number of the signal sent to the parent when the child ends (17: SIGCHLD); 0 for none (a thread). */
  readonly exitSignal: number;
  /** Stack the child starts on, as printed; 0: none given. */
  readonly stack: VirtAddr;
  /** Bytes; only `clone3` has it. */
  readonly stackSize: number | null;
}

export interface ExecveArgs {
  readonly path: StraceText;
  /** `null` where strace printed only an address. */
  readonly argv: readonly StraceText[] | null;
}

export interface RlimitArgs {
  /** 0: the caller itself. */
  readonly pid: number;
  /** The limit is read, not set: of RLIMIT_MEMLOCK alone. */
  readonly isRead: boolean;
  readonly resource: 'RLIMIT_STACK' | 'RLIMIT_AS' | 'RLIMIT_DATA' | 'RLIMIT_MEMLOCK';
  /** Soft limit in bytes; `Infinity` for RLIM_INFINITY. */
  readonly cur: number;
  /** Hard limit. */
  readonly max: number;
}

export interface OpenArgs {
  readonly path: StraceText;
  /** O_ bits, or MFD_ bits of `memfd_create`. */
  readonly flags: number;
}

/** A read of a file that tells what a process has mapped (see `mapFileOf`): no other read becomes an event. */
export interface ReadArgs {
  readonly fd: StraceFd;
  /** The bytes that were read, as far as strace printed them: the call's `ret` says how many there were. */
  readonly data: StraceText;
  /** Bytes that were asked for. */
  readonly count: number;
  /** `pread64`: where in the file; `null`: where the last read ended. */
  readonly offset: number | null;
}

/** The place in such a file; the call's `ret` is the new one. */
export interface LseekArgs {
  readonly fd: StraceFd;
  readonly offset: number;
  /** SEEK_SET, SEEK_CUR, SEEK_END. */
  readonly whence: number;
}

/** A call that gives a descriptor of a file without a path: the name of the call tells which kind. */
export interface DescriptorArgs {
  /** Its arguments as printed. */
  readonly text: string;
}

export interface DupArgs {
  readonly fd: StraceFd;
  /** `null` for `dup`, whose new descriptor is the call's `ret`. */
  readonly newFd: number | null;
}

/** The commands of `fcntl` that tell what a descriptor is, or what may be done with a memfd; others are no events. */
export interface FcntlArgs {
  readonly fd: StraceFd;
  /** The new descriptor of F_DUPFD and F_DUPFD_CLOEXEC is the call's `ret`. */
  readonly command: 'F_DUPFD' | 'F_DUPFD_CLOEXEC' | 'F_ADD_SEALS';
  /** The lowest number that the duplicate may have, or F_SEAL_ bits. */
  readonly value: number;
}

export type NoArgs = Readonly<Record<string, never>>;

/** Arguments by the name of the call. `unmodelled` stands for all calls that touch mappings and have no decoder. */
export interface StraceArgs {
  mmap: MmapArgs;
  mmap2: MmapArgs;
  old_mmap: MmapArgs;
  munmap: RangeArgs;
  mprotect: MprotectArgs;
  pkey_mprotect: MprotectArgs & { readonly pkey: number };
  /** `rights`: PKEY_ bits. The key is the call's `ret`. */
  pkey_alloc: FlagsArgs & { readonly rights: number };
  pkey_free: { readonly pkey: number };
  /** `advice`: the MADV_ number. */
  madvise: RangeArgs & { readonly advice: number };
  process_madvise: ProcessMadviseArgs;
  mremap: AddrArgs & {
    /** Bytes. */
    readonly oldLength: number;
    /** Bytes. */
    readonly newLength: number;
    /** MREMAP_ bits. */
    readonly flags: number;
    /** Printed only with MREMAP_FIXED or MREMAP_DONTUNMAP; else `null`. */
    readonly newAddr: VirtAddr | null;
  };
  brk: AddrArgs;
  mlock: RangeArgs;
  mlock2: FlaggedRangeArgs;
  munlock: RangeArgs;
  mlockall: FlagsArgs;
  munlockall: NoArgs;
  mseal: FlaggedRangeArgs;
  /** `pgoff`: pages. */
  remap_file_pages: MprotectArgs & { readonly pgoff: number; readonly flags: number };
  map_shadow_stack: FlaggedRangeArgs;
  /** `key` 0 is IPC_PRIVATE; `length`: bytes. */
  shmget: { readonly key: number; readonly length: number; readonly flags: number };
  /** `flags`: SHM_ bits. */
  shmat: AddrArgs & { readonly shmid: number; readonly flags: number };
  shmdt: AddrArgs;
  prctl: PrctlArgs;
  userfaultfd: FlagsArgs;
  ioctl: UffdioArgs;
  clone: CloneArgs;
  clone3: CloneArgs;
  fork: NoArgs;
  vfork: NoArgs;
  execve: ExecveArgs;
  execveat: ExecveArgs;
  exit: { readonly status: number };
  exit_group: { readonly status: number };
  setrlimit: RlimitArgs;
  prlimit64: RlimitArgs;
  personality: FlagsArgs;
  open: OpenArgs;
  openat: OpenArgs;
  creat: OpenArgs;
  openat2: OpenArgs;
  memfd_create: OpenArgs;
  memfd_secret: DescriptorArgs;
  io_uring_setup: DescriptorArgs;
  perf_event_open: DescriptorArgs;
  socket: DescriptorArgs;
  /** BPF_MAP_CREATE alone. */
  bpf: DescriptorArgs;
  close: { readonly fd: StraceFd };
  dup: DupArgs;
  dup2: DupArgs;
  dup3: DupArgs;
  fcntl: FcntlArgs;
  /** `pid` of the process that the descriptor stands for. */
  pidfd_open: { readonly pid: number };
  read: ReadArgs;
  pread64: ReadArgs;
  readv: ReadArgs;
  lseek: LseekArgs;
  unmodelled: {
    /** Name of a call that changes mappings and is not decoded: `mbind`, `io_setup`, ... */
    readonly syscall: string;
    /** Its arguments as printed. */
    readonly text: string;
  };
}

/** Every call that becomes an event; any other is counted in {@link StraceStats.irrelevant}. */
export type StraceCallName = keyof StraceArgs;
