// Units, entries
export {
  MAX_PAGE,
  PMD_TABLE_PAGES,
  type Pfn,
  PTE_TABLE_PAGES,
  type Pte,
  PTRS_PER_TABLE,
  PUD_TABLE_PAGES,
  pfn,
  TABLE_BYTES,
  type VirtPage,
  virtPage,
} from './units.ts';
export {
  mkGuardMarker,
  mkPte,
  mkSwapPte,
  mkUffdWpMarker,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  pteClearBits,
  pteDirty,
  pteGuard,
  pteMarker,
  ptePfn,
  ptePresent,
  pteSetBits,
  pteSoftDirty,
  pteSwap,
  pteUffdWp,
  pteUffdWpMarker,
  pteWrite,
} from './pte.ts';
export { pteAnon, pteExclusive, pteFile, pteMappedOnce, pteZero } from './pteFrame.ts';

// Physical memory, the tables of a process
export { FrameTable } from './frames.ts';
export { TablePool } from './tableStore.ts';
export { PageTable, type Rss } from './pageTable.ts';

// What a kernel does to a range
export { type WalkOps, walkPageRange } from './walkPageRange.ts';
export { mapFileRange, NO_FRAME, populateAnon } from './populate.ts';
export { type ZapOptions, zapPageRange } from './zapPageRange.ts';
export { freePgdRange } from './freePgdRange.ts';
export {
  type GuardInstallOptions,
  type GuardInstallResult,
  guardInstall,
  guardInstalledCount,
  guardRemove,
} from './guardRegion.ts';
export { type CopyOptions, type CopyResult, copyPageRange } from './copyPageRange.ts';
export { type MoveOptions, type MoveResult, movePageTables } from './movePageTables.ts';
export { changeProtection } from './changeProtection.ts';
export { clearSoftDirty } from './softDirty.ts';
export { clearUffdWp, type UffdWriteProtectOptions, uffdWriteProtect } from './uffdWriteProtect.ts';

// Reports and checks
export {
  decodePagemap,
  encodePagemap,
  PAGEMAP_ENTRY_BYTES,
  type PagemapEntry,
  type PagemapOptions,
  readPagemapEntry,
  writePagemapEntry,
} from './pagemap.ts';
export { type PageRange, type TableLevelUsage, type TableUsage, tableUsage, tableUsageOfRanges } from './tableUsage.ts';
export { listTables, type TableLevel, type TableRecord } from './listTables.ts';
export { countFromScratch, type PageTableCount } from './countFromScratch.ts';
export { InvariantError, OutOfMemoryError } from './errors.ts';
