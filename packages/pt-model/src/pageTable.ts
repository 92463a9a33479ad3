import { InvariantError } from './errors.ts';
import type { FrameTable } from './frames.ts';
import { PTE_NONE, ptePfn, ptePresent } from './pte.ts';
import { pteSpanOf } from './pteSpan.ts';
import { TableTree } from './tableTree.ts';
import { MAX_PAGE, type Pfn, PTRS_PER_TABLE, type Pte, type VirtPage } from './units.ts';

/** Present entries of a process, the zero page left out. Kernel: `MM_ANONPAGES`, `MM_FILEPAGES` + `MM_SHMEMPAGES`. */
export interface Rss {
  readonly anon: number;
  readonly file: number;
}

/**
 * The four-level page table of one process. It knows no VMAs: callers pass ranges of pages, and what their VMAs say.
 *
 * Sequential access is cheap: the table found last is remembered.
 */
export class PageTable extends TableTree {
  /** The physical memory that the entries point into. */
  readonly frames: FrameTable;
  /** Present anonymous pages; kept by everything that changes entries. @internal */
  rssAnon = 0;
  /** Present file pages. @internal */
  rssFile = 0;

  constructor(frames: FrameTable) {
    super(frames.tables);
    this.frames = frames;
  }

  /** Resident pages by kind. */
  get rss(): Rss {
    return { anon: this.rssAnon, file: this.rssFile };
  }

  /** The entry of `page`; PTE_NONE where there is no table. */
  get(page: VirtPage): Pte {
    const leaf = this.pteTable(pteSpanOf(page));
    const leaves = this.leaves;
    return leaves.words(leaf)[leaves.base(leaf) + (page & (PTRS_PER_TABLE - 1))]! as Pte;
  }

  /**
   * Sets the entry of `page`. Makes the tables it needs, unless `pte` is PTE_NONE. Reference counts are the caller's: a
   * frame is got before, and the old entry's frame put after (as a kernel does; it is looked at here, to keep `rss`).
   */
  set(page: VirtPage, pte: Pte): void {
    checkPage(page);
    const pteSpan = pteSpanOf(page);
    const leaf = pte === PTE_NONE ? this.pteTable(pteSpan) : this.makePteTable(pteSpan);
    if (leaf === 0) return;
    const leaves = this.leaves;
    const words = leaves.words(leaf);
    const at = leaves.base(leaf) + (page & (PTRS_PER_TABLE - 1));
    const old = words[at]! as Pte;
    if (ptePresent(old)) this.addRss(ptePfn(old), -1);
    if (ptePresent(pte)) this.addRss(ptePfn(pte), 1);
    words[at] = pte;
    leaves.counts[leaf] = leaves.counts[leaf]! + (old === 0 ? 0 : -1) + (pte === 0 ? 0 : 1);
  }

  /** Makes the PUD and PMD tables over `page`, as a fault does that is refused before it needs the PTE table. */
  allocUpper(page: VirtPage): void {
    checkPage(page);
    this.makePmdTable(pteSpanOf(page));
  }

  /** Makes all tables over `page`. */
  allocPte(page: VirtPage): void {
    checkPage(page);
    this.makePteTable(pteSpanOf(page));
  }

  /** True where `page` has a PTE table. */
  hasPteTable(page: VirtPage): boolean {
    return this.pteTable(pteSpanOf(page)) !== 0;
  }

  /** Adds `by` entries of `pfn` to what is resident. @internal */
  addRss(pfn: Pfn, by: number): void {
    if (pfn === this.frames.zeroPfn) return;
    if (this.frames.isAnon(pfn)) this.rssAnon += by;
    else if (this.frames.isFile(pfn)) this.rssFile += by;
    else throw new InvariantError(`frame ${pfn} is free: put a frame after its entry is gone, get it before it is set`);
  }
}

function checkPage(page: number): void {
  if (!(Number.isInteger(page) && page >= 0 && page < MAX_PAGE)) {
    throw new InvariantError(`not a page of user space: ${page}`);
  }
}
