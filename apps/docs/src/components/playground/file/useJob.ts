import type { JobControl, Progress } from 'fork-sim/worker';
import { useCallback, useEffect, useRef, useState } from 'react';

/** A long call and what is known of it. */
export interface Job<T> {
  readonly value: T | null;
  readonly progress: Progress | null;
  readonly running: boolean;
  readonly problem: unknown;
  readonly cancel: () => void;
}

/**
 * Does a call when `key` changes, and cancels the one before. `null` does nothing.
 * @param key names what is asked; the same key is not asked again
 */
export function useJob<T>(key: string | null, ask: (control: JobControl) => Promise<T>): Job<T> {
  const [state, setState] = useState<Omit<Job<T>, 'cancel'>>(IDLE);
  const latest = useRef(ask);
  latest.current = ask;
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    if (key === null) {
      setState(IDLE);
      return;
    }
    const own = new AbortController();
    abort.current = own;
    let gone = false;
    setState({ ...IDLE, running: true });
    const onProgress = (progress: Progress): void => {
      if (!gone) setState((old) => ({ ...old, progress }));
    };
    latest.current({ signal: own.signal, onProgress }).then(
      (value) => {
        if (!gone) setState({ ...IDLE, value });
      },
      (problem: unknown) => {
        if (!gone) setState({ ...IDLE, problem });
      },
    );
    return () => {
      gone = true;
      own.abort();
    };
  }, [key]);
  const cancel = useCallback(() => abort.current?.abort(), []);
  return { ...state, cancel };
}

const IDLE = { value: null, progress: null, running: false, problem: null } as const;

/** True for the error of a call that was cancelled. */
export function isCancelled(problem: unknown): boolean {
  return problem instanceof Error && problem.name === 'CancelledError';
}
