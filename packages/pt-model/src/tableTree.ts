import { InvariantError, invariant } from './errors.ts';
import type { TablePool, TableStore } from './tableStore.ts';
import { PTRS_PER_TABLE, TABLE_BYTES } from './units.ts';

/*
 * A region is the 2 MiB under one PTE table; its number is page / 512, below 2^26, so it stays a small integer.
 *
 *   region   25 ........ 18   17 ....... 9   8 ........ 0
 *            PGD index        PUD index      PMD index
 */

/** log2 of the regions under a PMD table. @internal */
export const PMD_REGIONS_SHIFT = 9;
/** log2 of the regions under a PUD table. @internal */
export const PUD_REGIONS_SHIFT = 18;
const INDEX = PTRS_PER_TABLE - 1;

/**
 * The tables of one process: which exist, and where they hang. A kernel counts them as VmPTE (`mm_pgtables_bytes`): PTE,
 * PMD and PUD tables, but not the PGD.
 *
 * Tables are ids of the pool's stores; 0 is no table.
 */
export class TableTree {
  /** @internal */
  readonly leaves: TableStore;
  /** @internal */
  readonly nodes: TableStore;
  /**
   * Work done by range operations: tables entered while looking for entries, an upper one again for each table below it.
   * For tests that count work, not time.
   */
  tablesVisited = 0;
  #pgd: number;
  #pteTables = 0;
  #pmdTables = 0;
  #pudTables = 0;
  // The tables found last: sequential access does not walk down again.
  #region = -1;
  #leaf = 0;
  #pmdRegion = -1;
  #pmd = 0;

  constructor(pool: TablePool) {
    this.leaves = pool.leaves;
    this.nodes = pool.nodes;
    this.#pgd = this.nodes.allocate();
  }

  /** PTE tables in use; 512 entries, 2 MiB each. */
  get pteTables(): number {
    return this.#pteTables;
  }

  /** PMD tables in use; 1 GiB each. */
  get pmdTables(): number {
    return this.#pmdTables;
  }

  /** PUD tables in use; 512 GiB each. */
  get pudTables(): number {
    return this.#pudTables;
  }

  /** Memory of the tables in the machine that is modelled, in bytes, without the PGD. Kernel: `mm_pgtables_bytes`. */
  get pgtablesBytes(): number {
    return (this.#pteTables + this.#pmdTables + this.#pudTables) * TABLE_BYTES;
  }

  /** The same in kB, as the line `VmPTE:` of /proc/PID/status. */
  get vmPteKb(): number {
    return this.pgtablesBytes / 1024;
  }

  /** True once {@link releasePgd} has run. */
  get destroyed(): boolean {
    return this.#pgd === 0;
  }

  /** The PGD; 0 once it is released. @internal */
  get pgd(): number {
    return this.#pgd;
  }

  /** The PTE table of `region`, or 0. @internal */
  pteTable(region: number): number {
    if (region === this.#region) return this.#leaf;
    const leaf = this.#entry(this.pmdTable(region), region & INDEX);
    this.#region = region;
    this.#leaf = leaf;
    return leaf;
  }

  /** The PMD table over `region`, or 0. @internal */
  pmdTable(region: number): number {
    const pmdRegion = region >>> PMD_REGIONS_SHIFT;
    if (pmdRegion === this.#pmdRegion) return this.#pmd;
    const pmd = this.#entry(this.pudTable(region), pmdRegion & INDEX);
    this.#pmdRegion = pmdRegion;
    this.#pmd = pmd;
    return pmd;
  }

  /** The PUD table over `region`, or 0. @internal */
  pudTable(region: number): number {
    return this.#entry(this.#pgd, region >>> PUD_REGIONS_SHIFT);
  }

  /** The PUD table over `region`, made if absent. Kernel: `pud_alloc`. @internal */
  makePudTable(region: number): number {
    const found = this.pudTable(region);
    if (found !== 0) return found;
    invariant(this.#pgd !== 0, 'the page table is destroyed');
    const pud = this.nodes.allocate();
    this.#setEntry(this.#pgd, region >>> PUD_REGIONS_SHIFT, pud);
    this.#pudTables++;
    return pud;
  }

  /** The PMD table over `region`, made if absent with what is above it. Kernel: `pmd_alloc`. @internal */
  makePmdTable(region: number): number {
    const found = this.pmdTable(region);
    if (found !== 0) return found;
    const pud = this.makePudTable(region);
    const pmd = this.nodes.allocate();
    this.attachPmdTable(pud, region, pmd);
    this.#pmdTables++;
    return pmd;
  }

  /** The PTE table of `region`, made if absent with what is above it. Kernel: `pte_alloc`. @internal */
  makePteTable(region: number): number {
    const found = this.pteTable(region);
    if (found !== 0) return found;
    const pmd = this.makePmdTable(region);
    const leaf = this.leaves.allocate();
    this.attachPteTable(pmd, region, leaf);
    this.#pteTables++;
    return leaf;
  }

  /** Hangs a PTE table that is counted already into an empty PMD entry. @internal */
  attachPteTable(pmd: number, region: number, leaf: number): void {
    this.#setEntry(pmd, region & INDEX, leaf);
    this.#region = region;
    this.#leaf = leaf;
  }

  /** Takes the PTE table of `region` off its PMD entry; it stays counted. Answers the table, or 0. @internal */
  detachPteTable(region: number): number {
    const leaf = this.pteTable(region);
    if (leaf !== 0) this.#setEntry(this.pmdTable(region), region & INDEX, 0);
    this.#region = -1;
    return leaf;
  }

  /** Hangs a PMD table that is counted already, with all below it, into an empty PUD entry. @internal */
  attachPmdTable(pud: number, region: number, pmd: number): void {
    const pmdRegion = region >>> PMD_REGIONS_SHIFT;
    this.#setEntry(pud, pmdRegion & INDEX, pmd);
    this.#pmdRegion = pmdRegion;
    this.#pmd = pmd;
    this.#region = -1;
  }

  /** Takes the PMD table over `region` off its PUD entry; it stays counted. Answers the table, or 0. @internal */
  detachPmdTable(region: number): number {
    const pmd = this.pmdTable(region);
    if (pmd !== 0) this.#setEntry(this.pudTable(region), (region >>> PMD_REGIONS_SHIFT) & INDEX, 0);
    this.#pmdRegion = -1;
    this.#region = -1;
    return pmd;
  }

  /** Frees the PTE table of `region`, which must be empty, if there is one. @internal */
  freePteTable(region: number): void {
    const leaf = this.pteTable(region);
    if (leaf === 0) return;
    this.leaves.checkEmpty(leaf);
    this.leaves.release(this.detachPteTable(region));
    this.#pteTables--;
  }

  /** Frees the PMD table over `region`, which must be empty, if there is one. @internal */
  freePmdTable(region: number): void {
    const pmd = this.pmdTable(region);
    if (pmd === 0) return;
    this.nodes.checkEmpty(pmd);
    this.nodes.release(this.detachPmdTable(region));
    this.#pmdTables--;
  }

  /** Frees the PUD table over `region`, which must be empty, if there is one. @internal */
  freePudTable(region: number): void {
    const pud = this.pudTable(region);
    if (pud === 0) return;
    this.nodes.checkEmpty(pud);
    this.#setEntry(this.#pgd, region >>> PUD_REGIONS_SHIFT, 0);
    this.nodes.release(pud);
    this.#pudTables--;
  }

  /** First region from `region` on that lies under a PUD table; `end` or more when there is none below `end`. @internal */
  nextPudTable(region: number, end: number): number {
    if (this.#pudTables === 0) return end;
    const words = this.nodes.words(this.#pgd);
    const base = this.nodes.base(this.#pgd);
    for (let i = region >>> PUD_REGIONS_SHIFT; i << PUD_REGIONS_SHIFT < end; i++) {
      if (words[base + i] !== 0) {
        this.tablesVisited++;
        return Math.max(region, i << PUD_REGIONS_SHIFT);
      }
    }
    return end;
  }

  /** First region from `region` on that lies under a PMD table; `end` or more when there is none below `end`. @internal */
  nextPmdTable(region: number, end: number): number {
    for (let at = this.nextPudTable(region, end); at < end; ) {
      const pud = this.pudTable(at);
      const found = this.#nextEntry(pud, (at >>> PMD_REGIONS_SHIFT) & INDEX);
      const span = at - (at & ((1 << PUD_REGIONS_SHIFT) - 1));
      const next = Math.max(at, span + (found << PMD_REGIONS_SHIFT));
      if (found < PTRS_PER_TABLE) {
        if (next < end) this.tablesVisited++;
        return next;
      }
      at = this.nextPudTable(next, end);
    }
    return end;
  }

  /**
   * First region from `region` on that has a PTE table; `end` or more when there is none below `end`.
   * {@link pteTable} answers for it at once. @internal
   */
  nextPteTable(region: number, end: number): number {
    const here = region >>> PMD_REGIONS_SHIFT === this.#pmdRegion && this.#pmd !== 0;
    for (let at = here ? region : this.nextPmdTable(region, end); at < end; ) {
      const found = this.#nextEntry(this.pmdTable(at), at & INDEX);
      const next = at - (at & INDEX) + found;
      if (found < PTRS_PER_TABLE) {
        if (next < end) this.tablesVisited++;
        return next;
      }
      at = this.nextPmdTable(next, end);
    }
    return end;
  }

  /** Frees the PGD, which must be empty. @internal */
  releasePgd(): void {
    this.nodes.release(this.#pgd);
    this.#pgd = 0;
    this.#region = -1;
    this.#pmdRegion = -1;
  }

  #entry(node: number, index: number): number {
    return this.nodes.words(node)[this.nodes.base(node) + index]!;
  }

  #setEntry(node: number, index: number, child: number): void {
    const words = this.nodes.words(node);
    const at = this.nodes.base(node) + index;
    if ((words[at] === 0) === (child === 0)) throw new InvariantError('a table hangs there already, or none does');
    words[at] = child;
    this.nodes.counts[node] = this.nodes.counts[node]! + (child === 0 ? -1 : 1);
  }

  /** Index of the first used entry from `index` on; 512 when there is none. */
  #nextEntry(node: number, index: number): number {
    const words = this.nodes.words(node);
    const base = this.nodes.base(node);
    let i = index;
    while (i < PTRS_PER_TABLE && words[base + i] === 0) i++;
    return i;
  }
}
