import { pteDirty, ptePresent, pteSoftDirty, pteUffdWp, pteWrite, virtPage } from 'pt-model';
import { InvariantError, NO_VMA, PAGE_SIZE, TASK_SIZE, type VmaRef } from 'vma-core';
import type { Process } from '../process.ts';
import { guardRegions } from '../replay/guardRegions.ts';
import { pageLetter } from '../scenario/describeState.ts';
import type { Pacer } from './pacer.ts';
import { NAMELESS, type VmaNamer } from './vmaNames.ts';
import { type MapWindow, type MapWindowInput, PAGE_BITS, type PageWindow, type PageWindowInput } from './windows.ts';

/** VMAs of a window unless more are asked for. */
export const DEFAULT_VMAS = 65_536;
/** A window of all there are. */
export const ALL_VMAS: MapWindowInput = { max: 2 ** 31 };
/** Pages of a window at most: 64 GiB. */
const MAX_WINDOW_PAGES = 1 << 24;
/** Pages that are read between two looks at the clock. */
const SLICE_PAGES = 1 << 13;
/** The letter of a page that no VMA holds: a space. */
const NOT_MAPPED = 0x20;

/** @throws InvariantError for a window that is none */
export function checkMapWindow({ from = 0, to = TASK_SIZE, max = DEFAULT_VMAS }: MapWindowInput): void {
  if (from >= 0 && to >= from && Number.isSafeInteger(max) && max > 0) return;
  throw new InvariantError(`no window of the map: [${from}, ${to}), ${max} VMAs`);
}

/**
 * VMAs of a process as columns; see {@link MapWindow}.
 * @throws InvariantError for a window that is none
 */
export function readMap(process: Process, input: MapWindowInput, namer: VmaNamer = NAMELESS): MapWindow {
  checkMapWindow(input);
  const { from = 0, to = TASK_SIZE, max = DEFAULT_VMAS } = input;
  const { store, index } = process.mm;
  const refs: VmaRef[] = [];
  let vma = index.find(from);
  for (; vma !== NO_VMA && (store.start[vma] as number) < to && refs.length < max; vma = index.next(vma))
    refs.push(vma);
  const more = vma !== NO_VMA && (store.start[vma] as number) < to;
  const floats = (column: Float64Array): Float64Array<ArrayBuffer> =>
    Float64Array.from(refs, (ref) => column[ref] as number);
  const words = (column: Uint32Array): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(refs, (ref) => column[ref] as number);
  const ids = (column: Int32Array): Int32Array<ArrayBuffer> => Int32Array.from(refs, (ref) => column[ref] as number);
  const last = refs.at(-1);
  const guards = last === undefined ? [] : guardRegions(process, store.start[refs[0] as VmaRef], store.end[last]);
  return {
    pid: process.pid,
    count: refs.length,
    start: floats(store.start),
    end: floats(store.end),
    pgoff: floats(store.pgoff),
    flagsLo: words(store.flagsLo),
    flagsHi: words(store.flagsHi),
    file: ids(store.file),
    anonVma: ids(store.anonVma),
    ...namesOf(refs, namer),
    guardStart: Float64Array.from(guards, ({ start }) => start),
    guardEnd: Float64Array.from(guards, ({ end }) => end),
    next: more ? (store.start[vma] as number) : null,
  };
}

function namesOf(refs: readonly VmaRef[], namer: VmaNamer): Pick<MapWindow, 'name' | 'names'> {
  const names = new Map<string, number>([['', 0]]);
  const name = Uint32Array.from(refs, (ref) => {
    const text = namer(ref);
    const known = names.get(text);
    if (known !== undefined) return known;
    names.set(text, names.size);
    return names.size - 1;
  });
  return { name, names: [...names.keys()] };
}

/**
 * Page states of a process; see {@link PageWindow}. A window of all that a process has is long work.
 * @throws InvariantError for a window that is none; CancelledError
 */
export async function readPages(process: Process, input: PageWindowInput, pacer: Pacer): Promise<PageWindow> {
  const { addr, pages } = input;
  const first = addr / PAGE_SIZE;
  const ok = Number.isSafeInteger(first) && Number.isSafeInteger(pages) && first >= 0 && pages >= 0;
  if (!ok || pages > MAX_WINDOW_PAGES || addr + pages * PAGE_SIZE > TASK_SIZE) {
    throw new InvariantError(`no window of pages: ${pages} from ${addr} on, at most ${MAX_WINDOW_PAGES}`);
  }
  const window = { pid: process.pid, addr, letters: new Uint8Array(pages), bits: new Uint8Array(pages) };
  for (let from = 0; from < pages; from += SLICE_PAGES) {
    const to = Math.min(pages, from + SLICE_PAGES);
    readSlice(process, window, from, to);
    if (pacer.due()) await pacer.pause({ doing: 'reading pages', part: to / pages, done: to, unit: 'pages' });
  }
  return window;
}

function readSlice(process: Process, { addr, letters, bits }: PageWindow, from: number, to: number): void {
  const { mm, pageTable } = process;
  const first = addr / PAGE_SIZE;
  let vma: VmaRef = NO_VMA;
  for (let i = from; i < to; i++) {
    const at = addr + i * PAGE_SIZE;
    if (vma === NO_VMA || at >= (mm.store.end[vma] as number)) vma = mm.findVma(at);
    if (vma === NO_VMA || at < (mm.store.start[vma] as number)) {
      letters[i] = NOT_MAPPED;
      continue;
    }
    const pte = pageTable.get(virtPage(first + i));
    letters[i] = pageLetter(process, pte).charCodeAt(0);
    const present = ptePresent(pte);
    bits[i] =
      (present && pteWrite(pte) ? PAGE_BITS.writable : 0) |
      (present && pteDirty(pte) ? PAGE_BITS.dirty : 0) |
      (pteSoftDirty(pte) ? PAGE_BITS.softDirty : 0) |
      (pteUffdWp(pte) ? PAGE_BITS.uffdWp : 0);
  }
}
