import { OutOfMemoryError } from './errors.ts';

/**
 * Where the memory of one model comes from, so that running out is an error with a size, and a limit can be set (a page in a browser
 * does well to set one).
 */
export class WordMemory {
  /** Most bytes that may be in use. */
  readonly maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.maxBytes = maxBytes;
  }

  /** Bytes handed out and not given back. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A zeroed array of `count` words. Throws {@link OutOfMemoryError}. */
  words(count: number): Uint32Array {
    return new Uint32Array(this.take(count * 4));
  }

  /** A zeroed buffer. Throws {@link OutOfMemoryError}: of the limit, or of the host. */
  take(bytes: number): ArrayBuffer {
    this.count(bytes);
    try {
      return new ArrayBuffer(bytes);
    } catch (error) {
      this.give(bytes);
      if (error instanceof RangeError) throw new OutOfMemoryError(bytes, this.#bytes, this.maxBytes);
      throw error;
    }
  }

  /** Counts bytes that are taken elsewhere: entries of maps, small arrays. Throws {@link OutOfMemoryError}, and counts nothing then. */
  count(bytes: number): void {
    if (this.#bytes + bytes > this.maxBytes) throw new OutOfMemoryError(bytes, this.#bytes, this.maxBytes);
    this.#bytes += bytes;
  }

  /** Bytes of {@link take} or {@link count} are in use no more. */
  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
