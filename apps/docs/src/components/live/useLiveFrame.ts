import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { type LiveOrder, readReport } from './liveMessages.ts';

/** Code that has not been drawn after this long is stopped: its frame is thrown away. Milliseconds. */
const LONGEST = 5000;
/** So often the frame is asked whether it still answers: a handler may loop long after the code was drawn. Milliseconds. */
const PING_EVERY = 2000;

const STOPPED = 'Stopped: it did not answer within 5 seconds. Is there a loop that does not end?';

/**
 * Throws a frame away, one for each that there is; true: it was still at work. Chromium gives all sandboxed frames of a page one process, and so
 * where one of them loops, none answers, and a new one would not either until all are gone.
 */
const stops = new Set<() => boolean>();

/** A frame in which live code runs. */
export interface LiveFrame {
  /** For the `<iframe>`. */
  readonly frame: RefObject<HTMLIFrameElement | null>;
  /** A new number is a new frame; `null`: there is none yet, or it was thrown away. */
  readonly life: number | null;
  /** In CSS pixels. */
  readonly height: number;
  /** What went wrong with the code; empty: nothing. */
  readonly problem: string;
  /** The code has been drawn at least once. */
  readonly shown: boolean;
  /** Runs code, in a new frame where there is none. */
  readonly run: (code: string, theme: string) => void;
}

/** Starts a frame when code is to run, hands the code over, and throws the frame away when it no longer answers. */
export function useLiveFrame(): LiveFrame {
  const frame = useRef<HTMLIFrameElement>(null);
  const [life, setLife] = useState<number | null>(null);
  const [height, setHeight] = useState(0);
  const [problem, setProblem] = useState('');
  const [shown, setShown] = useState(false);
  const order = useRef<Extract<LiveOrder, { kind: 'run' }>>({ kind: 'run', run: 0, code: '', theme: 'light' });
  const ready = useRef(false);
  const deadline = useRef(Number.POSITIVE_INFINITY);
  const atWork = useRef(false);

  const send = useCallback((message: LiveOrder) => {
    if (message.kind === 'run' || deadline.current === Number.POSITIVE_INFINITY)
      deadline.current = Date.now() + LONGEST;
    // A sandboxed frame has no origin to name.
    frame.current?.contentWindow?.postMessage(message, '*');
  }, []);

  const run = useCallback(
    (code: string, theme: string) => {
      order.current = { kind: 'run', run: order.current.run + 1, code, theme };
      atWork.current = true;
      setProblem('');
      setLife((before) => before ?? order.current.run);
      if (ready.current) send(order.current);
    },
    [send],
  );

  useEffect(() => {
    if (life === null) return;
    const hear = (event: MessageEvent<unknown>): void => {
      if (event.source === null || event.source !== frame.current?.contentWindow) return;
      const report = readReport(event.data);
      if (report === null) return;
      if (report.kind === 'height') setHeight(report.height);
      else if (report.kind === 'ready') {
        ready.current = true;
        send(order.current);
      } else if (report.kind === 'pong') deadline.current = Number.POSITIVE_INFINITY;
      else if (report.run === order.current.run) {
        deadline.current = Number.POSITIVE_INFINITY;
        atWork.current = false;
        if (report.kind === 'shown') setShown(true);
        else setProblem(report.message);
      }
    };
    window.addEventListener('message', hear);
    const stop = (): boolean => {
      setLife(null);
      setShown(false);
      if (atWork.current) setProblem(STOPPED);
      return atWork.current;
    };
    stops.add(stop);
    const watch = setInterval(() => {
      if (Date.now() > deadline.current) {
        const blamed = [...stops].filter((one) => one());
        if (blamed.length === 0) setProblem(STOPPED);
      } else if (ready.current) send({ kind: 'ping' });
    }, PING_EVERY);
    return () => {
      window.removeEventListener('message', hear);
      stops.delete(stop);
      clearInterval(watch);
      ready.current = false;
      deadline.current = Number.POSITIVE_INFINITY;
    };
  }, [life, send]);

  return { frame, life, height, problem, shown, run };
}
