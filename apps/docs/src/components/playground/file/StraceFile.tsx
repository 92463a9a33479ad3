import type { FaultAssumption } from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { ForkSimClient, StraceAnswer } from 'fork-sim/worker';
import { type ReactNode, useEffect } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { JobProgress } from './JobProgress.tsx';
import { LogView } from './LogView.tsx';
import { Problem } from './Problem.tsx';
import { isCancelled, useJob } from './useJob.ts';

interface StraceFileProps {
  readonly lab: ForkSimClient;
  readonly files: DroppedFiles;
  readonly profile: string;
  /** When private memory counts as written; `undefined`: nobody chose. */
  readonly faults: FaultAssumption | undefined;
  /** Told what was found out, for what is saved. */
  readonly onAnswer: (answer: StraceAnswer | null) => void;
  /** How many calls are done at first; absent: all. */
  readonly step?: number | undefined;
  /** Told how many calls are done in what is shown. */
  readonly onPosition: (position: number) => void;
}

/** A log: replayed with progress, then to be stepped through, as far as it was replayed when that was cancelled. */
export function StraceFile({ lab, files, profile, faults, step, onAnswer, onPosition }: StraceFileProps): ReactNode {
  const { file, initial, final, maps, faultLog, threadOrderUnknown } = files;
  const key = `${profile} ${faults ?? ''} ${initial?.name ?? ''} ${final?.name ?? ''} ${maps?.length ?? 0} ${faultLog?.name ?? ''}`;
  const load = useJob<StraceAnswer>(key, (control) =>
    lab.loadStrace(
      {
        source: file,
        name: file.name,
        ...(initial ? { initial } : {}),
        ...(final ? { final } : {}),
        ...(maps ? { maps } : {}),
        ...(faultLog ? { faultLog } : {}),
        ...(faults ? { faults } : {}),
        ...(threadOrderUnknown ? { threadOrderUnknown } : {}),
        options: { profile },
      },
      control,
    ),
  );
  // What was replayed before a cancel, or before the log could not be read any further, can be used.
  const rest = useJob(load.problem === null ? null : key, (control) => lab.logAnswer({}, control));
  const answer = load.value ?? rest.value;
  useEffect(() => onAnswer(answer), [answer, onAnswer]);
  return (
    <>
      {load.running && <JobProgress progress={load.progress} onCancel={load.cancel} />}
      <Problem problem={load.problem} />
      {isCancelled(load.problem) && (
        <p className="verdict" role="status">
          Cancelled after {countOf(answer?.length ?? 0, 'call')}
          {answer === null || answer.length === 0 ? '.' : ': you can step through the calls replayed so far.'}
        </p>
      )}
      {answer !== null && answer.length > 0 && (
        <LogView
          key={key}
          lab={lab}
          answer={answer}
          files={files}
          profile={profile}
          faults={faults}
          from={step}
          onPosition={onPosition}
        />
      )}
    </>
  );
}
