import { OutOfMemoryError } from './errors.ts';

/**
 * Where all typed arrays of one model come from, so that running out is an error with a size, and a limit can be set
 * (a page in a browser does well to set one).
 */
export class WordMemory {
  /** Most bytes that may be in use. */
  readonly maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = Number.POSITIVE_INFINITY) {
    this.maxBytes = maxBytes;
  }

  /** Bytes handed out so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A zeroed array of `count` words. Throws {@link OutOfMemoryError}. */
  words(count: number): Uint32Array {
    const bytes = count * 4;
    if (this.#bytes + bytes > this.maxBytes) throw new OutOfMemoryError(bytes, this.#bytes);
    try {
      const words = new Uint32Array(count);
      this.#bytes += bytes;
      return words;
    } catch (error) {
      if (error instanceof RangeError) throw new OutOfMemoryError(bytes, this.#bytes);
      throw error;
    }
  }
}
