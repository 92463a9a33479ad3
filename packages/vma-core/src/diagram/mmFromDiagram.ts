import { DiagramError, invariant } from '../errors.ts';
import { countingIds } from '../idSource.ts';
import type { KernelProfile } from '../kernelProfile.ts';
import { type VmaMergeStruct, vmgState, vmgVmaState } from '../merge/vmaMergeStruct.ts';
import type { Mm, MmOptions } from '../mm.ts';
import { PAGE_SIZE, pgoff, type VirtAddr, virtAddr } from '../units.ts';
import type { Vma, VmaFields, VmFile } from '../vma.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  parseVmFlags,
  VM_ACCOUNT,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_READ,
  VM_WRITE,
  type VmFlags,
  vmFlags,
} from '../vmFlags.ts';
import { drawVmas } from './drawVmas.ts';
import { LetteredMm } from './letteredMm.ts';
import { type Diagram, parseDiagram } from './parseDiagram.ts';

/** Fields of a {@link Vma} that a letter gives by other names and types. */
type OtherwiseGiven = 'ref' | 'vmStart' | 'vmEnd' | 'vmFlags' | 'vmFile' | 'vmPgoff' | 'anonPgoff';

/**
 * Attributes of one letter, those of a {@link Vma}. What is not given is that of plain private memory: one VMA would come of all
 * neighbours. The chain of an anon_vma has one link where it is not given; with 2 or more it is a fork child's.
 */
export interface LetterOptions extends Partial<Omit<Vma, OtherwiseGiven>> {
  /** A set, or the letters of a `VmFlags:` line. Default {@link DIAGRAM_FLAGS}. */
  readonly flags?: VmFlags | string;
  /** Id of the open file, `null` for anonymous memory. Default `null`. */
  readonly file?: number | null;
  /** Page offset of the first page. Default: its page number, so that offsets continue all along the drawing. */
  readonly pgoff?: number;
  /** The second, anonymous offset (7.3), in pages. Default: its page number. */
  readonly anonPgoff?: number;
}

/** What a drawing does not say. Other fields go to the {@link Mm} as they are. */
export interface DiagramOptions extends Partial<Omit<MmOptions, 'profile' | 'files'>> {
  /** A profile, its name, or a version. Default `6.19`. */
  readonly profile?: KernelProfile | string;
  /** Attributes by letter; `*`: those the range is about to have (an existing range: those that change). */
  readonly letters?: Readonly<Record<string, LetterOptions>>;
  /** Attributes of every letter that does not say otherwise. */
  readonly all?: LetterOptions;
  /** Open files. One that a letter names and that is not here is a plain file. */
  readonly files?: readonly VmFile[];
  /** Address of the first column, in bytes. Default 0, so that column and page number are one. */
  readonly base?: number;
}

/** Flags of a letter that says nothing: private, readable and writable, accounted; `rd wr mr mw me ac`. */
export const DIAGRAM_FLAGS: VmFlags = vmFlags(VM_READ, VM_WRITE, VM_MAYREAD, VM_MAYWRITE, VM_MAYEXEC, VM_ACCOUNT);

/** An address space made from a drawing, with the letters of its VMAs. */
export class DrawnMm {
  /** The address space; system calls take it. */
  readonly mm: Mm;
  /** What was drawn. */
  readonly diagram: Diagram;
  /** Address of the first column, in bytes. */
  readonly base: number;
  readonly #lettered: LetteredMm;
  readonly #range: LetterOptions;

  constructor(mm: LetteredMm, diagram: Diagram, base: number, range: LetterOptions) {
    this.mm = mm;
    this.diagram = diagram;
    this.base = base;
    this.#lettered = mm;
    this.#range = range;
  }

  /** Address of a column, in bytes. */
  addr(column: number): VirtAddr {
    return virtAddr(this.base + column * PAGE_SIZE);
  }

  /**
   * The VMA that has this letter now.
   * @throws DiagramError where there is none, or no longer
   */
  ref(letter: string): VmaRef {
    for (const [ref, own] of this.letters) if (own === letter) return ref;
    throw new DiagramError(`there is no VMA ${letter}`, 1);
  }

  /** The drawn range, in bytes. */
  get range(): { readonly start: VirtAddr; readonly end: VirtAddr } {
    const { range } = this.diagram;
    if (range === null) throw new DiagramError('the drawing has no range: mark it with "*" or lower case', 1);
    return { start: this.addr(range.start), end: this.addr(range.end) };
  }

  /**
   * The request to merge the drawn range: of a new range where it lies in a hole, else of an existing one, with the attributes
   * of its VMA except where the letter `*` gives others.
   * @throws InvariantError where the range covers more than one VMA, or a hole besides
   */
  vmg(): VmaMergeStruct {
    const { mm } = this;
    const { start, end } = this.range;
    const at = mm.index.findIntersection(start, end);
    let vmg: VmaMergeStruct;
    if (at === NO_VMA) {
      vmg = vmgState(mm, start, end, start / PAGE_SIZE, 0, 0, 0).findNeighbours();
      mm.setFields(vmg.proposed, { vmFlags: DIAGRAM_FLAGS });
    } else {
      const { store } = mm;
      const within = store.start[at]! <= start && store.end[at]! >= end;
      invariant(within, 'the range of a merge lies in one VMA, or in a hole');
      vmg = vmgVmaState(mm, store.start[at]! < start ? at : mm.index.prev(at), at, start, end);
    }
    mm.setFields(vmg.proposed, fieldsOf(this.#range));
    return vmg;
  }

  /**
   * Draws the state as it is now. A VMA keeps its letter as it grows, shrinks and merges; of one that is cut in two the lower
   * half that stays keeps it; a new one gets the first letter that none ever had.
   */
  draw(): string {
    return drawVmas(this.mm, { base: this.base, pages: this.diagram.pages, letters: this.letters });
  }

  /** The letters of the VMAs as they are now, for {@link drawState}. */
  get letters(): ReadonlyMap<VmaRef, string> {
    return this.#lettered.letters();
  }
}

/**
 * Makes the address space of a drawing. Without options all VMAs are private anonymous memory that was never written, with
 * equal flags and continuous offsets: nothing but their letters keeps them apart.
 *
 * @param drawing what {@link parseDiagram} reads
 * @throws DiagramError where the drawing cannot be read, or `letters` names one that it does not have
 */
export function mmFromDiagram(drawing: string, options: DiagramOptions = {}): DrawnMm {
  const diagram = parseDiagram(drawing);
  const { profile = '6.19', letters = {}, all = {}, files = [], base = 0, ...rest } = options;
  for (const letter of Object.keys(letters)) {
    const known = letter === '*' ? diagram.range !== null : diagram.vmas.some((vma) => vma.letter === letter);
    if (!known) throw new DiagramError(`options for ${letter}, which the drawing does not have`, 1);
  }
  const given = diagram.vmas.map(({ letter }) => ({ ...all, ...letters[letter] }));
  const anonVmas = [...given, letters['*'] ?? {}].map(({ anonVma }) => anonVma ?? 0);
  const mm = new LetteredMm({
    anonVmaIds: countingIds(Math.max(0, ...anonVmas) + 1),
    ...rest,
    profile,
    files: new Map(files.map((file) => [file.id, file])),
  });
  for (const [i, { letter, start, end }] of diagram.vmas.entries()) {
    const vmStart = virtAddr(base + start * PAGE_SIZE);
    const vmEnd = virtAddr(base + end * PAGE_SIZE);
    const fields = fieldsOf({ flags: DIAGRAM_FLAGS, ...given[i] });
    mm.name(mm.add({ ...fields, vmStart, vmEnd }), letter);
  }
  // A new range is like every letter, but was never written; an existing one is like its VMA.
  const overHole = diagram.range !== null && !diagram.vmas.some((vma) => overlaps(vma, diagram.range));
  const range = { ...(overHole ? { ...all, anonVma: null } : {}), ...letters['*'] };
  for (const { file } of [...given, range]) if (file && !mm.files.has(file)) mm.addFile({ id: file });
  return new DrawnMm(mm, diagram, base, range);
}

function overlaps(vma: { start: number; end: number }, range: Diagram['range']): boolean {
  return range !== null && vma.start < range.end && vma.end > range.start;
}

function fieldsOf({ flags, file, pgoff: offset, anonPgoff, ...same }: LetterOptions): VmaFields {
  return {
    ...same,
    anonVmaChain: same.anonVma === null ? 0 : same.anonVmaChain,
    vmFlags: typeof flags === 'string' ? parseVmFlags(flags) : flags,
    vmFile: file,
    vmPgoff: offset === undefined ? undefined : pgoff(offset),
    anonPgoff: anonPgoff === undefined ? undefined : pgoff(anonPgoff),
  };
}
