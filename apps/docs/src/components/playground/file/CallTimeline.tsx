import { historyPaths } from 'fork-sim/picture';
import { countOf, formatCount, formatKb } from 'fork-sim/words';
import { type LogHistory, STEP_MARKS, type StepMark } from 'fork-sim/worker';
import { type ReactNode, useMemo } from 'react';
import { Timeline, type TimelineMark } from '../Timeline.tsx';
import type { ChartedHistory } from './useProcessHistory.ts';

interface CallTimelineProps {
  readonly history: ChartedHistory;
  /** Of the whole log: which calls failed, forked, came out differently. */
  readonly log: LogHistory;
  readonly position: number;
  readonly length: number;
  /** VMAs and page tables of the process at the position. */
  readonly vmas: number;
  readonly tablesKb: number;
  readonly onPosition: (position: number) => void;
  /** What stands at the right above the plot. */
  readonly controls: ReactNode;
}

/** Marks that are drawn at most; more would cover one another. */
const MOST_MARKS = 60;

/** What is marked in a log: merges and refusals are too many, and have their buttons. */
const MARKED: readonly { readonly mark: StepMark; readonly sign: string; readonly word: string }[] = [
  { mark: 'failed', sign: '!', word: 'a call fails' },
  { mark: 'fork', sign: 'Y', word: 'a fork' },
  { mark: 'differs', sign: '≠', word: 'the model answers otherwise' },
];

/** VMAs and page tables of a process over the calls, which is also the slider; the peak, failures and forks are marked. */
export function CallTimeline(props: CallTimelineProps): ReactNode {
  const { history, log, position, length, vmas, tablesKb, onPosition, controls } = props;
  const { logPid, from, to, peak, peakVmas } = history;
  const { band, tables, mostKb } = useMemo(() => chartPaths(history, length), [history, length]);
  const marks = useMemo(() => marksOf(log, peak, peakVmas), [log, peak, peakVmas]);
  const whose = logPid === null ? '' : ` of process ${logPid}`;
  const lives =
    from === 0 ? '' : `, from call ${formatCount(from)} ${to === null ? 'on' : `to ${formatCount(to - 1)}`}`;
  const at = position === 0 ? 'before the first call' : `call ${formatCount(position)} of ${formatCount(length)}`;
  return (
    <Timeline
      name="Call"
      min={0}
      max={length}
      value={position}
      valueText={`${at}: ${countOf(vmas, 'VMA')}${whose}${lives}`}
      onValue={onPosition}
      partOf={(call) => call / Math.max(1, length)}
      valueAt={(part) => part * length}
      series={[
        { kind: 'vmas', name: `VMAs${whose}`, now: formatCount(vmas), most: formatCount(peakVmas) },
        // A log without accesses to memory has none.
        ...(mostKb === 0
          ? []
          : [{ kind: 'tables' as const, name: 'page tables', now: formatKb(tablesKb), most: formatKb(mostKb) }]),
      ]}
      marks={marks}
      controls={controls}
    >
      <path className="chart-band" d={band} />
      {mostKb > 0 && <path className="chart-tables" d={tables} />}
    </Timeline>
  );
}

function marksOf({ every, marked }: LogHistory, peak: number, peakVmas: number): TimelineMark[] {
  const title = `the peak, ${countOf(peakVmas, 'VMA')}, after call ${formatCount(peak)}`;
  const marks: TimelineMark[] = [{ at: peak, kind: 'peak', sign: '▲', title }];
  for (const { mark, sign, word } of MARKED) {
    const samples = Array.from(marked.entries()).filter(([, bits]) => (bits & STEP_MARKS[mark]) !== 0);
    if (samples.length > MOST_MARKS) continue;
    for (const [sample] of samples) {
      const call = sample * every + 1;
      const where = every === 1 ? `call ${formatCount(call)}` : `from call ${formatCount(call)} on`;
      marks.push({ at: call, kind: mark, sign, title: `${where}: ${word}` });
    }
  }
  return marks;
}

/** Only where the process lives. */
function chartPaths(
  { every, most, fewest, tablesKb, from, to, peakVmas }: ChartedHistory,
  length: number,
): { band: string; tables: string; mostKb: number } {
  const mostKb = tablesKb.reduce((so, kb) => Math.max(so, kb), 0);
  const first = Math.floor(Math.max(0, from - 1) / every);
  const last = to === null ? most.length : Math.ceil((to - 1) / every);
  const plot = { width: 1000, height: 100, length, top: Math.max(1, peakVmas) };
  const { band, line } = historyPaths({ every, most, fewest }, plot, first, last);
  return { band, tables: line(tablesKb, Math.max(1, mostKb)), mostKb };
}
