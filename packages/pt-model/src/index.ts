// Units, entries
export * from './units.ts';
export {
  mkGuardMarker,
  mkPte,
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
  pteSoftDirty,
  pteSwap,
  pteUffdWp,
  pteUffdWpMarker,
  pteWrite,
} from './pte.ts';

// Physical memory, the tables of a process
export { FrameTable } from './frames.ts';
export { PageTable, type Rss } from './pageTable.ts';

// What a kernel does to a range
export { type WalkOps, walkPageRange } from './walkPageRange.ts';
export { populateAnon } from './populate.ts';
export { type ZapOptions, zapPageRange } from './zapPageRange.ts';
export { freePgdRange } from './freePgdRange.ts';
export { exitMmap } from './exitMmap.ts';
export * from './guardRegion.ts';
export { type CopyResult, copyPageRange } from './copyPageRange.ts';
export type { CopyOptions } from './copyPteTable.ts';
export { type MoveOptions, type MoveResult, movePageTables } from './movePageTables.ts';
export { changeProtection } from './changeProtection.ts';
export { clearSoftDirty } from './softDirty.ts';
export { clearUffdWp, type UffdWriteProtectOptions, uffdWriteProtect } from './uffdWriteProtect.ts';

// Reports and checks
export { type PageRange, type TableLevelUsage, type TableUsage, tableUsage, tableUsageOfRanges } from './tableUsage.ts';
export { listTables, type TableLevel, type TableRecord } from './listTables.ts';
export { countFromScratch, type PageTableCount } from './countFromScratch.ts';
export { InvariantError, OutOfMemoryError } from './errors.ts';
