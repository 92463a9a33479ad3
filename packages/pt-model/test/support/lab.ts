import {
  FrameTable,
  mkGuardMarker,
  mkPte,
  mkUffdWpMarker,
  PageTable,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  type Pte,
  pteGuard,
  ptePfn,
  pteSoftDirty,
  pteSwap,
  pteUffdWp,
  pteUffdWpMarker,
  pteWrite,
  type VirtPage,
  virtPage,
  type ZapOptions,
} from 'pt-model';

/** Page 0 of the tests' arena, 512 GiB aligned, as in the recordings of real kernels. */
export const BASE = 0x2_0000_0000;
/** Page `n` of the arena. */
export const at = (n: number): VirtPage => virtPage(BASE + n);

/** A swap entry, which no rule of the model makes. */
export function mkSwapPte(offset: number): Pte {
  return (0xc000_0000 + offset) as Pte;
}

/** Sets bits of the entry of a page. */
export function setBits(pt: PageTable, page: VirtPage, bits: number): void {
  pt.set(page, ((pt.get(page) | bits) >>> 0) as Pte);
}

/** One process on a fresh physical memory. */
export function newProcess(frames: FrameTable = new FrameTable()): PageTable {
  return new PageTable(frames);
}

/** How each kind of VMA is zapped. */
export const ZAP = {
  anon: { anonymous: true, dropMarkers: false, uffdWp: false, freeEmptyPteTables: false },
  anonUffd: { anonymous: true, dropMarkers: false, uffdWp: true, freeEmptyPteTables: false },
  file: { anonymous: false, dropMarkers: false, uffdWp: false, freeEmptyPteTables: false },
  fileUffd: { anonymous: false, dropMarkers: false, uffdWp: true, freeEmptyPteTables: false },
  munmap: { anonymous: false, dropMarkers: true, uffdWp: true, freeEmptyPteTables: false },
  dontneed: { anonymous: true, dropMarkers: false, uffdWp: false, freeEmptyPteTables: true },
} satisfies Record<string, ZapOptions>;

/**
 * Sets entries from a drawing, one column a page, with the letters of the recordings: `A` a written anonymous page, `F` a
 * file page, `z` the zero page, `G` guard, `W` write-protect marker, `S` swap entry; here besides: `D` a written shared file
 * page, `P` an anonymous page that is write-protected, `Q` a file page that is, `.` nothing.
 */
export function fill(pt: PageTable, page: VirtPage, drawing: string): void {
  drawing.split('').forEach((letter, i) => {
    pt.set(virtPage(page + i), entryFor(pt.frames, letter));
  });
}

function entryFor(frames: FrameTable, letter: string): Pte {
  const file = (bits: number): Pte => {
    const pfn = frames.allocFile();
    frames.get(pfn);
    return mkPte(pfn, bits);
  };
  switch (letter) {
    case 'A':
      return mkPte(frames.allocAnon(), PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY);
    case 'P':
      return mkPte(frames.allocAnon(), PTE_DIRTY | PTE_SOFT_DIRTY | PTE_UFFD_WP);
    case 'F':
      return file(0);
    case 'D':
      return file(PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY);
    case 'Q':
      return file(PTE_UFFD_WP);
    case 'z':
      return mkPte(frames.zeroPfn, 0);
    case 'G':
      return mkGuardMarker();
    case 'W':
      return mkUffdWpMarker();
    case 'S':
      return mkSwapPte(7);
    case '.':
      return PTE_NONE;
    default:
      throw new Error(`no entry is drawn as ${letter}`);
  }
}

/** The entries of `pages` pages as the recordings draw them: `a` and `f` are mapped more than once. */
export function draw(pt: PageTable, page: VirtPage, pages: number): string {
  return row(pt, page, pages, (pte) => letterOf(pte, pt.frames));
}

function letterOf(pte: Pte, frames: FrameTable): string {
  if (pte === PTE_NONE) return '.';
  if (pteGuard(pte)) return 'G';
  if (pteUffdWpMarker(pte)) return 'W';
  if (pteSwap(pte)) return 'S';
  const pfn = ptePfn(pte);
  if (frames.isZero(pfn)) return 'z';
  const once = frames.mapcount(pfn) === 1;
  if (frames.isAnon(pfn)) return once ? 'A' : 'a';
  return frames.isFile(pfn) ? (once ? 'F' : 'f') : '?';
}

/** One row of a drawing: a letter per page. */
export function row(pt: PageTable, page: VirtPage, pages: number, letter: (pte: Pte) => string): string {
  return Array.from({ length: pages }, (_, i) => letter(pt.get(virtPage(page + i)))).join('');
}

/** `w` where writes go through, `-` elsewhere. */
export const drawWritable = (pt: PageTable, page: VirtPage, pages: number): string =>
  row(pt, page, pages, (pte) => (pteWrite(pte) ? 'w' : '-'));
/** `s` where the soft-dirty bit is set. */
export const drawSoftDirty = (pt: PageTable, page: VirtPage, pages: number): string =>
  row(pt, page, pages, (pte) => (pteSoftDirty(pte) ? 's' : '-'));
/** `u` for write-protect bits and markers. */
export const drawUffdWp = (pt: PageTable, page: VirtPage, pages: number): string =>
  row(pt, page, pages, (pte) => (pteUffdWp(pte) ? 'u' : '-'));
