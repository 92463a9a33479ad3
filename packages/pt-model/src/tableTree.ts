import { InvariantError, invariant } from './errors.ts';
import type { TablePool, TableStore } from './tableStore.ts';
import { PTRS_PER_TABLE, TABLE_BYTES } from './units.ts';

/*
 * A PTE span is the 2 MiB under one PTE table; its number is page / 512, below 2^26, so it stays a small integer.
 *
 *   pteSpan   25 ........ 18   17 ....... 9   8 ........ 0
 *            PGD index        PUD index      PMD index
 */

/** log2 of the PTE spans under a PMD table. @internal */
export const PMD_SPANS_SHIFT = 9;
/** log2 of the PTE spans under a PUD table. @internal */
export const PUD_SPANS_SHIFT = 18;
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
  #pteSpan = -1;
  #leaf = 0;
  #pmdSpan = -1;
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

  /** The PTE table of `pteSpan`, or 0. @internal */
  pteTable(pteSpan: number): number {
    if (pteSpan === this.#pteSpan) return this.#leaf;
    const leaf = this.#entry(this.pmdTable(pteSpan), pteSpan & INDEX);
    this.#pteSpan = pteSpan;
    this.#leaf = leaf;
    return leaf;
  }

  /** The PMD table over `pteSpan`, or 0. @internal */
  pmdTable(pteSpan: number): number {
    const pmdSpan = pteSpan >>> PMD_SPANS_SHIFT;
    if (pmdSpan === this.#pmdSpan) return this.#pmd;
    const pmd = this.#entry(this.pudTable(pteSpan), pmdSpan & INDEX);
    this.#pmdSpan = pmdSpan;
    this.#pmd = pmd;
    return pmd;
  }

  /** The PUD table over `pteSpan`, or 0. @internal */
  pudTable(pteSpan: number): number {
    return this.#entry(this.#pgd, pteSpan >>> PUD_SPANS_SHIFT);
  }

  /** The PUD table over `pteSpan`, made if absent. Kernel: `pud_alloc`. @internal */
  makePudTable(pteSpan: number): number {
    const found = this.pudTable(pteSpan);
    if (found !== 0) return found;
    invariant(this.#pgd !== 0, 'the page table is destroyed');
    const pud = this.nodes.allocate();
    this.#setEntry(this.#pgd, pteSpan >>> PUD_SPANS_SHIFT, pud);
    this.#pudTables++;
    return pud;
  }

  /** The PMD table over `pteSpan`, made if absent with what is above it. Kernel: `pmd_alloc`. @internal */
  makePmdTable(pteSpan: number): number {
    const found = this.pmdTable(pteSpan);
    if (found !== 0) return found;
    const pud = this.makePudTable(pteSpan);
    const pmd = this.nodes.allocate();
    this.attachPmdTable(pud, pteSpan, pmd);
    this.#pmdTables++;
    return pmd;
  }

  /** The PTE table of `pteSpan`, made if absent with what is above it. Kernel: `pte_alloc`. @internal */
  makePteTable(pteSpan: number): number {
    const found = this.pteTable(pteSpan);
    if (found !== 0) return found;
    const pmd = this.makePmdTable(pteSpan);
    const leaf = this.leaves.allocate();
    this.attachPteTable(pmd, pteSpan, leaf);
    this.#pteTables++;
    return leaf;
  }

  /** Hangs a PTE table that is counted already into an empty PMD entry. @internal */
  attachPteTable(pmd: number, pteSpan: number, leaf: number): void {
    this.#setEntry(pmd, pteSpan & INDEX, leaf);
    this.#pteSpan = pteSpan;
    this.#leaf = leaf;
  }

  /** Takes the PTE table of `pteSpan` off its PMD entry; it stays counted. Answers the table, or 0. @internal */
  detachPteTable(pteSpan: number): number {
    const leaf = this.pteTable(pteSpan);
    if (leaf !== 0) this.#setEntry(this.pmdTable(pteSpan), pteSpan & INDEX, 0);
    this.#pteSpan = -1;
    return leaf;
  }

  /** Hangs a PMD table that is counted already, with all below it, into an empty PUD entry. @internal */
  attachPmdTable(pud: number, pteSpan: number, pmd: number): void {
    const pmdSpan = pteSpan >>> PMD_SPANS_SHIFT;
    this.#setEntry(pud, pmdSpan & INDEX, pmd);
    this.#pmdSpan = pmdSpan;
    this.#pmd = pmd;
    this.#pteSpan = -1;
  }

  /** Takes the PMD table over `pteSpan` off its PUD entry; it stays counted. Answers the table, or 0. @internal */
  detachPmdTable(pteSpan: number): number {
    const pmd = this.pmdTable(pteSpan);
    if (pmd !== 0) this.#setEntry(this.pudTable(pteSpan), (pteSpan >>> PMD_SPANS_SHIFT) & INDEX, 0);
    this.#pmdSpan = -1;
    this.#pteSpan = -1;
    return pmd;
  }

  /** Frees the PTE table of `pteSpan`, which must be empty, if there is one. @internal */
  freePteTable(pteSpan: number): void {
    const leaf = this.pteTable(pteSpan);
    if (leaf === 0) return;
    this.leaves.checkEmpty(leaf);
    this.leaves.release(this.detachPteTable(pteSpan));
    this.#pteTables--;
  }

  /** Frees the PMD table over `pteSpan`, which must be empty, if there is one. @internal */
  freePmdTable(pteSpan: number): void {
    const pmd = this.pmdTable(pteSpan);
    if (pmd === 0) return;
    this.nodes.checkEmpty(pmd);
    this.nodes.release(this.detachPmdTable(pteSpan));
    this.#pmdTables--;
  }

  /** Frees the PUD table over `pteSpan`, which must be empty, if there is one. @internal */
  freePudTable(pteSpan: number): void {
    const pud = this.pudTable(pteSpan);
    if (pud === 0) return;
    this.nodes.checkEmpty(pud);
    this.#setEntry(this.#pgd, pteSpan >>> PUD_SPANS_SHIFT, 0);
    this.nodes.release(pud);
    this.#pudTables--;
  }

  /** First PTE span from `pteSpan` on that lies under a PUD table; `end` or more when there is none below `end`. @internal */
  nextPudTable(pteSpan: number, end: number): number {
    if (this.#pudTables === 0) return end;
    const words = this.nodes.words(this.#pgd);
    const base = this.nodes.base(this.#pgd);
    for (let i = pteSpan >>> PUD_SPANS_SHIFT; i << PUD_SPANS_SHIFT < end; i++) {
      if (words[base + i] !== 0) {
        this.tablesVisited++;
        return Math.max(pteSpan, i << PUD_SPANS_SHIFT);
      }
    }
    return end;
  }

  /** First PTE span from `pteSpan` on that lies under a PMD table; `end` or more when there is none below `end`. @internal */
  nextPmdTable(pteSpan: number, end: number): number {
    if (this.#pmdTables === 0) return end;
    for (let at = this.nextPudTable(pteSpan, end); at < end; ) {
      const pud = this.pudTable(at);
      const found = this.#nextEntry(pud, (at >>> PMD_SPANS_SHIFT) & INDEX);
      const span = at - (at & ((1 << PUD_SPANS_SHIFT) - 1));
      const next = Math.max(at, span + (found << PMD_SPANS_SHIFT));
      if (found < PTRS_PER_TABLE) {
        if (next < end) this.tablesVisited++;
        return next;
      }
      at = this.nextPudTable(next, end);
    }
    return end;
  }

  /**
   * First PTE span from `pteSpan` on that has a PTE table; `end` or more when there is none below `end`.
   * {@link pteTable} answers for it at once. @internal
   */
  nextPteTable(pteSpan: number, end: number): number {
    if (this.#pteTables === 0) return end;
    const here = pteSpan >>> PMD_SPANS_SHIFT === this.#pmdSpan && this.#pmd !== 0;
    for (let at = here ? pteSpan : this.nextPmdTable(pteSpan, end); at < end; ) {
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
    this.#pteSpan = -1;
    this.#pmdSpan = -1;
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
    if (this.nodes.counts[node] === 0) return PTRS_PER_TABLE;
    const words = this.nodes.words(node);
    const base = this.nodes.base(node);
    let i = index;
    while (i < PTRS_PER_TABLE && words[base + i] === 0) i++;
    return i;
  }
}
