import type { LitmusVerdict, Program, Trace } from 'fork-sim';
import type { Progress } from 'fork-sim/worker';
import { useEffect, useMemo, useRef, useState } from 'react';
import { hasClaims } from '../../link/claims.ts';
import { programOf } from '../../link/program.ts';
import { type RunState, traceHere, traceRequest } from '../../link/traceRequest.ts';
import { TraceWorker } from './traceWorker.ts';
import { FIRST_STATE } from './useShare.ts';

/** Milliseconds without a key before what was typed is run. */
const TYPING = 80;
/** Milliseconds before a run that is not over says so. */
const PATIENCE = 300;

/** What was run last, and how the next run is getting on. */
export interface Traces {
  /** What is in the editor now. */
  readonly program: Program;
  /** The last runs that came to their end: one for each kernel. They stay until the next are there. */
  readonly shown: Run;
  /** What is shown is not yet what was asked for, and will be. */
  readonly pending: boolean;
  /** A run that takes its time; `null` for one that does not. */
  readonly progress: Progress | null;
  readonly error: TraceError | null;
  readonly cancel: () => void;
  /** Runs once more, in a new worker. */
  readonly restart: () => void;
}

/** Why there is no new picture; `crashed`: the worker is gone. */
interface TraceError {
  readonly message: string;
  readonly crashed: boolean;
}

/** A program, and what it did on each kernel. */
export interface Run {
  readonly program: Program;
  readonly traces: readonly Trace[];
  /** What came of the claims of the text, on each kernel; empty: it claims nothing. */
  readonly verdicts: readonly LitmusVerdict[];
}

/** The first run, which is in the HTML; the reader's browser makes the same. */
function firstRun(): Run {
  const program = programOf(FIRST_STATE.text);
  const made = traceRequest(FIRST_STATE, program);
  return { program, traces: 'request' in made ? traceHere(made.request) : [], verdicts: [] };
}

/** Runs a state in the worker, again whenever it changes. A run that is overtaken is cancelled. */
export function useTraces({ text, profile, other, softDirty, own }: RunState): Traces {
  const program = useMemo(() => programOf(text), [text]);
  const made = useMemo(
    () =>
      traceRequest(
        {
          text,
          profile,
          ...(other === undefined ? {} : { other }),
          ...(softDirty === undefined ? {} : { softDirty }),
          ...(own === undefined ? {} : { own }),
        },
        program,
      ),
    [text, profile, other, softDirty, own, program],
  );
  const [shown, setShown] = useState(firstRun);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<TraceError | null>(null);
  const [round, setRound] = useState(0);
  const worker = useRef<TraceWorker | null>(null);
  const abort = useRef<AbortController | null>(null);
  const settled = useRef(made);

  useEffect(
    () => () => {
      worker.current?.stop().catch(() => undefined);
      worker.current = null;
    },
    [],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round runs the same once more
  useEffect(() => {
    if (settled.current === made) return;
    if ('error' in made) {
      setError({ message: made.error, crashed: false });
      return;
    }
    const controller = new AbortController();
    abort.current = controller;
    const patience = { over: false };
    const timer = setTimeout(() => {
      worker.current ??= new TraceWorker();
      const { current: running } = worker;
      const onProgress = (now: Progress): void => {
        if (patience.over && !controller.signal.aborted) setProgress(now);
      };
      const control = { signal: controller.signal, onProgress };
      const judged = async (): Promise<Pick<Run, 'traces' | 'verdicts'>> => {
        const traces = await running.trace(made.request, control);
        return { traces, verdicts: hasClaims(program) ? await running.judge(text, made.request, control) : [] };
      };
      judged().then(
        ({ traces, verdicts }) => {
          if (controller.signal.aborted) return;
          settled.current = made;
          setShown({ program, traces, verdicts });
          setError(null);
          setProgress(null);
        },
        (thrown: unknown) => {
          setProgress(null);
          const failed = traceError(thrown);
          if (failed.crashed || !controller.signal.aborted) setError(failed);
        },
      );
    }, TYPING);
    const waiting = setTimeout(() => {
      patience.over = true;
      setProgress({ doing: 'running', part: null, done: 0, unit: 'steps' });
    }, TYPING + PATIENCE);
    controller.signal.addEventListener('abort', () => clearTimeout(waiting));
    return () => {
      clearTimeout(timer);
      controller.abort();
      setProgress(null);
    };
  }, [made, round]);
  return {
    program,
    shown,
    pending: settled.current !== made && error === null,
    progress: settled.current === made ? null : progress,
    error,
    cancel: () => {
      abort.current?.abort();
      setProgress(null);
      setError({ message: 'Cancelled: the picture is still that of the text before.', crashed: false });
    },
    restart: () => {
      settled.current = { error: '' };
      worker.current?.stop().catch(() => undefined);
      worker.current = null;
      setError(null);
      setRound((now) => now + 1);
    },
  };
}

function traceError(thrown: unknown): TraceError {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { message, crashed: name === 'WorkerCrashedError' || name === 'ProtocolError' };
}
