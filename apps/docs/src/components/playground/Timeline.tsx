import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';

/** Something to see on a timeline: where, and what. */
export interface TimelineMark {
  readonly at: number;
  readonly kind: string;
  /** One letter or sign. */
  readonly sign: string;
  readonly title: string;
}

/** A line of a timeline: its name and its values as text. */
interface TimelineSeries {
  readonly kind: 'vmas' | 'tables';
  readonly name: string;
  readonly now: string;
  readonly most: string;
}

interface TimelineProps {
  /** What it moves through: the step, the call. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  /** Where one stands, in words. */
  readonly valueText: string;
  readonly onValue: (value: number) => void;
  /** Where a value lies, from 0 at the left to 1. */
  readonly partOf: (value: number) => number;
  readonly valueAt: (part: number) => number;
  readonly series: readonly TimelineSeries[];
  readonly marks: readonly TimelineMark[];
  /** What stands at the right above the plot. */
  readonly controls?: ReactNode;
  /** The plot, in a box of 1000 by 100. */
  readonly children: ReactNode;
}

/** The slider over steps or calls, which is also the chart of VMAs and page tables: it is dragged, clicked and moved by keys. */
export function Timeline(props: TimelineProps): ReactNode {
  const { name, min, max, value, valueText, onValue, partOf, valueAt, series, marks, controls, children } = props;
  const held = useRef(false);
  const go = (to: number): void => {
    const next = Math.max(min, Math.min(max, Math.round(to)));
    if (next !== value) onValue(next);
  };
  const goTo = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    go(valueAt((event.clientX - box.left) / box.width));
  };
  const far = Math.max(1, Math.round((max - min) / 10));
  const keys = new Map<string, number>([
    ['ArrowLeft', value - 1],
    ['ArrowDown', value - 1],
    ['ArrowRight', value + 1],
    ['ArrowUp', value + 1],
    ['PageDown', value - far],
    ['PageUp', value + far],
    ['Home', min],
    ['End', max],
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = keys.get(event.key);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <div className="timeline">
      <div className="timeline-head">
        {series.map(({ kind, name: of, now, most }) => (
          <span key={kind} className={`timeline-series key-${kind}`}>
            {of} <strong>{now}</strong> <span className="timeline-most">of at most {most}</span>
          </span>
        ))}
        {controls}
      </div>
      <div
        className="timeline-track"
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={valueText}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          held.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          const marked = (event.target as HTMLElement).dataset.at;
          if (marked === undefined) goTo(event);
          else go(Number(marked));
        }}
        onPointerMove={(event) => {
          if (held.current) goTo(event);
        }}
        onPointerUp={() => {
          held.current = false;
        }}
        onPointerCancel={() => {
          held.current = false;
        }}
      >
        <svg viewBox="0 -4 1000 108" preserveAspectRatio="none" aria-hidden="true">
          {children}
        </svg>
        <span className="timeline-now" style={{ left: `${partOf(value) * 100}%` }} />
        <span className="timeline-marks" aria-hidden="true">
          {marks.map(({ at, kind, sign, title }) => (
            <span
              key={`${at} ${kind}`}
              className={`timeline-mark timeline-mark-${kind}`}
              style={{ left: `${partOf(at) * 100}%` }}
              data-at={at}
              title={title}
            >
              {sign}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}
