import type { StraceCall } from 'proc-io';
import { MAP_ANONYMOUS, PROT_NONE, PROT_WRITE } from 'vma-core';
import type { AddressRange } from './disjointRanges.ts';

/**
 * When private memory is written first, where that is not left to the assumption. Each is the line of the call before which it is written; `null`: never.
 */
export interface WriteTimes {
  /** By the line of the call that made the memory. */
  readonly calls: ReadonlyMap<number, number | null>;
  /** Of VMAs of the map at the beginning, by their first address. */
  readonly initial: ReadonlyMap<number, number | null>;
}

/** Of glibc's loader alone; the kernel passes it over. */
const MAP_DENYWRITE = 0x800;

/** Memory that waits to be written. */
interface Waiting extends AddressRange {
  /** It is written before the first call on this line or after it. */
  readonly due: number;
}

/** Memory that a call made. */
interface Made extends AddressRange {
  readonly pid: number | null;
}

/** Writes of one address space that come later than the call that made the memory. */
export class LaterWrites {
  readonly #waiting: Waiting[] = [];
  /** What waits for a call that is not the loader's. */
  #made: Made[] = [];
  #loading = false;

  /** To be written before the first call on line `due` or after it. */
  at(due: number, { start, end }: AddressRange): void {
    this.#waiting.push({ start, end, due });
  }

  /**
   * To be written when the program goes on. While a loader works, mapping file after file, memory waits; and what the same thread's next call
   * makes inaccessible, a guard, was not written.
   */
  whenUsed(range: AddressRange, pid: number | null): void {
    this.#made.push({ start: range.start, end: range.end, pid });
  }

  /** What is written by the time that a call about memory comes. */
  before(call: StraceCall): AddressRange[] {
    const due = this.#due(call.line);
    if (this.#made.length === 0 && call.name !== 'mmap') return due;
    if (call.name === 'mmap') this.#loading = isOfFile(call) ? isOfLoader(call) : this.#loading;
    else if (call.name !== 'mprotect') this.#loading = false;
    if (this.#loading) return due;
    const last = this.#made.at(-1);
    const written = last !== undefined && becomesGuard(call, last) ? this.#made.slice(0, -1) : this.#made;
    this.#made = [];
    return [...due, ...written];
  }

  /** What is written by the time that a fork copies the address space. */
  beforeFork(line: number): AddressRange[] {
    const written = [...this.#due(line), ...this.#made];
    this.#made = [];
    this.#loading = false;
    return written;
  }

  #due(line: number): AddressRange[] {
    const waiting = this.#waiting;
    if (waiting.length === 0) return [];
    const due = waiting.filter((one) => one.due <= line);
    if (due.length > 0) waiting.splice(0, waiting.length, ...waiting.filter((one) => one.due > line));
    return due;
  }
}

type Mmap = Extract<StraceCall, { name: 'mmap' }>;

function isOfFile({ args }: Mmap): boolean {
  return (args.flags & MAP_ANONYMOUS) === 0;
}

/** A file that a program maps to write to its own copy is no part of a library: the loader says MAP_DENYWRITE. */
function isOfLoader({ args }: Mmap): boolean {
  return (args.prot & PROT_WRITE) === 0 || (args.flags & MAP_DENYWRITE) !== 0;
}

function becomesGuard(call: StraceCall, { start, end, pid }: Made): boolean {
  if (call.name !== 'mprotect' || call.pid !== pid || call.args.prot !== PROT_NONE) return false;
  return call.args.addr === start && call.args.addr + call.args.length === end;
}
