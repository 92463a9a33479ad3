import { formatCount } from 'fork-sim/words';
import type { MouseEvent, ReactNode } from 'react';

interface ChartPlotProps {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'vmas' | 'tables';
  /** Where one stands. */
  readonly value: number;
  /** Top of the axis. */
  readonly most: number;
  /** The plot in a sentence. */
  readonly label: string;
  readonly viewBox: string;
  /** Told where a click was, from 0 at the left to 1. The slider beside the plot does the same by keyboard. */
  readonly onPart?: (part: number) => void;
  readonly children: ReactNode;
}

/** A plot with its name, its value now, and an axis from 0 to the most there is. */
export function ChartPlot({
  name,
  unit,
  kind,
  value,
  most,
  label,
  viewBox,
  onPart,
  children,
}: ChartPlotProps): ReactNode {
  const click = (event: MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    onPart?.((event.clientX - box.left) / box.width);
  };
  const format = (number: number): string => `${formatCount(number)}${unit}`;
  return (
    <div className="chart-plot">
      <span className={`chart-name key-${kind}`}>
        {name}: <strong>{format(value)}</strong>
      </span>
      <span className="chart-axis" aria-hidden="true">
        <span>{format(most)}</span>
        <span>0</span>
      </span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider does the same by keyboard */}
      <svg viewBox={viewBox} preserveAspectRatio="none" role="img" aria-label={label} onClick={click}>
        {children}
      </svg>
    </div>
  );
}
