import type { MapState, TableView } from 'fork-sim';
import { PMD_TABLE_PAGES, PTE_TABLE_PAGES, PTRS_PER_TABLE, PUD_TABLE_PAGES, type TableLevel } from 'pt-model';

/** A table of the tree, with its place in the table above. */
export interface TreeTable extends TableView {
  /** Index of the entry above that leads here; `null` for the PGD. */
  readonly index: number | null;
  /** Indices of its entries in use, as far as the state shows them; ascending. */
  readonly used: readonly number[];
}

/** The levels from the top: name, and the pages under one entry. */
const LEVELS: readonly { readonly level: TableLevel; readonly name: string; readonly entryPages: number }[] = [
  { level: 'pgd', name: 'PGD', entryPages: PUD_TABLE_PAGES },
  { level: 'pud', name: 'PUD', entryPages: PMD_TABLE_PAGES },
  { level: 'pmd', name: 'PMD', entryPages: PTE_TABLE_PAGES },
  { level: 'pte', name: 'PTE', entryPages: 1 },
];

/** The step of the walk at one level. */
export interface WalkStep {
  readonly level: TableLevel;
  readonly name: string;
  /** Entry that the address leads to. */
  readonly index: number;
  /** The table; `null`: there is none, so the walk ended above. */
  readonly table: TreeTable | null;
}

/** The tables of a state, level by level; of a PTE table the entries are those of pages that are looked at. */
export function pageTree(state: MapState): readonly (readonly TreeTable[])[] {
  return LEVELS.map(({ level, entryPages }, depth) => {
    const below = LEVELS[depth + 1]?.level;
    const above = LEVELS[depth - 1];
    const firsts =
      level === 'pte'
        ? state.ptes.map(({ page }) => page)
        : state.tables.filter((table) => table.level === below).map(({ first }) => first);
    return state.tables
      .filter((table) => table.level === level)
      .map((table): TreeTable => {
        const last = table.first + entryPages * PTRS_PER_TABLE;
        const inside = firsts.filter((first) => first >= table.first && first < last);
        const used = inside.map((first) => Math.floor((first - table.first) / entryPages));
        return { ...table, index: above ? indexIn(table.first, above.entryPages, state) : null, used };
      });
  });
}

/** The walk to a page: at each level the entry, and the table it is in. */
export function walkTo(state: MapState, page: number): WalkStep[] {
  const tree = pageTree(state);
  return LEVELS.map(({ level, name, entryPages }, depth) => {
    const span = entryPages * PTRS_PER_TABLE;
    const table = tree[depth]?.find(({ first }) => page >= first && page < first + span) ?? null;
    return { level, name, index: indexIn(page, entryPages, state), table };
  });
}

/** Which of the 512 entries of its table leads to a page. */
function indexIn(page: number, entryPages: number, { tables }: MapState): number {
  // The PGD begins at address 0, so its first page says where the arena lies.
  const origin = tables.find(({ level }) => level === 'pgd')?.first ?? 0;
  return Math.floor((page - origin) / entryPages) % PTRS_PER_TABLE;
}

/** The entry of a page, as a sentence. */
export function entrySentence(state: MapState, page: number): string {
  const vma = state.vmas.find(({ start, end }) => page >= start && page < end);
  const where = vma ? `Page ${page}, in ${vma.letter}` : `Page ${page}, which no VMA holds`;
  const pte = state.ptes.find((one) => one.page === page);
  if (pte === undefined) {
    const missing = walkTo(state, page).find(({ table }) => table === null);
    const why = missing ? `there is no ${missing.name} table` : 'the entry is empty';
    return `${where}: ${why}. ${vma ? 'An access faults, and the kernel decides what to map.' : 'An access is a SIGSEGV.'}`;
  }
  if (pte.letter === 'G') return `${where}: a guard marker. Any access is a SIGSEGV; no memory is used for the page.`;
  if (pte.letter === 'W') return `${where}: a write-protect marker of userfaultfd, without a page.`;
  if (pte.letter === 'S') return `${where}: a swap entry.`;
  if (pte.letter === 'z') return `${where}: the zero page, read-only; the first write gives it memory of its own.`;
  const bits = [
    pte.write ? 'writable' : 'read-only',
    ...(pte.dirty ? ['dirty'] : []),
    ...(pte.softDirty ? ['soft-dirty'] : []),
    ...(pte.uffdWp ? ['write-protected by userfaultfd'] : []),
    pte.mapcount === 1 ? 'mapped once' : `mapped ${pte.mapcount} times`,
  ];
  return `${where}: frame ${pte.frame}, ${bits.join(', ')}.`;
}
