import type { Errno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { madvise } from './madvise.ts';
import { type AdviceName, adviceName } from './uapi.ts';

/** A range of a vector: bytes. */
export interface AdvisedRange {
  /** First byte. */
  readonly addr: number;
  /** Bytes; rounded up to pages. */
  readonly length: number;
}

/** How `process_madvise` is called. */
export interface ProcessMadviseRequest {
  /** A MADV_ number. */
  readonly advice: number;
  /** Must be 0, which it is where absent. */
  readonly flags?: number;
  /** The memory is the caller's own. */
  readonly own: boolean;
  /** Bytes after which to stop, for a call whose answer is known; absent: all ranges. */
  readonly most?: number;
}

/** Advice that a process may give for another. Kernel: `process_madvise_remote_valid()`, mm/madvise.c. */
const REMOTE: ReadonlySet<AdviceName | undefined> = new Set<AdviceName>(['COLD', 'PAGEOUT', 'WILLNEED', 'COLLAPSE']);

/** May this advice be given by `process_madvise`? */
function isAllowed(mm: Mm, { advice, flags = 0, own }: ProcessMadviseRequest): boolean {
  const name = adviceName(advice);
  if (flags !== 0) return false;
  if (own && mm.profile.processMadviseOwn) return true;
  return REMOTE.has(name) && (name !== 'WILLNEED' || mm.profile.processMadviseWillneed);
}

/**
 * `process_madvise` gives advice for ranges one after the other, and answers how many bytes it advised before the first range that is refused.
 * Only where that is the first does it fail, with the error of `madvise`. Kernel: `vector_madvise()`, mm/madvise.c.
 *
 * @returns bytes; EINVAL (flags, or advice that may not be given for this process); or an error of {@link madvise}
 */
export function processMadvise(
  mm: Mm,
  ranges: readonly AdvisedRange[],
  request: ProcessMadviseRequest,
): number | Errno | 'LIVELOCK' {
  if (!isAllowed(mm, request)) return 'EINVAL';
  const { advice, most = Number.POSITIVE_INFINITY } = request;
  let done = 0;
  for (const { addr, length } of ranges) {
    if (done >= most) break;
    const result = madvise(mm, addr, length, advice);
    if (result !== 0) return done === 0 ? result : done;
    done += length;
  }
  return done;
}
