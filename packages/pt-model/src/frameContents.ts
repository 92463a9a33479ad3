import { InvariantError } from './errors.ts';
import type { WordMemory } from './wordMemory.ts';

const PAGE_BYTES = 4096;
/** What an array and its entry in a map take besides the bytes in it, about. */
const ENTRY_BYTES = 160;

/** The bytes of those frames that were written; of each, as much as its highest written byte needs. @internal */
export class FrameContents {
  readonly #memory: WordMemory;
  readonly #bytes = new Map<number, Uint8Array>();

  constructor(memory: WordMemory) {
    this.#memory = memory;
  }

  /** Throws OutOfMemoryError, and nothing is written then. */
  write(pfn: number, offset: number, value: number): void {
    if (!(Number.isInteger(offset) && offset >= 0 && offset < PAGE_BYTES)) {
      throw new InvariantError(`no offset in a page: ${offset}`);
    }
    let bytes = this.#bytes.get(pfn);
    if (bytes === undefined || bytes.length <= offset) {
      const grown = this.#new(sizeFor(offset));
      if (bytes !== undefined) {
        grown.set(bytes);
        this.#give(bytes);
      }
      bytes = grown;
      this.#bytes.set(pfn, bytes);
    }
    bytes[offset] = value;
  }

  read(pfn: number, offset: number): number {
    return this.#bytes.get(pfn)?.[offset] ?? 0;
  }

  /** Throws OutOfMemoryError, and `to` is as it was then. */
  copy(from: number, to: number): void {
    const bytes = this.#bytes.get(from);
    if (bytes === undefined) return;
    const copy = this.#new(bytes.length);
    copy.set(bytes);
    this.drop(to);
    this.#bytes.set(to, copy);
  }

  drop(pfn: number): void {
    const bytes = this.#bytes.get(pfn);
    if (bytes === undefined) return;
    this.#bytes.delete(pfn);
    this.#give(bytes);
  }

  #new(size: number): Uint8Array {
    this.#memory.count(size + ENTRY_BYTES);
    return new Uint8Array(size);
  }

  #give(bytes: Uint8Array): void {
    this.#memory.uncount(bytes.length + ENTRY_BYTES);
  }
}

/** The power of two, 16 or more, that holds a byte at `offset`. */
function sizeFor(offset: number): number {
  return offset < 16 ? 16 : 1 << (32 - Math.clz32(offset));
}
