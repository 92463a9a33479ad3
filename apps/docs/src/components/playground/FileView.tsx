import type { ForkSimClient, MapWindow, Progress, ReplayOutcome } from 'fork-sim/worker';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { count } from '../../lab/phrases.ts';
import { BigMap } from './BigMap.tsx';

interface Shown {
  readonly map: MapWindow;
  readonly outcome: ReplayOutcome | null;
  readonly lines: number;
  readonly unreadable: readonly { readonly line: number; readonly column: number; readonly why: string }[];
}

interface FileViewProps {
  readonly kind: 'strace' | 'smaps' | 'maps';
  readonly file: File;
  readonly profile: string;
  readonly onClose: () => void;
}

/** A dropped log or map, replayed in the worker: progress, cancel, the map at the end, and what was noticed. */
export function FileView({ kind, file, profile, onClose }: FileViewProps): ReactNode {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const cancel = useRef<AbortController | null>(null);

  useEffect(() => {
    let lab: ForkSimClient | null = null;
    let gone = false;
    const abort = new AbortController();
    cancel.current = abort;
    setShown(null);
    setProblem(null);
    setProgress({ doing: 'starting', part: null, done: 0, unit: 'lines' });
    const run = async (): Promise<void> => {
      const { startForkSim } = await import('fork-sim/worker');
      lab = await startForkSim();
      const control = { signal: abort.signal, onProgress: (now: Progress) => setProgress(now) };
      const options = { profile };
      if (kind === 'strace') {
        const { outcome, lines, unreadable } = await lab.loadStrace(
          { source: file, name: file.name, options },
          control,
        );
        const map = await lab.readMap({ max: 1 << 20 });
        setShown({ map, outcome, lines, unreadable });
      } else {
        await lab.loadSmaps({ source: file, name: file.name, options }, control);
        setShown({ map: await lab.readMap({ max: 1 << 20 }), outcome: null, lines: 0, unreadable: [] });
      }
    };
    run()
      .catch((error: unknown) => {
        if (!gone) setProblem(error instanceof Error ? String(error) : 'the file could not be read');
      })
      .finally(() => {
        if (!gone) setProgress(null);
      });
    return () => {
      gone = true;
      abort.abort();
      lab?.dispose().catch(() => undefined);
    };
  }, [kind, file, profile]);

  return (
    <section className="panel file-view" aria-label={`The file ${file.name}`}>
      <div className="player-head">
        <p className="player-title">
          {file.name}: {KINDS[kind]}
        </p>
        <button type="button" className="lab-button" onClick={onClose}>
          Close
        </button>
      </div>
      <p className="stays">It stays in this browser: nothing is uploaded.</p>
      {progress && (
        <div className="file-progress" role="status">
          <progress value={progress.part ?? undefined} max={1} aria-label="Progress" />
          <span>
            {progress.doing}: {progress.done.toLocaleString('en')} {progress.unit}
          </span>
          <button type="button" className="lab-button" onClick={() => cancel.current?.abort()}>
            Cancel
          </button>
        </div>
      )}
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {shown && (
        <>
          <p className="verdict">{count(shown.map.count, 'VMA')} at the end.</p>
          <BigMap map={shown.map} />
          {shown.outcome && <Outcome outcome={shown.outcome} lines={shown.lines} />}
          {shown.unreadable.length > 0 && (
            <details>
              <summary>{count(shown.unreadable.length, 'line')} could not be read</summary>
              <ul>
                {shown.unreadable.slice(0, 200).map(({ line, column, why }) => (
                  <li key={line}>
                    {file.name}:{line}:{column}: {why}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

const KINDS = { strace: 'a strace log', smaps: 'a smaps file', maps: 'a maps file' } as const;

function Outcome({ outcome, lines }: { readonly outcome: ReplayOutcome; readonly lines: number }): ReactNode {
  const rows: readonly (readonly [string, string])[] = [
    ['lines', lines.toLocaleString('en')],
    ['calls performed', outcome.performed.toLocaleString('en')],
    ['VMAs at the start, at the peak, at the end', `${outcome.startVmas}, ${outcome.peakVmas}, ${outcome.endVmas}`],
    ['the call that made the peak', outcome.peakLine === null ? '–' : `line ${outcome.peakLine}`],
    ['merges, splits', `${outcome.merges}, ${outcome.splits}`],
    ['results unlike the log', String(outcome.wrongResults)],
  ];
  return (
    <>
      <table className="lab-table">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {outcome.refusals.length > 0 && (
        <>
          <p className="verdict">What kept neighbours apart, most frequent first</p>
          <ul className="sentences">
            {outcome.refusals.slice(0, 12).map(({ rule, detail, count: times, line }) => (
              <li key={`${rule} ${detail}`}>
                {rule} {detail}: {times} times{line === null ? '' : `, first in line ${line}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {outcome.assumptions.map((one) => (
        <p key={one} className="stays">
          {one}
        </p>
      ))}
    </>
  );
}
