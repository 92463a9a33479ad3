import { formatOp, type Trace } from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { ChartPlot } from './ChartPlot.tsx';

interface TimelineChartProps {
  readonly trace: Trace;
  readonly index: number;
  readonly onIndex: (index: number) => void;
}

/** Height of the plot, in the units of its picture; its width is 100 a step. */
const HEIGHT = 100;

/** Number of VMAs, and size of the page tables, over the steps: two plots with axes, in which a click jumps to a step. */
export function TimelineChart({ trace, index, onIndex }: TimelineChartProps): ReactNode {
  const { steps } = trace;
  if (steps.length === 0) return null;
  return (
    <figure className="chart">
      <figcaption className="figure-title">Over the steps. Click one to go there.</figcaption>
      <Plot
        name="VMAs"
        unit=""
        kind="vmas"
        values={steps.map(({ state }) => state.vmas.length)}
        trace={trace}
        index={index}
        onIndex={onIndex}
      />
      <Plot
        name="page tables"
        unit=" kB"
        kind="tables"
        values={steps.map(({ state }) => state.tablesKb)}
        trace={trace}
        index={index}
        onIndex={onIndex}
      />
      <div className="chart-steps" aria-hidden="true">
        <span>1</span>
        <span>step</span>
        <span>{steps.length}</span>
      </div>
    </figure>
  );
}

interface PlotProps extends TimelineChartProps {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'vmas' | 'tables';
  readonly values: readonly number[];
}

function Plot({ name, unit, kind, values, trace, index, onIndex }: PlotProps): ReactNode {
  const most = Math.max(1, ...values);
  const width = values.length * 100;
  const y = (value: number): number => HEIGHT - (value / most) * HEIGHT;
  // Each step is as wide as the next: its value holds until the next one begins.
  const points = values.map((value, step) => `${step * 100},${y(value)} ${(step + 1) * 100},${y(value)}`).join(' ');
  const label = `${name} over ${countOf(values.length, 'step')}: ${values[0]}${unit} after the first, at most ${Math.max(...values)}${unit}, ${values.at(-1)}${unit} after the last`;
  return (
    <ChartPlot
      name={name}
      unit={unit}
      kind={kind}
      value={values[index] ?? 0}
      most={most}
      label={label}
      viewBox={`0 -4 ${width} ${HEIGHT + 8}`}
    >
      <rect className="chart-now" x={index * 100} width="100" y="-4" height={HEIGHT + 8} />
      <polyline className={`chart-${kind}`} points={points} />
      {values.length <= MOST_TARGETS &&
        values.map((value, step) => (
          // The slider and the keys do the same for the keyboard.
          // biome-ignore lint/a11y/noStaticElementInteractions: see above
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its number
            key={step}
            className="chart-step"
            x={step * 100}
            width="100"
            y="-4"
            height={HEIGHT + 8}
            onClick={() => onIndex(step)}
          >
            <title>{`step ${step + 1}, ${nameOf(trace, step)}: ${value}${unit}`}</title>
          </rect>
        ))}
    </ChartPlot>
  );
}

/** Steps that are clicked one by one at most; beyond that they are thinner than a pixel. */
const MOST_TARGETS = 500;

function nameOf({ steps }: Trace, step: number): string {
  const op = steps[step]?.op;
  return op ? formatOp(op) : '';
}
