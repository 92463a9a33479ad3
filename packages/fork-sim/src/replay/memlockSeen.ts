/** What a log shows of RLIMIT_MEMLOCK. */
export interface MemlockSeen {
  /** The soft limit in bytes, as the log sets or reads it; `null`: it does neither. */
  readonly limit: number | null;
  /** The process may lock more (CAP_IPC_LOCK, as root has): a call of the log did. */
  readonly isExempt: boolean;
}

/** Nothing is known of the limit: calls that it may have refused cannot be judged. */
export const NOTHING_SEEN: MemlockSeen = { limit: null, isExempt: false };
