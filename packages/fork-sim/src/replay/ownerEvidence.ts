import type { StraceCall } from 'proc-io';
import { MAP_32BIT, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_HUGETLB, PMD_SIZE, pageAlign } from 'vma-core';
import type { Range } from './trialSpace.ts';
import { overlaps } from './tryCall.ts';

/** What the log shows of two owners of calls: that they share an address space, or cannot. */
export interface OwnerVerdict {
  readonly is: 'same' | 'apart' | 'open';
  /** The line that shows it; 0 where nothing does. */
  readonly line: number;
}

/** What was mapped in the log, and not unmapped yet. */
interface Piece extends Range {
  readonly owner: object;
}

/** A mapping without an address, as the kernel placed it. */
interface Placed extends Piece {
  readonly line: number;
}

/** Breaks further apart than this are of two heaps: 64 GiB. */
const FAR = 2 ** 36;
/** Placed mappings that later ones are compared with. */
const MOST_PLACED = 64;

/**
 * What calls show of whose they are. Two address spaces are apart where one returns memory that the other holds mapped; where a mapping was
 * placed below a hole that would have been free to it in the other's space; where breaks are far apart; where one goes on after the other's
 * `exit_group`. They are one where one works on memory that the other has mapped, or is placed right below it.
 */
export class OwnerEvidence {
  readonly #isMapped: (owner: object, range: Range) => boolean;
  #pieces: Piece[] = [];
  #placed: Placed[] = [];
  /** What any of the calls has unmapped. */
  readonly #unmapped: Range[] = [];
  readonly #breaks = new Map<object, number>();
  readonly #exits = new Map<object, number>();
  readonly #apart = new Map<object, Map<object, number>>();
  readonly #same = new Map<object, Map<object, number>>();
  /** An owner's mapping lands on its own: the log does not have what unmapped it, so addresses that come twice tell nothing. */
  #isIncomplete = false;

  /** @param isMapped has an owner this range mapped by what is known of it without these calls? */
  constructor(isMapped: (owner: object, range: Range) => boolean) {
    this.#isMapped = isMapped;
  }

  /**
   * Takes calls in, in the order of the log.
   *
   * @param owners all there are
   */
  see(calls: readonly StraceCall[], ownerOf: (call: StraceCall) => object, owners: readonly object[]): void {
    const points = calls.flatMap((call) => [
      { line: call.line, call, isEnd: false },
      { line: call.endLine, call, isEnd: true },
    ]);
    points.sort((a, b) => a.line - b.line || Number(a.isEnd) - Number(b.isEnd));
    for (const { call, isEnd } of points) {
      const owner = ownerOf(call);
      if (isEnd) this.#ends(call, owner, owners);
      else this.#begins(call, owner, owners);
    }
  }

  /** What is shown of two owners. That they are apart weighs more: what one does may fit the other's map by chance. */
  verdict(a: object, b: object): OwnerVerdict {
    const apart = this.#isIncomplete ? undefined : this.#apart.get(a)?.get(b);
    if (apart !== undefined) return { is: 'apart', line: apart };
    const same = this.#same.get(a)?.get(b);
    return same === undefined ? { is: 'open', line: 0 } : { is: 'same', line: same };
  }

  /** What a call unmaps counts from where it begins, so that a mapping that overlaps it is no contradiction. */
  #begins(call: StraceCall, owner: object, owners: readonly object[]): void {
    for (const [other, line] of this.#exits)
      if (other !== owner && call.line > line) this.#note(this.#apart, owner, other, call.line);
    const range = rangeOfWork(call);
    if (range === null) return;
    const own = this.#pieces.some((piece) => piece.owner === owner && overlaps(piece, range));
    if (!own) {
      for (const piece of this.#pieces) {
        if (piece.owner !== owner && piece.start <= range.start && range.end <= piece.end)
          this.#note(this.#same, owner, piece.owner, call.line);
      }
      for (const other of owners) {
        if (other !== owner && this.#isMapped(other, range) && !this.#isMapped(owner, range))
          this.#note(this.#same, owner, other, call.line);
      }
    }
    if (call.name === 'munmap' || call.name === 'mremap') this.#unmap(range, owner);
  }

  #ends(call: StraceCall, owner: object, owners: readonly object[]): void {
    if (call.name === 'exit_group') this.#exits.set(owner, call.endLine);
    if (call.errno !== null || call.ret === null) return;
    if (call.name === 'brk') this.#breakIs(call.ret, owner, call.line);
    const isMmap = call.name === 'mmap' || call.name === 'mmap2' || call.name === 'old_mmap';
    if (!isMmap && call.name !== 'mremap') return;
    const length = pageAlign(call.name === 'mremap' ? call.args.newLength : call.args.length);
    const range: Range = { start: call.ret, end: call.ret + length };
    if (isMmap && isFreelyPlaced(call)) this.#place(range, owner, owners, call);
    this.#pieces.push({ ...range, owner });
  }

  /** A mapping that the kernel placed: it lies where nothing was, and nowhere higher was room. */
  #place(range: Range, owner: object, owners: readonly object[], call: StraceCall): void {
    const { line } = call;
    for (const piece of this.#pieces) {
      if (overlaps(piece, range)) {
        if (piece.owner === owner) this.#isIncomplete = true;
        else this.#note(this.#apart, owner, piece.owner, line);
      } else if (piece.owner !== owner && piece.start === range.end) this.#note(this.#same, owner, piece.owner, line);
    }
    for (const other of owners) {
      const isUntouched = !this.#unmapped.some((one) => overlaps(one, range));
      if (other !== owner && isUntouched && this.#isMapped(other, range)) this.#note(this.#apart, owner, other, line);
    }
    const length = range.end - range.start;
    for (const earlier of this.#placed) {
      const isHigher = earlier.owner !== owner && earlier.start < range.start && earlier.end - earlier.start <= length;
      if (isHigher && earlier.line < line) this.#note(this.#apart, owner, earlier.owner, line);
    }
    if (call.name !== 'mremap' && length < PMD_SIZE) {
      this.#placed.push({ ...range, owner, line: call.endLine });
      if (this.#placed.length > MOST_PLACED) this.#placed.shift();
    }
  }

  #unmap(range: Range, owner: object): void {
    this.#unmapped.push(range);
    this.#pieces = this.#pieces.flatMap((piece) => {
      const isIts = piece.owner === owner || this.verdict(owner, piece.owner).is === 'same';
      if (!isIts || !overlaps(piece, range)) return [piece];
      const left: Piece = { ...piece, end: Math.min(piece.end, range.start) };
      const right: Piece = { ...piece, start: Math.max(piece.start, range.end) };
      return [left, right].filter(({ start, end }) => end > start);
    });
    // What is free from here on was not when these were placed.
    this.#placed = this.#placed.filter(({ start }) => start >= range.start);
  }

  #breakIs(at: number, owner: object, line: number): void {
    for (const [other, there] of this.#breaks) {
      if (other !== owner && Math.abs(there - at) > FAR) this.#note(this.#apart, owner, other, line);
    }
    const before = this.#breaks.get(owner);
    // Another program has begun: nothing of the one before is mapped any more.
    if (before !== undefined && Math.abs(before - at) > FAR) {
      this.#pieces = this.#pieces.filter((piece) => piece.owner !== owner);
      this.#placed = this.#placed.filter((placed) => placed.owner !== owner);
    }
    this.#breaks.set(owner, at);
  }

  #note(into: Map<object, Map<object, number>>, a: object, b: object, line: number): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const lines = into.get(one) ?? new Map<object, number>();
      into.set(one, lines);
      if (!lines.has(other)) lines.set(other, line);
    }
  }
}

/** The range that a call works on, which must be mapped for a program to do so; `null`: it maps, or asks. */
function rangeOfWork(call: StraceCall): Range | null {
  if (call.errno !== null) return null;
  switch (call.name) {
    case 'munmap':
    case 'mprotect':
    case 'pkey_mprotect':
    case 'madvise':
    case 'mlock':
      return { start: call.args.addr, end: call.args.addr + pageAlign(call.args.length) };
    case 'mremap':
      return { start: call.args.addr, end: call.args.addr + pageAlign(call.args.oldLength) };
    default:
      return null;
  }
}

function isFreelyPlaced(call: StraceCall): boolean {
  if (call.name !== 'mmap' && call.name !== 'mmap2' && call.name !== 'old_mmap') return false;
  const { addr, flags } = call.args;
  return addr === 0 && (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_32BIT | MAP_HUGETLB)) === 0;
}
