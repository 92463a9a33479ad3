// The numbers of the system calls, as user space passes them on x86-64.

/** No access. */
export const PROT_NONE = 0;
/** Readable. */
export const PROT_READ = 1;
/** Writable. */
export const PROT_WRITE = 2;
/** Executable. */
export const PROT_EXEC = 4;
/** For atomic operations: ignored, by kernels too. */
export const PROT_SEM = 8;
/** `mprotect`: from the start of the stack on that holds the range. */
export const PROT_GROWSDOWN = 0x0100_0000;
/** `mprotect`: to the end of a mapping that grows upwards, which x86-64 has none of. */
export const PROT_GROWSUP = 0x0200_0000;

/** Writes go to the object. */
export const MAP_SHARED = 0x01;
/** Writes go to copies of its pages. */
export const MAP_PRIVATE = 0x02;
/** As MAP_SHARED; a kernel refuses flags that it does not know. */
export const MAP_SHARED_VALIDATE = 0x03;
/** Private anonymous memory whose pages may be dropped when memory is short (6.11 on). */
export const MAP_DROPPABLE = 0x08;
/** The bits that hold one of the four above. */
export const MAP_TYPE = 0x0f;
/** At this address, in place of what is there. */
export const MAP_FIXED = 0x10;
/** Of no file. */
export const MAP_ANONYMOUS = 0x20;
/** Below 2 GiB. */
export const MAP_32BIT = 0x40;
/** Not below 4 GiB; placed as without it unless memory is short there. */
export const MAP_ABOVE4G = 0x80;
/** A stack. */
export const MAP_GROWSDOWN = 0x100;
/** Ignored, by kernels too. */
export const MAP_DENYWRITE = 0x800;
/** Ignored, by kernels too. */
export const MAP_EXECUTABLE = 0x1000;
/** As `mlock` afterwards; that faulting in fails is no error. */
export const MAP_LOCKED = 0x2000;
/** Does not count against the overcommit limit. */
export const MAP_NORESERVE = 0x4000;
/** Faults pages in at once. */
export const MAP_POPULATE = 0x8000;
/** Takes MAP_POPULATE back. */
export const MAP_NONBLOCK = 0x1_0000;
/** For a stack: no huge pages. */
export const MAP_STACK = 0x2_0000;
/** Pages of hugetlbfs. Not modelled but for what they are refused with. */
export const MAP_HUGETLB = 0x4_0000;
/** Of files on persistent memory. */
export const MAP_SYNC = 0x8_0000;
/** Memory that is not cleared, on machines without an MMU: ignored. */
export const MAP_UNINITIALIZED = 0x0400_0000;
/** MAP_HUGE_2MB and MAP_HUGE_1GB: the size of MAP_HUGETLB's pages. */
export const MAP_HUGE_SIZES: number = (21 << 26) | (30 << 26);
/** At this address, or EEXIST where something is there. */
export const MAP_FIXED_NOREPLACE = 0x10_0000;

/** The mapping may get another address. */
export const MREMAP_MAYMOVE = 1;
/** It gets this address, in place of what is there. */
export const MREMAP_FIXED = 2;
/** Its old address stays mapped, and empty. */
export const MREMAP_DONTUNMAP = 4;

/** Pages are locked as they are faulted in. */
export const MLOCK_ONFAULT = 1;
/** `mlockall`: what is mapped. */
export const MCL_CURRENT = 1;
/** `mlockall`: what will be. */
export const MCL_FUTURE = 2;
/** `mlockall`: pages are locked as they are faulted in. */
export const MCL_ONFAULT = 4;

/** No special treatment. */
export const MADV_NORMAL = 0;
/** Do not read ahead. */
export const MADV_RANDOM = 1;
/** Read ahead a lot. */
export const MADV_SEQUENTIAL = 2;
/** Read it in now; changes no VMA. */
export const MADV_WILLNEED = 3;
/** Drop its pages now. */
export const MADV_DONTNEED = 4;
/** Its pages may be dropped when memory is short. */
export const MADV_FREE = 8;
/** Free the pages of the file behind it too. */
export const MADV_REMOVE = 9;
/** A child of fork does not get it. */
export const MADV_DONTFORK = 10;
/** Takes MADV_DONTFORK back. */
export const MADV_DOFORK = 11;
/** Equal pages may be merged (KSM). */
export const MADV_MERGEABLE = 12;
/** Takes MADV_MERGEABLE back. */
export const MADV_UNMERGEABLE = 13;
/** Huge pages are wanted. */
export const MADV_HUGEPAGE = 14;
/** No huge pages. */
export const MADV_NOHUGEPAGE = 15;
/** Leave it out of core dumps. */
export const MADV_DONTDUMP = 16;
/** Takes MADV_DONTDUMP back. */
export const MADV_DODUMP = 17;
/** A child of fork finds it empty. */
export const MADV_WIPEONFORK = 18;
/** Takes MADV_WIPEONFORK back. */
export const MADV_KEEPONFORK = 19;
/** Its pages are not needed soon. */
export const MADV_COLD = 20;
/** Write its pages out. */
export const MADV_PAGEOUT = 21;
/** Fault its pages in for reading (5.14). */
export const MADV_POPULATE_READ = 22;
/** Fault its pages in for writing (5.14). */
export const MADV_POPULATE_WRITE = 23;
/** As MADV_DONTNEED, locked memory too (5.18). */
export const MADV_DONTNEED_LOCKED = 24;
/** Make huge pages of it now (6.1). */
export const MADV_COLLAPSE = 25;
/** Treat its pages as broken, for tests. */
export const MADV_HWPOISON = 100;
/** Move its pages away from memory that may break. */
export const MADV_SOFT_OFFLINE = 101;
/** Make its pages guards: an access is SIGSEGV (6.13). */
export const MADV_GUARD_INSTALL = 102;
/** Takes MADV_GUARD_INSTALL back (6.13). */
export const MADV_GUARD_REMOVE = 103;

/** Every `MADV_` number that Linux 7.3 knows, by its name without the prefix. */
export const MADV = {
  NORMAL: MADV_NORMAL as typeof MADV_NORMAL,
  RANDOM: MADV_RANDOM as typeof MADV_RANDOM,
  SEQUENTIAL: MADV_SEQUENTIAL as typeof MADV_SEQUENTIAL,
  WILLNEED: MADV_WILLNEED as typeof MADV_WILLNEED,
  DONTNEED: MADV_DONTNEED as typeof MADV_DONTNEED,
  FREE: MADV_FREE as typeof MADV_FREE,
  REMOVE: MADV_REMOVE as typeof MADV_REMOVE,
  DONTFORK: MADV_DONTFORK as typeof MADV_DONTFORK,
  DOFORK: MADV_DOFORK as typeof MADV_DOFORK,
  MERGEABLE: MADV_MERGEABLE as typeof MADV_MERGEABLE,
  UNMERGEABLE: MADV_UNMERGEABLE as typeof MADV_UNMERGEABLE,
  HUGEPAGE: MADV_HUGEPAGE as typeof MADV_HUGEPAGE,
  NOHUGEPAGE: MADV_NOHUGEPAGE as typeof MADV_NOHUGEPAGE,
  DONTDUMP: MADV_DONTDUMP as typeof MADV_DONTDUMP,
  DODUMP: MADV_DODUMP as typeof MADV_DODUMP,
  WIPEONFORK: MADV_WIPEONFORK as typeof MADV_WIPEONFORK,
  KEEPONFORK: MADV_KEEPONFORK as typeof MADV_KEEPONFORK,
  COLD: MADV_COLD as typeof MADV_COLD,
  PAGEOUT: MADV_PAGEOUT as typeof MADV_PAGEOUT,
  POPULATE_READ: MADV_POPULATE_READ as typeof MADV_POPULATE_READ,
  POPULATE_WRITE: MADV_POPULATE_WRITE as typeof MADV_POPULATE_WRITE,
  DONTNEED_LOCKED: MADV_DONTNEED_LOCKED as typeof MADV_DONTNEED_LOCKED,
  COLLAPSE: MADV_COLLAPSE as typeof MADV_COLLAPSE,
  HWPOISON: MADV_HWPOISON as typeof MADV_HWPOISON,
  SOFT_OFFLINE: MADV_SOFT_OFFLINE as typeof MADV_SOFT_OFFLINE,
  GUARD_INSTALL: MADV_GUARD_INSTALL as typeof MADV_GUARD_INSTALL,
  GUARD_REMOVE: MADV_GUARD_REMOVE as typeof MADV_GUARD_REMOVE,
} as const;

/** The name of an advice, without `MADV_`. */
export type AdviceName = keyof typeof MADV;

const adviceNames: ReadonlyMap<number, AdviceName> = new Map(
  (Object.entries(MADV) as [AdviceName, number][]).map(([name, value]) => [value, name]),
);

/** The name of an advice's number; `undefined` where no kernel knows it. */
export function adviceName(advice: number): AdviceName | undefined {
  return adviceNames.get(advice);
}

/** The number of an advice by its name, with or without `MADV_`; `undefined` where no kernel knows it. */
export function adviceByName(name: string): number | undefined {
  const short = name.startsWith('MADV_') ? name.slice(5) : name;
  return Object.hasOwn(MADV, short) ? MADV[short as AdviceName] : undefined;
}
