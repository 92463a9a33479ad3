import { historyPaths } from 'fork-sim/picture';
import { countOf, formatCount } from 'fork-sim/words';
import { type ReactNode, useMemo } from 'react';
import { ChartPlot } from '../ChartPlot.tsx';
import type { ChartedHistory } from './useProcessHistory.ts';

interface HistoryChartProps {
  readonly history: ChartedHistory;
  readonly position: number;
  readonly length: number;
  /** VMAs and page tables of the process at the position. */
  readonly vmas: number;
  readonly tablesKb: number;
  readonly onPosition: (position: number) => void;
}

const WIDTH = 1000;
const HEIGHT = 100;

/** VMAs and page tables of a process over the calls: two plots with axes; a click goes there, the peak is marked. */
export function HistoryChart(props: HistoryChartProps): ReactNode {
  const { history, position, length, vmas, tablesKb, onPosition } = props;
  const { logPid, from, to, startVmas, peakVmas } = history;
  const most = Math.max(1, peakVmas);
  const { band, tables, mostKb } = useMemo(() => chartPaths(history, length, most), [history, length, most]);
  const x = (step: number): number => (step / Math.max(1, length)) * WIDTH;
  const after = history.peak > 0 ? `after call ${formatCount(history.peak)}` : 'at the start';
  const whose = logPid === null ? 'the first process' : `process ${logPid}`;
  const lives =
    from === 0 ? '' : `, from call ${formatCount(from)} ${to === null ? 'on' : `to ${formatCount(to - 1)}`}`;
  const now = <line className="chart-here" x1={x(position)} x2={x(position)} y1="-4" y2={HEIGHT + 4} />;
  const same = {
    viewBox: `0 -4 ${WIDTH} ${HEIGHT + 8}`,
    onPart: (part: number): void => onPosition(Math.round(part * length)),
  };
  return (
    <figure className="chart log-chart">
      <figcaption className="figure-title">
        <span>
          Over the calls, of {whose}
          {lives}. Click to go there.
        </span>
        <button type="button" className="lab-button" onClick={() => onPosition(history.peak)}>
          peak: {countOf(peakVmas, 'VMA')} {after}
        </button>
      </figcaption>
      <ChartPlot
        name="VMAs"
        unit=""
        kind="vmas"
        value={vmas}
        most={most}
        label={`VMAs of ${whose} over ${countOf(length, 'call')}${lives}: ${startVmas} at the start, at most ${peakVmas} ${after}`}
        {...same}
      >
        <path className="chart-band" d={band} />
        <line className="chart-peak" x1={x(history.peak)} x2={x(history.peak)} y1="-4" y2={HEIGHT + 4} />
        {now}
      </ChartPlot>
      <ChartPlot
        name="page tables"
        unit=" kB"
        kind="tables"
        value={tablesKb}
        most={mostKb}
        label={`Page tables of ${whose} over ${countOf(length, 'call')}: at most ${mostKb} kB`}
        {...same}
      >
        <path className="chart-tables" d={tables} />
        {now}
      </ChartPlot>
      <div className="chart-steps" aria-hidden="true">
        <span>0</span>
        <span>call</span>
        <span>{formatCount(length)}</span>
      </div>
      <p className="stays">
        A log shows no page faults: the page tables are those that it proves, of guards and of memory that it populates.
      </p>
    </figure>
  );
}

/** @param top of the axis of VMAs */
function chartPaths(
  { every, most, fewest, tablesKb, from, to }: ChartedHistory,
  length: number,
  top: number,
): { band: string; tables: string; mostKb: number } {
  const mostKb = tablesKb.reduce((so, kb) => Math.max(so, kb), 1);
  // Only where the process lives.
  const first = Math.floor(Math.max(0, from - 1) / every);
  const last = to === null ? most.length : Math.ceil((to - 1) / every);
  const plot = { width: WIDTH, height: HEIGHT, length, top };
  const { band, line } = historyPaths({ every, most, fewest }, plot, first, last);
  return { band, tables: line(tablesKb, mostKb), mostKb };
}
