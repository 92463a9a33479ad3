import type { FaultAssumption } from 'fork-sim';
import { headline } from 'fork-sim/words';
import type { ForkSimClient, StepMark, StraceAnswer } from 'fork-sim/worker';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { CallTimeline } from './CallTimeline.tsx';
import { FigureNotes, Figures } from './Figures.tsx';
import { JobProgress } from './JobProgress.tsx';
import { JUMPS, LogControls, LogJumps } from './LogControls.tsx';
import { logFigures } from './LogFigures.tsx';
import { LogMaps } from './LogMaps.tsx';
import { LogTabs } from './LogTabs.tsx';
import { Problem } from './Problem.tsx';
import { Report } from './Report.tsx';
import { useFileKeys } from './useFileKeys.ts';
import { useJob } from './useJob.ts';
import { type ShownMap, useLogPosition } from './useLogPosition.ts';
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

/** A log that was replayed: the answer in a sentence, the map after each call with its timeline, and all else in tabs below. */
export function LogView({ lab, answer, files, profile, faults, from, onPosition }: LogViewProps): ReactNode {
  const { length, history } = answer;
  const position = useLogPosition(lab, length, Math.min(from ?? history.peak, length));
  const { wanted, shown, goTo } = position;
  useEffect(() => onPosition(wanted), [onPosition, wanted]);
  const [playing, setPlaying] = useState(false);
  const [focus, setFocus] = useState<MapFocus | null>(null);
  const [picked, setPicked] = useState<{ readonly addr: number; readonly pid: number | null } | null>(null);
  const [follow, setFollow] = useState(true);
  const [asked, setAsked] = useState(length <= MAX_WHAT_IF);
  const [tab, setTab] = useState('calls');
  const [told, setTold] = useState<number | null>(null);
  const report = useJob(asked && length > 0 ? `report ${told ?? ''}` : null, (control) =>
    lab.overview(told === null ? {} : { process: told }, control),
  );
  const whatIf = useJob(length <= MAX_WHAT_IF && length > 0 ? 'what if' : null, (control) => lab.whatIf({}, control));

  const { chosen } = position.processes;
  const chart = useProcessHistory(lab, answer, chosen);
  const now = chosen === null ? shown?.step : shown?.step.log?.processes.find(({ logPid }) => logPid === chosen);
  const range = shown?.step.log?.range ?? null;
  const following = useRef(follow);
  following.current = follow;
  const lookAt = (place: MapFocus): void => {
    setFocus(place);
    setPicked({ addr: place.start, pid: null });
  };
  useEffect(() => {
    if (!following.current || range === null) return;
    setFocus(range);
    setPicked({ addr: range.start, pid: null });
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
  const figures = logFigures({ answer, whatIf, onLine });
  const besideIsPicked = picked?.pid != null && shown?.beside?.process?.pid === picked.pid;
  const ofPicked: ShownMap | null = (besideIsPicked ? shown?.beside : shown?.chosen) ?? null;
  return (
    <>
      {report.value !== null && <p className="report-headline">{headline(report.value)}</p>}
      {report.running && <JobProgress progress={report.progress} onCancel={report.cancel} />}
      {figures.length > 0 ? (
        <Figures figures={figures} />
      ) : (
        <p className="verdict">The log holds no call that concerns memory.</p>
      )}
      <div className="file-strip">
        <LogControls position={wanted} length={length} playing={playing} onPosition={goTo} onPlay={play} />
        <span className="stays log-said" role="status">
          {said}
        </span>
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
        {shown && (
          <LogMaps
            lab={lab}
            shown={shown}
            position={position}
            atEnd={shown.step.position === length}
            focus={focus}
            chosen={picked?.addr ?? null}
            onChosen={(addr, { process }) => {
              setPicked({ addr, pid: process?.pid ?? null });
              setTab('vma');
            }}
            follow={follow}
            onFollow={setFollow}
            name={files.file.name}
          />
        )}
      </div>
      {position.progress !== null && <JobProgress progress={position.progress} onCancel={() => goTo(length)} />}
      <Problem problem={position.problem} />
      <LogTabs
        lab={lab}
        answer={answer}
        files={files}
        profile={profile}
        faults={faults}
        position={wanted}
        step={shown?.step ?? null}
        map={shown?.chosen.map ?? null}
        picked={ofPicked && { map: ofPicked.map, addr: picked?.addr ?? null }}
        onPicked={(addr) => setPicked({ addr, pid: picked?.pid ?? null })}
        onPosition={goTo}
        onLine={onLine}
        onAddr={(addr) => lookAt({ start: addr, end: addr + 1 })}
        tab={tab}
        onTab={setTab}
        report={
          <>
            <FigureNotes figures={figures} />
            {report.value !== null && (
              <Report
                overview={report.value}
                onLine={(line) => {
                  onLine(line);
                  setTab('calls');
                }}
                onProcess={setTold}
              />
            )}
            {!asked && (
              <p>
                <button type="button" className="lab-button" onClick={() => setAsked(true)}>
                  What takes the VMAs?
                </button>{' '}
                Replays the log twice more.
              </p>
            )}
          </>
        }
      />
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
