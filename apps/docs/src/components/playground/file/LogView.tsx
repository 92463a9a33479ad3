import type { FaultAssumption } from 'fork-sim';
import type { ForkSimClient, StepMark, StraceAnswer } from 'fork-sim/worker';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { CallList } from './CallList.tsx';
import { CallTimeline } from './CallTimeline.tsx';
import { JobProgress } from './JobProgress.tsx';
import { Kernels } from './Kernels.tsx';
import { LogCheckpoints } from './LogCheckpoints.tsx';
import { JUMPS, LogControls, LogJumps } from './LogControls.tsx';
import { LogFigures } from './LogFigures.tsx';
import { LogMaps } from './LogMaps.tsx';
import { LogNotes } from './LogNotes.tsx';
import { LogStepView } from './LogStepView.tsx';
import { MapDifferences } from './MapDifferences.tsx';
import { Problem } from './Problem.tsx';
import { Report } from './Report.tsx';
import { useFileKeys } from './useFileKeys.ts';
import { useJob } from './useJob.ts';
import { useLogPosition } from './useLogPosition.ts';
import type { MapFocus } from './useMapView.ts';
import { useProcessHistory } from './useProcessHistory.ts';

interface LogViewProps {
  readonly lab: ForkSimClient;
  readonly answer: StraceAnswer;
  readonly files: DroppedFiles;
  readonly profile: string;
  readonly faults: FaultAssumption | undefined;
  /** How many calls are done at first; absent: those up to the peak. */
  readonly from?: number | undefined;
  /** Told how many calls are done in what is shown. */
  readonly onPosition: (position: number) => void;
}

/** Longest log whose what-ifs are asked for at once. */
const MAX_WHAT_IF = 50_000;
/** Milliseconds between two calls that are played. */
const PLAY = 400;

/** A log that was replayed: stepped through call by call, with the map after each. */
export function LogView({ lab, answer, files, profile, faults, from, onPosition }: LogViewProps): ReactNode {
  const { length, history, final } = answer;
  const position = useLogPosition(lab, length, Math.min(from ?? history.peak, length));
  const { wanted, shown, goTo } = position;
  useEffect(() => onPosition(wanted), [onPosition, wanted]);
  const [playing, setPlaying] = useState(false);
  const [focus, setFocus] = useState<MapFocus | null>(null);
  const [follow, setFollow] = useState(true);
  const [asked, setAsked] = useState(length <= MAX_WHAT_IF);
  const report = useJob(asked && length > 0 ? 'report' : null, (control) => lab.overview({}, control));
  const whatIf = useJob(length <= MAX_WHAT_IF && length > 0 ? 'what if' : null, (control) => lab.whatIf({}, control));

  const { chosen } = position.processes;
  const chart = useProcessHistory(lab, answer, chosen);
  const now = chosen === null ? shown?.step : shown?.step.log?.processes.find(({ logPid }) => logPid === chosen);
  const range = shown?.step.log?.range ?? null;
  const following = useRef(follow);
  following.current = follow;
  useEffect(() => {
    if (following.current && range !== null) setFocus(range);
  }, [range]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer a call, after the one before was shown
  useEffect(() => {
    if (!playing) return;
    if (wanted >= length) {
      setPlaying(false);
      return;
    }
    if (shown?.step.position !== wanted) return;
    const timer = setTimeout(() => goTo(wanted + 1), PLAY);
    return () => clearTimeout(timer);
  }, [playing, wanted, shown]);

  const [said, setSaid] = useState('');
  const find = (input: { readonly mark: StepMark } | { readonly line: number }): void => {
    findCall(lab, wanted, input).then(
      ({ step, wrapped }) => {
        setSaid(wrapped ? 'From the beginning again: there is none after the call before.' : '');
        if (step !== null) goTo(step);
      },
      () => undefined,
    );
  };
  const play = (): void => {
    if (!playing && wanted >= length) goTo(0);
    setPlaying(!playing);
  };
  useFileKeys(
    new Map<string, () => void>([
      ['ArrowLeft', () => goTo(wanted - 1)],
      ['ArrowRight', () => goTo(wanted + 1)],
      ['Home', () => goTo(0)],
      ['End', () => goTo(length)],
      ['p', play],
      ...JUMPS.map(({ mark, key }) => [key, () => find({ mark })] as const),
    ]),
  );
  const onLine = (line: number): void => find({ line });
  return (
    <>
      {report.value !== null && <Report overview={report.value} onLine={onLine} />}
      {report.running && <JobProgress progress={report.progress} onCancel={report.cancel} />}
      {!asked && (
        <p>
          <button type="button" className="lab-button" onClick={() => setAsked(true)}>
            What takes the VMAs?
          </button>{' '}
          Replays the log twice more.
        </p>
      )}
      <LogFigures answer={answer} whatIf={whatIf} onLine={onLine} />
      <LogControls position={wanted} length={length} playing={playing} onPosition={goTo} onPlay={play} />
      <CallTimeline
        history={chart}
        log={history}
        position={wanted}
        length={length}
        vmas={now?.vmas ?? 0}
        tablesKb={now?.tablesKb ?? 0}
        onPosition={goTo}
        controls={
          <LogJumps
            marks={history.marks}
            onFind={(mark) => find({ mark })}
            peak={chart.peak}
            peakVmas={chart.peakVmas}
            onPosition={goTo}
          />
        }
      />
      <p className="stays log-said" role="status">
        {said}
      </p>
      {position.progress !== null && <JobProgress progress={position.progress} onCancel={() => goTo(length)} />}
      <Problem problem={position.problem} />
      <div className="log-grid">
        <CallList lab={lab} length={length} position={wanted} onPosition={goTo} />
        {shown && <LogStepView step={shown.step} />}
      </div>
      {shown && (
        <LogMaps
          lab={lab}
          shown={shown}
          position={position}
          atEnd={shown.step.position === length}
          focus={focus}
          onFocus={setFocus}
          follow={follow}
          onFollow={setFollow}
          name={files.file.name}
        />
      )}
      {final !== null && (
        <details className="final-map" open={final.differing > 0}>
          <summary>The real map at the end ({files.final?.name})</summary>
          <MapDifferences
            answer={final}
            sides={['the real map', 'the model']}
            onAddr={(addr) => {
              goTo(length);
              setFocus({ start: addr, end: addr + 1 });
            }}
          />
        </details>
      )}
      {answer.otherFinals.map((other) => (
        <details key={other.pid} className="final-map" open={other.differing > 0}>
          <summary>
            The real map of pid {other.pid ?? '?'} at the end ({other.file})
          </summary>
          <MapDifferences answer={other} sides={['the real map', 'the model']} />
        </details>
      ))}
      <LogCheckpoints
        checkpoints={answer.checkpoints}
        onLine={onLine}
        onAddr={(line, addr) => {
          find({ line });
          setFocus({ start: addr, end: addr + 1 });
        }}
      />
      <Kernels input={compareInput(files, faults)} profile={profile} onLine={onLine} />
      <LogNotes answer={answer} name={files.file.name} onLine={onLine} />
    </>
  );
}

/** The call of a line, or the next one of a kind: after the last of a kind comes the first. */
async function findCall(
  lab: ForkSimClient,
  from: number,
  input: { readonly mark: StepMark } | { readonly line: number },
): Promise<{ readonly step: number | null; readonly wrapped: boolean }> {
  const step = await lab.findStep({ from, ...input });
  if (step !== null || 'line' in input) return { step, wrapped: false };
  return { step: await lab.findStep({ from: 0, ...input }), wrapped: true };
}

function compareInput({ file, initial, maps = [] }: DroppedFiles, faults: FaultAssumption | undefined) {
  const others = maps.filter(({ map }) => map === 'initial');
  const given = { ...(faults ? { faults } : {}), ...(initial ? { initial } : {}) };
  const load = { source: file, name: file.name, ...given, ...(others.length > 0 ? { maps: others } : {}) };
  return { kind: 'strace', load } as const;
}
