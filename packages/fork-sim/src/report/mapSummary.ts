import { tableUsageOfRanges, virtPage } from 'pt-model';
import { type ForkAction, type MergeRule, PAGE_SIZE, TASK_SIZE, type VmFlags } from 'vma-core';
import type { Process } from '../process/process.ts';
import { type MapGeometry, X86_64 } from '../replay/mapGeometry.ts';
import { refusedFlags } from '../replay/replayNotes.ts';
import { guardRegions } from './guardRegions.ts';
import type { PairRow } from './pairRow.ts';
import { TableCounter } from './tablesFor.ts';
import { type ForkRow, isLeftReserve, pagesOf, type VmaRow } from './vmaRow.ts';

/** VMAs with which a fork would do the same for the same reason. Sums of their {@link ForkRow}s; tables that they share count once. */
export interface ForkGroup extends ForkRow {
  readonly vmas: number;
  readonly pages: number;
}

/** Neighbours that one rule keeps apart. */
export interface WallGroup {
  readonly rule: MergeRule;
  /** The flags that differ, where it is flags. */
  readonly flags: VmFlags;
  readonly count: number;
  /** Where the first two meet. */
  readonly at: number;
}

/** Pairs of neighbours of one kind, and where the first two meet. */
export interface PairCount {
  readonly count: number;
  readonly at: number | null;
}

/** A map in figures: what could merge, what a fork would do. */
export interface MapSummary {
  readonly kernel: string;
  readonly vmas: number;
  readonly pages: number;
  /** Bytes a page. */
  readonly pageSize: number;
  /** Pairs that touch: those that nothing keeps apart, those of which smaps does not tell enough, and those that a rule keeps apart. */
  readonly seams: PairCount;
  readonly unknown: PairCount;
  readonly walls: readonly WallGroup[];
  readonly fork: readonly ForkGroup[];
  /** VMAs and their pages by what fork does with them; those of {@link reserves} apart. */
  readonly forkTotals: { readonly [action in ForkAction]: { readonly vmas: number; readonly pages: number } };
  /** What the child certainly gets: entries that a log itself proves (guards, populated pages), and their tables; `null`: of another machine. */
  readonly proven: { readonly ptes: number; readonly tablesKb: number | null };
  /**
   * Page tables of the child, were every page of what is copied mapped; kB. Less than the sum over {@link fork}: VMAs share tables, the
   * upper ones above all.
   */
  readonly childTablesKbAtMost: number | null;
  /** Page tables for what is left to refault, which one guard in it would make fork copy (on profiles that take guards there); kB. */
  readonly refaultTablesKb: number | null;
  /** Left to refault, but without access and never written: no page of it can be faulted in. It is in no figure of fork. */
  readonly reserves: { readonly vmas: number; readonly pages: number };
  readonly guards: { readonly regions: number; readonly pages: number };
  /** VMAs whose anon_vma is assumed. */
  readonly assumed: number;
  /** Its page tables: those that a log proves; `null`: of another machine. */
  readonly tablesKb: number | null;
}

/** Sums up a map. The rows are those of all of its VMAs, in address order. `geometry`: how its machine divides memory. */
export function sumUp(process: Process, rows: Iterable<VmaRow>, geometry: MapGeometry = X86_64): MapSummary {
  const sum = new MapSum(geometry);
  for (const row of rows) sum.add(row);
  return sum.of(process);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A sum of rows that come one after the other. */
export class MapSum {
  readonly #pairs = { seam: { count: 0, at: null as number | null }, unknown: { count: 0, at: null as number | null } };
  readonly #walls = new Map<string, Mutable<WallGroup>>();
  readonly #groups = new Map<string, { group: Mutable<ForkGroup>; tables: TableCounter }>();
  readonly #totals = {
    copy: { vmas: 0, pages: 0 },
    refault: { vmas: 0, pages: 0 },
    wipe: { vmas: 0, pages: 0 },
    skip: { vmas: 0, pages: 0 },
  };
  readonly #geometry: MapGeometry;
  readonly #tables: { readonly copy: TableCounter; readonly refault: TableCounter };
  readonly #reserves = { vmas: 0, pages: 0 };
  readonly #copied: { readonly start: number; readonly end: number }[] = [];
  #pages = 0;
  #assumed = 0;
  #isModelled: boolean;

  constructor(geometry: MapGeometry = X86_64) {
    this.#geometry = geometry;
    this.#isModelled = geometry.levels === X86_64.levels && geometry.pageSize === X86_64.pageSize;
    this.#tables = { copy: new TableCounter(geometry), refault: new TableCounter(geometry) };
  }

  add(row: VmaRow): void {
    const { start, end, fork, above } = row;
    const all = (end - start) / this.#geometry.pageSize;
    const pages = fork.reserve ? 0 : all;
    this.#pages += all;
    const total = isLeftReserve(row) ? this.#reserves : this.#totals[fork.action];
    total.vmas++;
    total.pages += isLeftReserve(row) ? all : pages;
    if (row.assumed) this.#assumed++;
    // No page table here spans it.
    if (end > TASK_SIZE) this.#isModelled = false;
    if (above.kind !== 'top' && above.kind !== 'hole') this.#addPair(above, end);
    this.#addToGroup(row, pages);
    if (fork.action === 'copy') this.#copied.push({ start, end });
    if (!fork.reserve && (fork.action === 'copy' || fork.action === 'refault'))
      this.#tables[fork.action].add(start, end);
  }

  /** The figures, once every VMA of the process was added. */
  of(process: Process): MapSummary {
    const { mm, pageTable, world } = process;
    const guards = guardRegions(process);
    const fork = [...this.#groups.values()].map(({ group, tables }) => ({ ...group, kBAtMost: tables.count.kB }));
    const copied = this.#copied.map(({ start, end }) => ({
      start: virtPage(start / PAGE_SIZE),
      end: virtPage(end / PAGE_SIZE),
    }));
    return {
      kernel: world.profile.name,
      vmas: mm.mapCount,
      pages: this.#pages,
      pageSize: this.#geometry.pageSize,
      seams: this.#pairs.seam,
      unknown: this.#pairs.unknown,
      walls: [...this.#walls.values()].sort((a, b) => b.count - a.count),
      fork,
      forkTotals: this.#totals,
      proven: {
        ptes: fork.reduce((sum, { ptes }) => sum + ptes, 0),
        tablesKb: this.#isModelled ? tableUsageOfRanges(pageTable, copied).kB : null,
      },
      childTablesKbAtMost: this.#tables.copy.count.kB,
      refaultTablesKb: this.#tables.refault.count.kB,
      reserves: this.#reserves,
      guards: { regions: guards.length, pages: guards.reduce((sum, guard) => sum + pagesOf(guard), 0) },
      assumed: this.#assumed,
      tablesKb: this.#isModelled ? pageTable.vmPteKb : null,
    };
  }

  #addPair(pair: PairRow, at: number): void {
    if (pair.kind !== 'wall') {
      const group = this.#pairs[pair.kind];
      group.count++;
      group.at ??= at;
      return;
    }
    const { rule } = pair.refusal;
    const flags = refusedFlags(pair.refusal);
    const key = `${rule} ${flags}`;
    const group = this.#walls.get(key) ?? { rule, flags, count: 0, at };
    group.count++;
    this.#walls.set(key, group);
  }

  #addToGroup({ start, end, fork }: VmaRow, pages: number): void {
    const key = `${fork.action} ${fork.rule} ${fork.flags} ${fork.reserve}`;
    let known = this.#groups.get(key);
    if (known === undefined) {
      known = { group: { ...fork, ptes: 0, vmas: 0, pages: 0 }, tables: new TableCounter(this.#geometry) };
      this.#groups.set(key, known);
    }
    known.group.vmas++;
    known.group.pages += pages;
    known.group.ptes += fork.ptes;
    if (!fork.reserve) known.tables.add(start, end);
  }
}
