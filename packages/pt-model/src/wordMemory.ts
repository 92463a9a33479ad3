import { OutOfMemoryError } from './errors.ts';

/** The longest buffers that are kept when they are given back, in bytes, and how many of a size: the columns of a few small processes. */
const MOST_KEPT_BYTES = 2 ** 14;
const MOST_KEPT = 8;

/**
 * Where the memory of one model comes from, so that running out is an error with a size, and a limit can be set (a page in a browser
 * does well to set one).
 *
 * A model that starts and ends one small process after the other needs the same few sizes for ever. Such buffers are used again, as a
 * kernel's slab caches do: to make one costs more than all that is done with it.
 */
export class WordMemory {
  /** Most bytes that may be in use. */
  readonly maxBytes: number;
  #bytes = 0;
  /** Buffers that were given back, by their size. */
  readonly #spare = new Map<number, ArrayBuffer[]>();

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
    const spare = bytes <= MOST_KEPT_BYTES ? this.#spare.get(bytes)?.pop() : undefined;
    if (spare !== undefined) {
      new Uint8Array(spare).fill(0);
      return spare;
    }
    try {
      return new ArrayBuffer(bytes);
    } catch (error) {
      this.uncount(bytes);
      if (error instanceof RangeError) throw new OutOfMemoryError(bytes, this.#bytes, this.maxBytes);
      throw error;
    }
  }

  /** Counts bytes that are taken elsewhere: entries of maps, small arrays. Throws {@link OutOfMemoryError}, and counts nothing then. */
  count(bytes: number): void {
    if (this.#bytes + bytes > this.maxBytes) throw new OutOfMemoryError(bytes, this.#bytes, this.maxBytes);
    this.#bytes += bytes;
  }

  /** Bytes of {@link count} are in use no more. */
  uncount(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** A buffer of {@link take} is in use no more: the next one of its size may be the same. */
  give(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    this.uncount(byteLength);
    if (byteLength === 0 || byteLength > MOST_KEPT_BYTES) return;
    const spare = this.#spare.get(byteLength);
    if (spare === undefined) this.#spare.set(byteLength, [buffer]);
    else if (spare.length < MOST_KEPT) spare.push(buffer);
  }
}
