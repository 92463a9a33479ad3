import type { FaultAssumption } from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { ForkSimClient, MapSlice, StepAnswer, StraceAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { type Tab, Tabs } from '../Tabs.tsx';
import { CallList } from './CallList.tsx';
import { JobProgress } from './JobProgress.tsx';
import { Kernels } from './Kernels.tsx';
import { LogCheckpoints } from './LogCheckpoints.tsx';
import { LogNotes } from './LogNotes.tsx';
import { LogStepView } from './LogStepView.tsx';
import { MapDifferences } from './MapDifferences.tsx';
import { Problem } from './Problem.tsx';
import { summaryTabs } from './summaryTabs.tsx';
import { useMapSummary } from './useMapSummary.ts';
import { VmaTab } from './VmaTab.tsx';

interface LogTabsProps {
  readonly lab: ForkSimClient;
  readonly answer: StraceAnswer;
  readonly files: DroppedFiles;
  readonly profile: string;
  readonly faults: FaultAssumption | undefined;
  readonly position: number;
  readonly step: StepAnswer | null;
  /** The map of the process that is shown. */
  readonly map: MapSlice | null;
  /** The map in which a VMA was chosen, and an address in it. */
  readonly picked: { readonly map: MapSlice; readonly addr: number | null } | null;
  readonly onPicked: (addr: number) => void;
  readonly onPosition: (position: number) => void;
  readonly onLine: (line: number) => void;
  readonly onAddr: (addr: number) => void;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  /** The report, whole. */
  readonly report: ReactNode;
}

/** All that there is to say of a log beside its map: the calls, the report, a VMA, its neighbours, fork, another kernel, the checks. */
export function LogTabs(props: LogTabsProps): ReactNode {
  const { lab, answer, files, profile, position, step, map, picked, onPosition, onLine, onAddr } = props;
  const summary = useMapSummary(lab, map, props.tab === 'why' || props.tab === 'fork');
  const tabs: Tab[] = [
    {
      id: 'calls',
      name: 'Calls',
      body: () => (
        <div className="log-grid">
          <CallList lab={lab} length={answer.length} position={position} onPosition={onPosition} />
          {step && <LogStepView step={step} />}
        </div>
      ),
    },
    { id: 'report', name: 'Report', body: () => props.report },
    {
      id: 'vma',
      name: 'VMAs',
      body: () => picked && <VmaTab lab={lab} map={picked.map} chosen={picked.addr} onChosen={props.onPicked} />,
    },
    ...summaryTabs({ lab, map, summary, onAddr }),
    {
      id: 'kernels',
      name: 'Another kernel',
      body: () => <Kernels input={compareInput(files, props.faults)} profile={profile} onLine={onLine} />,
    },
    { id: 'checks', name: 'Checks', ...checksNote(answer), body: () => <Checks {...props} /> },
  ];
  return (
    <>
      <Tabs label="What there is to say of the log" tabs={tabs} chosen={props.tab} onChosen={props.onTab} />
      {summary.running && summary.progress && <JobProgress progress={summary.progress} onCancel={summary.cancel} />}
      <Problem problem={summary.problem} />
    </>
  );
}

/** Says beside the name of the tab that there is something to look at. */
function checksNote({ final, unread }: StraceAnswer): Pick<Tab, 'note'> {
  if (final !== null && final.differing > 0) return { note: `≠ ${final.differing}` };
  return unread > 0 ? { note: `${countOf(unread, 'line')} not read` } : {};
}

/** The real maps at the end and on the way, and what was noticed in the log. */
function Checks({ answer, files, onPosition, onLine, onAddr }: LogTabsProps): ReactNode {
  const { final, length, otherFinals } = answer;
  return (
    <>
      {final !== null && (
        <details className="final-map" open={final.differing > 0}>
          <summary>The real map at the end ({files.final?.name})</summary>
          <MapDifferences
            answer={final}
            sides={['the real map', 'the model']}
            onAddr={(addr) => {
              onPosition(length);
              onAddr(addr);
            }}
          />
        </details>
      )}
      {otherFinals.map((other) => (
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
          onLine(line);
          onAddr(addr);
        }}
      />
      <LogNotes answer={answer} name={files.file.name} onLine={onLine} />
    </>
  );
}

function compareInput({ file, initial, maps = [], faultLog }: DroppedFiles, faults: FaultAssumption | undefined) {
  const others = maps.filter(({ map }) => map === 'initial');
  const given = { ...(faults ? { faults } : {}), ...(initial ? { initial } : {}), ...(faultLog ? { faultLog } : {}) };
  const load = { source: file, name: file.name, ...given, ...(others.length > 0 ? { maps: others } : {}) };
  return { kind: 'strace', load } as const;
}
