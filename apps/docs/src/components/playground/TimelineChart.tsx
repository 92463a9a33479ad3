import type { Trace } from 'fork-sim';
import type { ReactNode } from 'react';
import { count } from '../../lab/phrases.ts';

const WIDTH = 600;
const HEIGHT = 70;

/** Number of VMAs and size of the page tables over the steps. */
export function TimelineChart({ trace, index }: { readonly trace: Trace; readonly index: number }): ReactNode {
  const steps = trace.steps;
  if (steps.length === 0) return null;
  const vmas = steps.map(({ state }) => state.vmas.length);
  const tables = steps.map(({ state }) => state.tablesKb);
  const peak = Math.max(...vmas);
  const label = `Over the steps: ${vmas[0]} to ${count(vmas.at(-1) ?? 0, 'VMA')}, at most ${peak}; page tables ${tables[0]} to ${tables.at(-1)} kB.`;
  const x = (step: number): number => (steps.length === 1 ? WIDTH / 2 : 8 + (step / (steps.length - 1)) * (WIDTH - 16));
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        <line className="chart-now" x1={x(index)} x2={x(index)} y1="0" y2={HEIGHT} />
        <polyline className="chart-tables" points={points(tables, x)} />
        <polyline className="chart-vmas" points={points(vmas, x)} />
      </svg>
      <figcaption>
        <span className="key-vmas">
          VMAs, {vmas[index] ?? 0} now, {peak} at most
        </span>
        <span className="key-tables">page tables, {tables[index] ?? 0} kB now</span>
      </figcaption>
    </figure>
  );
}

function points(values: readonly number[], x: (step: number) => number): string {
  const most = Math.max(1, ...values);
  return values.map((value, step) => `${x(step)},${HEIGHT - 6 - (value / most) * (HEIGHT - 14)}`).join(' ');
}
