import { pteGuard, ptePfn, ptePresent, pteSoftDirty, pteSwap, pteUffdWp, pteUffdWpMarker, virtPage } from 'pt-model';
import { formatVmFlags, NO_VMA, PAGE_SIZE, permissions, VM_SOFTDIRTY, type Vma, type VmFlags } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { Arena } from './arena.ts';
import { ARENA_BASE, ARENA_PAGES, type PerWindow, type StateRecord, type VmaRecord, type Window } from './scenario.ts';

/** The state of a process's arena, in the form of FORMAT.md. */
export function describeState(arena: Arena, process: Process): StateRecord {
  const pages: Record<string, string> = {};
  const sd: Record<string, string> = {};
  const wp: Record<string, string> = {};
  const vmas = describeVmas(arena, process);
  for (const window of arena.windows ?? [['', 0, ARENA_PAGES] as const]) {
    const [name] = window;
    const seen = describeWindow(process, window);
    pages[name] = seen.pages;
    sd[name] = hexMask(seen.softDirty);
    wp[name] = hexMask(seen.writeProtected);
  }
  const pick = (all: Record<string, string>): PerWindow => (arena.windows === null ? (all[''] as string) : all);
  const state: StateRecord = { vmas, pages: pick(pages), sd: pick(sd) };
  return arena.format === 1 ? state : { ...state, wp: pick(wp), pt: process.pageTable.vmPteKb };
}

function describeVmas(arena: Arena, process: Process): VmaRecord[] {
  const { mm } = process;
  const end = arena.addr(arena.span);
  const records: VmaRecord[] = [];
  for (let vma = mm.index.find(ARENA_BASE); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (mm.store.start[vma]! >= end) break;
    records.push(describeVma(arena, process, mm.view(vma)));
  }
  return records;
}

function describeVma(arena: Arena, process: Process, vma: Vma): VmaRecord {
  const page = (addr: number): number => (addr - ARENA_BASE) / PAGE_SIZE;
  const backing = vma.vmFile === null ? 'anon' : arena.nameOf(vma.vmFile);
  const pgoff = vma.vmFile === null ? 0 : vma.vmPgoff;
  const flags = smapsLetters(process, vma.vmFlags);
  const name = vma.vmFile === null ? anonymousName(process, vma) : null;
  const record = [page(vma.vmStart), page(vma.vmEnd), permissions(vma.vmFlags), pgoff, backing, flags] as const;
  return name === null ? record : [...record, name];
}

/** The letters of smaps, as the process's kernel knows them. */
function smapsLetters({ mm }: Process, flags: VmFlags): string {
  const letters = formatVmFlags(flags);
  return mm.profile.lockOnFaultShown ? letters : letters.replace(/\blf\b/, '??');
}

/** The name that `/proc/PID/maps` shows for memory that is no file. Kernel: `show_map_vma()`, `vma_is_initial_heap()`. */
export function anonymousName(process: Process, vma: Vma): string | null {
  if (vma.anonName !== null) return `[anon:${vma.anonName}]`;
  const { startBrk, brk, profile } = process.mm;
  const touches = profile.heapNameStrict ? 0 : 1;
  return vma.vmStart < brk + touches && vma.vmEnd > startBrk - touches ? '[heap]' : null;
}

function describeWindow(
  process: Process,
  [, first, length]: Window,
): { pages: string; softDirty: boolean[]; writeProtected: boolean[] } {
  const { mm } = process;
  const softDirty: boolean[] = [];
  const writeProtected: boolean[] = [];
  let pages = '';
  for (let page = first; page < first + length; page++) {
    const vma = mm.vmaLookup(ARENA_BASE + page * PAGE_SIZE);
    const pte = process.pageTable.get(virtPage(ARENA_BASE / PAGE_SIZE + page));
    const mapped = vma !== NO_VMA;
    pages += mapped ? pageLetter(process, pte) : ' ';
    const dirtyVma = mapped && (mm.store.flags(vma) & VM_SOFTDIRTY) !== 0n;
    softDirty.push(mm.softDirty && mapped && (dirtyVma || pteSoftDirty(pte)));
    writeProtected.push(mapped && mm.profile.pagemapShowsUffdWp && pteUffdWp(pte));
  }
  return { pages, softDirty, writeProtected };
}

/** The letter by which recordings show a page of a mapping: see FORMAT.md. */
export function pageLetter(process: Process, pte: ReturnType<typeof process.pageTable.get>): string {
  const { frames } = process.world;
  if (pteGuard(pte)) return 'G';
  if (pteUffdWpMarker(pte)) return 'W';
  if (pteSwap(pte)) return 'S';
  if (!ptePresent(pte)) return '.';
  const pfn = ptePfn(pte);
  if (frames.isZero(pfn)) return 'z';
  const once = frames.mapcount(pfn) === 1;
  return frames.isAnon(pfn) ? (once ? 'A' : 'a') : once ? 'F' : 'f';
}

/** Bits as hexadecimal digits, the highest page first. */
function hexMask(bits: readonly boolean[]): string {
  let text = '';
  for (let at = 0; at < bits.length; at += 4) {
    const digit = [0, 1, 2, 3].reduce((sum, k) => sum + (bits[at + k] ? 1 << k : 0), 0);
    text = digit.toString(16) + text;
  }
  return text;
}
