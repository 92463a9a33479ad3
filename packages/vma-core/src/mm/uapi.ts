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

/** Every `MADV_` number that Linux 7.3 knows, by its name without the prefix. */
export const MADV = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
  COLLAPSE: 25,
  HWPOISON: 100,
  SOFT_OFFLINE: 101,
  GUARD_INSTALL: 102,
  GUARD_REMOVE: 103,
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
