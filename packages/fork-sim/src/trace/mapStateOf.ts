import { listTables, MAX_PAGE, virtPage } from 'pt-model';
import { formatVmFlags, PAGE_SIZE, type Vma } from 'vma-core';
import type { Process } from '../process/process.ts';
import {
  ARENA_BASE,
  ARENA_PAGES,
  type PerWindow,
  type Scenario,
  type StateRecord,
  type VmaRecord,
} from '../scenario/scenario.ts';
import { bordersOf } from './bordersOf.ts';
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
  const stickyWords = new Set(flagWords(formatVmFlags(mm.profile.sticky)));
  const vmas = record.vmas.map((one, index) => mapVma(one, live[index], letters, stickyWords));
  const pages = pageRuns(scenario, record.pages);
  return {
    pid: process.pid,
    span,
    vmas,
    pages,
    ptes: pteViews(process, pages),
    softDirty: typeof record.sd === 'string' ? record.sd : '',
    borders: bordersOf(live, vmas, mm),
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

/** The words of `formatVmFlags`. */
export function flagWords(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function mapVma(
  [start, end, perms, pgoff, backing, flags, name]: VmaRecord,
  vma: Vma | undefined,
  letters: VmaLetters,
  stickyWords: ReadonlySet<string>,
): MapVma {
  const words = flagWords(flags);
  return {
    letter: vma ? letters.of(vma.ref) : '?',
    start,
    end,
    perms,
    backing,
    kind: perms.endsWith('s') ? 'shared' : backing === 'anon' ? 'anon' : 'private',
    pgoff,
    flags: words,
    sticky: words.filter((word) => stickyWords.has(word)),
    anonVma: vma?.anonVma ?? null,
    chain: vma?.anonVmaChain ?? 0,
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
