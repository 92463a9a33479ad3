import type { LogHistory } from 'fork-sim/worker';
import { type MouseEvent, type ReactNode, useMemo } from 'react';
import { count } from '../../../lab/phrases.ts';

interface HistoryChartProps {
  readonly history: LogHistory;
  readonly position: number;
  readonly length: number;
  readonly startVmas: number;
  readonly peakVmas: number;
  /** VMAs and page tables at the position. */
  readonly vmas: number;
  readonly tablesKb: number;
  readonly onPosition: (position: number) => void;
}

const WIDTH = 1000;
const HEIGHT = 80;
const TOP = 8;
const BOTTOM = 76;

/** VMAs and page tables of the first process over the calls; a click goes there, the peak is marked. */
export function HistoryChart(props: HistoryChartProps): ReactNode {
  const { history, position, length, startVmas, peakVmas, vmas, tablesKb, onPosition } = props;
  const paths = useMemo(() => chartPaths(history, length, peakVmas), [history, length, peakVmas]);
  const x = (step: number): number => (step / Math.max(1, length)) * WIDTH;
  const jump = (event: MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    onPosition(((event.clientX - box.left) / box.width) * length);
  };
  const label = `VMAs over ${count(length, 'call')}: ${startVmas} at the start, at most ${peakVmas}${
    history.peak > 0 ? ` after call ${history.peak}` : ''
  }; page tables at most ${paths.mostKb} kB.`;
  return (
    <figure className="chart log-chart">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider beside it does the same by keyboard */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none" onClick={jump}>
        <path className="chart-band" d={paths.band} />
        <path className="chart-tables" d={paths.tables} />
        {history.peak > 0 && (
          <line className="chart-peak" x1={x(history.peak)} x2={x(history.peak)} y1="0" y2={HEIGHT} />
        )}
        <line className="chart-now" x1={x(position)} x2={x(position)} y1="0" y2={HEIGHT} />
      </svg>
      <figcaption>
        <span className="key-vmas">VMAs of the first process: {vmas.toLocaleString('en')} now</span>
        <span className="key-tables">page tables: {tablesKb.toLocaleString('en')} kB now</span>
        <button type="button" className="lab-button" onClick={() => onPosition(history.peak)}>
          peak: {peakVmas.toLocaleString('en')}{' '}
          {history.peak > 0 ? `after call ${history.peak.toLocaleString('en')}` : 'at the start'}
        </button>
      </figcaption>
    </figure>
  );
}

function chartPaths(
  { every, most, fewest, tablesKb }: LogHistory,
  length: number,
  peak: number,
): { band: string; tables: string; mostKb: number } {
  const x = (sample: number): number => Math.min(WIDTH, (((sample + 1) * every) / Math.max(1, length)) * WIDTH);
  const y = (value: number, top: number): number => BOTTOM - (value / Math.max(1, top)) * (BOTTOM - TOP);
  let mostKb = 0;
  for (const kb of tablesKb) mostKb = Math.max(mostKb, kb);
  const points: string[] = [];
  for (let i = 0; i < most.length; i++) points.push(`${x(i).toFixed(1)} ${y(most[i] as number, peak).toFixed(1)}`);
  for (let i = most.length - 1; i >= 0; i--) {
    points.push(`${x(i).toFixed(1)} ${y(fewest[i] as number, peak).toFixed(1)}`);
  }
  const tables = Array.from(tablesKb, (kb, i) => `${x(i).toFixed(1)} ${y(kb, mostKb).toFixed(1)}`);
  return {
    band: points.length === 0 ? '' : `M${points.join('L')}`,
    tables: tables.length === 0 ? '' : `M${tables.join('L')}`,
    mostKb,
  };
}
