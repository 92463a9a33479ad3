/**
 * The flags the engine tests on its hot paths, as bits of the two 32-bit halves that the columns hold.
 * The same bits as in `vmFlags.ts`; a test holds the two together.
 */
export const LO_READ = 0x1;
export const LO_WRITE = 0x2;
export const LO_EXEC = 0x4;
export const LO_SHARED = 0x8;
export const LO_MAYREAD = 0x10;
export const LO_MAYWRITE = 0x20;
export const LO_MAYEXEC = 0x40;
export const LO_MAYSHARE = 0x80;
export const LO_GROWSDOWN = 0x100;
export const LO_UFFD_MISSING = 0x200;
export const LO_PFNMAP = 0x400;
export const LO_MAYBE_GUARD = 0x800;
export const LO_UFFD_WP = 0x1000;
export const LO_LOCKED = 0x2000;
export const LO_IO = 0x4000;
export const LO_SEQ_READ = 0x8000;
export const LO_RAND_READ = 0x1_0000;
export const LO_DONTCOPY = 0x2_0000;
export const LO_DONTEXPAND = 0x4_0000;
export const LO_LOCKONFAULT = 0x8_0000;
export const LO_ACCOUNT = 0x10_0000;
export const LO_NORESERVE = 0x20_0000;
export const LO_HUGETLB = 0x40_0000;
export const LO_SYNC = 0x80_0000;
export const LO_WIPEONFORK = 0x200_0000;
export const LO_DONTDUMP = 0x400_0000;
export const LO_SOFTDIRTY = 0x800_0000;
export const LO_MIXEDMAP = 0x1000_0000;
export const LO_HUGEPAGE = 0x2000_0000;
export const LO_NOHUGEPAGE = 0x4000_0000;
export const LO_MERGEABLE = 0x8000_0000;

export const HI_DROPPABLE = 0x100;
export const HI_UFFD_MINOR = 0x200;
export const HI_SEALED = 0x400;
export const HI_UFFD_RWP = 0x800;

export const LO_ACCESS: number = LO_READ | LO_WRITE | LO_EXEC;
export const LO_SPECIAL: number = LO_IO | LO_DONTEXPAND | LO_PFNMAP | LO_MIXEDMAP;
export const LO_LOCKED_MASK: number = LO_LOCKED | LO_LOCKONFAULT;
export const LO_UFFD: number = LO_UFFD_MISSING | LO_UFFD_WP;
export const HI_UFFD: number = HI_UFFD_MINOR | HI_UFFD_RWP;
