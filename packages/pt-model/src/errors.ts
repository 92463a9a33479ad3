import { MAX_PAGE } from './units.ts';

/**
 * A broken precondition: a bug of the caller, not something that a kernel refuses.
 *
 * `vma-core` has a class of this name too, as neither package imports the other. `instanceof` goes by the name: an error of one is an
 * instance of both.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';

  // A method: rspack leaves out a function that only a static field names.
  static override [Symbol.hasInstance](this: unknown, value: unknown): boolean {
    // A class that extends it has instances of its own.
    if (this !== InvariantError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && value.name === 'InvariantError';
  }
}

/**
 * The model itself cannot get the memory it needs; what was done before stays valid, and can be destroyed. There are two limits: the bytes
 * that the model takes of its host, and its page frames ({@link outOfFrames}).
 */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
  /** Bytes of the allocation that failed. */
  readonly bytes: number;
  /** Bytes that were in use already. */
  readonly held: number;
  /** Bytes that may be in use: the limit that was set; infinite where none was, and the host has no more. */
  readonly limit: number;
  constructor(bytes: number, held: number, limit: number = Number.POSITIVE_INFINITY, message?: string) {
    const most = Number.isFinite(limit) ? `, and ${limit} may be` : '';
    super(message ?? `out of memory: ${bytes} bytes more are needed, ${held} are in use${most}`);
    this.bytes = bytes;
    this.held = held;
    this.limit = limit;
  }
}

/**
 * The error of a page that gets no frame, as all that a model can have are in use. Its sizes are bytes of resident pages, not of what the model
 * takes of its host.
 * @internal
 */
export function outOfFrames(frames: number): OutOfMemoryError {
  const bytes = frames * 4096;
  const message = `out of page frames: all ${frames} are in use, which is ${bytes / 2 ** 30} GiB of resident pages, the most a model can have`;
  return new OutOfMemoryError(4096, bytes, bytes, message);
}

/** Throws {@link InvariantError} unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Throws {@link InvariantError} unless `[start, end)` is a range of whole pages in user space; empty ranges are fine. */
export function checkRange(start: number, end: number): void {
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= MAX_PAGE) return;
  throw new InvariantError(`not a range of pages: [${start}, ${end})`);
}
