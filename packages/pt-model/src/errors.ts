import { MAX_PAGE } from './units.ts';

/** A broken precondition: a bug of the caller, not something that a kernel refuses. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** The model itself cannot get the memory it needs; what was done before stays valid, and can be destroyed. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
  /** Bytes of the allocation that failed. */
  readonly bytes: number;
  /** Bytes that were in use already. */
  readonly held: number;
  /** Bytes that may be in use: the limit that was set; infinite where none was, and the host has no more. */
  readonly limit: number;
  constructor(bytes: number, held: number, limit: number = Number.POSITIVE_INFINITY) {
    const most = Number.isFinite(limit) ? `, and ${limit} may be` : '';
    super(`out of memory: ${bytes} bytes more are needed, ${held} are in use${most}`);
    this.bytes = bytes;
    this.held = held;
    this.limit = limit;
  }
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
