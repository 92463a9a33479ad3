import type { SmapsEntry } from 'proc-io';
import { LO_MAYSHARE, LO_SHARED, NO_VMA, PAGE_SIZE, setBrk, type VmaRef } from 'vma-core';
import { isGateVma } from './flagsOfSmaps.ts';
import { LogFiles, type OpenFile } from './openFiles.ts';
import { isWritten, type ReplaySpace } from './replaySpace.ts';
import { SmapsFacts, type VmaFacts } from './smapsFacts.ts';

/**
 * Fills an empty address space with what a smaps lists, ready for a log to go on from.
 *
 * What smaps does not tell is taken as follows. Mappings of one device, inode and name share an open file. An anonymous
 * mapping was never moved: its page offset is that of its address. Placement starts below the highest mapping under the stack: the
 * loader's end. The break is the end of `[heap]`, or unknown until the first `brk`.
 *
 * @param logFiles the open files of the log that goes on from here; by default files of its own
 */
export function adoptSmaps(
  space: ReplaySpace,
  vmas: readonly SmapsEntry[],
  logFiles: LogFiles = new LogFiles(space.process.world),
): void {
  const adoption = new Adoption(space, vmas, logFiles);
  adoption.map(0, vmas.length);
  adoption.settle();
  adoption.write(0, vmas.length);
}

/** VMAs that are adopted in one piece. */
const SLICE_VMAS = 2 ** 9;

/** {@link adoptSmaps} in pieces of a millisecond or so; the process is of no use before the last one. */
export function* adoptSmapsSteps(
  space: ReplaySpace,
  vmas: readonly SmapsEntry[],
  logFiles: LogFiles,
): Generator<undefined> {
  const adoption = new Adoption(space, vmas, logFiles);
  for (let from = 0; from < vmas.length; from += SLICE_VMAS) {
    adoption.map(from, Math.min(from + SLICE_VMAS, vmas.length));
    yield;
  }
  adoption.settle();
  for (let from = 0; from < vmas.length; from += SLICE_VMAS) {
    adoption.write(from, Math.min(from + SLICE_VMAS, vmas.length));
    yield;
  }
}

/** One address space that is being filled: first every VMA is mapped, then some are taken as written. */
class Adoption {
  readonly #space: ReplaySpace;
  readonly #vmas: readonly SmapsEntry[];
  readonly #logFiles: LogFiles;
  readonly #facts: SmapsFacts;
  readonly #files = new Map<string, OpenFile>();
  readonly #refs: VmaRef[] = [];

  constructor(space: ReplaySpace, vmas: readonly SmapsEntry[], logFiles: LogFiles) {
    this.#space = space;
    this.#vmas = vmas;
    this.#logFiles = logFiles;
    this.#facts = SmapsFacts.of(vmas);
  }

  /** Maps the VMAs at the places `[from, to)` of the smaps. */
  map(from: number, to: number): void {
    const space = this.#space;
    const { mm } = space.process;
    for (let place = from; place < to; place++) {
      const vma = this.#vmas[place] as SmapsEntry;
      const fact = this.#facts.at(place);
      if (isGateVma(vma)) {
        this.#refs.push(NO_VMA);
        continue;
      }
      this.#refs.push(adoptVma(space, vma, fact, fileOf(this.#logFiles, vma, fact, this.#files)));
      if (fact.isSpecial) space.names.push({ start: vma.start, end: vma.end, name: vma.name });
      if (fact.isHeap) {
        if (mm.startBrk === 0) setBrk(mm, vma.start);
        mm.brk = vma.end;
      }
    }
  }

  /** Every VMA is mapped. */
  settle(): void {
    // No descriptor names them: when the last mapping goes, so does the file.
    for (const file of this.#files.values()) this.#logFiles.release(file);
    this.#space.process.mm.mmapBase = this.#facts.topOfMappings;
  }

  /** Takes those of the VMAs at the places `[from, to)` as written that are assumed to be. */
  write(from: number, to: number): void {
    const space = this.#space;
    const { store } = space.process.mm;
    for (let place = from; place < to; place++) {
      const ref = this.#refs[place] as VmaRef;
      if (ref === NO_VMA || store.anonVma[ref] !== 0) continue;
      if (!isAssumedWritten(space, this.#vmas[place] as SmapsEntry, store.flagsLo[ref]!)) continue;
      space.assumeAnonVma(ref);
      if (space.faults === 'auto') space.assumed.delete(store.anonVma[ref]!);
    }
  }
}

function isAssumedWritten(space: ReplaySpace, vma: SmapsEntry, lo: number): boolean {
  switch (space.faults) {
    case 'never':
      return false;
    case 'on-map':
      return isWritten(lo);
    case 'auto':
      return (lo & LO_MAYSHARE) === 0 && (vma.fields.get('Anonymous') ?? 0) > 0;
    default:
      return space.faults satisfies never;
  }
}

function adoptVma(space: ReplaySpace, vma: SmapsEntry, { lo, hi, anonName }: VmaFacts, file: number): VmaRef {
  const { mm } = space.process;
  const { store } = mm;
  const ref = store.alloc();
  const ownOffset = vma.start / PAGE_SIZE;
  store.start[ref] = vma.start;
  store.end[ref] = vma.end;
  store.pgoff[ref] = file === 0 && vma.pgoff === 0 ? ownOffset : vma.pgoff;
  store.anonPgoff[ref] = ownOffset;
  store.flagsLo[ref] = lo;
  store.flagsHi[ref] = hi;
  store.file[ref] = file;
  if (anonName !== null) store.anonName[ref] = mm.anonNameId(anonName);
  mm.linkVma(ref);
  return ref;
}

/** The open file of a mapping; 0 for anonymous memory and what the kernel made itself. */
function fileOf(logFiles: LogFiles, { name }: SmapsEntry, fact: VmaFacts, files: Map<string, OpenFile>): number {
  const { fileKey, lo } = fact;
  if (fileKey === null) return 0;
  const known = files.get(fileKey);
  if (known !== undefined) return known.id;
  const file = logFiles.open(name, (lo & LO_SHARED) !== 0);
  files.set(fileKey, file);
  return file.id;
}
