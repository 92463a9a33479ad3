import { listTables, MAX_PAGE, virtPage } from 'pt-model';
import { PAGE_SIZE, pairVerdicts, type Vma } from 'vma-core';
import type { Process } from '../process/process.ts';
import {
  ARENA_BASE,
  ARENA_PAGES,
  type PerWindow,
  type Scenario,
  type StateRecord,
  type VmaRecord,
} from '../scenario/scenario.ts';
import { flagWords, pageOf, pieceOf } from './eventView.ts';
import type { MapState, MapVma, PageRun, TableView } from './mapState.ts';
import { pteViews } from './pteViews.ts';
import type { VmaLetters } from './vmaLetters.ts';

/** A state as it is drawn: the recording's, and what a picture needs besides. */
export function mapStateOf(scenario: Scenario, record: StateRecord, process: Process, letters: VmaLetters): MapState {
  const span = scenario.span ?? ARENA_PAGES;
  const { mm } = process;
  const all = mm.vmas();
  letters.keepOnly(new Set(all.map(({ ref }) => ref)));
  const end = ARENA_BASE + span * PAGE_SIZE;
  const live = all.filter(({ vmStart }) => vmStart >= ARENA_BASE && vmStart < end);
  const vmas = live.map((vma, index) => mapVma(vma, record.vmas[index]!, letters, mm.profile.sticky));
  const pages = pageRuns(scenario, record.pages);
  const borders = pairVerdicts(live, { profile: mm.profile, files: mm.files, softDirty: mm.softDirty });
  return {
    pid: process.pid,
    span,
    vmas,
    pages,
    ptes: pteViews(process, pages),
    softDirty: typeof record.sd === 'string' ? record.sd : '',
    borders: borders.map(({ below, above, refusal }) => ({
      page: pageOf(above.vmStart),
      below: letters.of(below.ref),
      above: letters.of(above.ref),
      refusal,
    })),
    tables: tableViews(process),
    tablesKb: record.pt ?? 0,
  };
}

/** The state before the first step. */
export function emptyMapState(scenario: Scenario, pid: number): MapState {
  const span = scenario.span ?? ARENA_PAGES;
  const windows = scenario.windows ?? [['', 0, span] as const];
  const pages = windows.map(([name, first, length]) => ({ name, first, letters: ' '.repeat(length) }));
  const tables: TableView[] = [{ level: 'pgd', first: -ARENA_BASE / PAGE_SIZE, entries: 0 }];
  return { pid, span, vmas: [], pages, ptes: [], softDirty: '', borders: [], tables, tablesKb: 0 };
}

/** What only the engine knows of a VMA comes from itself, what a reader of /proc sees from the recording's form. */
function mapVma(vma: Vma, [, , perms, pgoff, backing, , name]: VmaRecord, letters: VmaLetters, sticky: bigint): MapVma {
  return {
    ...pieceOf(vma, letters),
    perms,
    backing,
    kind: perms.endsWith('s') ? 'shared' : backing === 'anon' ? 'anon' : 'private',
    pgoff,
    sticky: flagWords(vma.vmFlags & sticky),
    anonVma: vma.anonVma,
    chain: vma.anonVmaChain,
    name: name ?? null,
  };
}

function pageRuns(scenario: Scenario, pages: PerWindow): PageRun[] {
  if (typeof pages === 'string') return [{ name: '', first: 0, letters: pages }];
  return (scenario.windows ?? []).map(([name, first]) => ({ name, first, letters: pages[name] ?? '' }));
}

function tableViews({ pageTable }: Process): TableView[] {
  return Array.from(listTables(pageTable, virtPage(0), virtPage(MAX_PAGE)), ({ level, first, entries }) => ({
    level,
    first: first - ARENA_BASE / PAGE_SIZE,
    entries,
  }));
}
