import { formatOp, type Trace } from 'fork-sim';
import { countOf, formatKb } from 'fork-sim/words';
import { type ReactNode, useMemo } from 'react';
import { Timeline, type TimelineMark } from './Timeline.tsx';
import type { Player } from './usePlayer.ts';

interface StepTimelineProps {
  readonly trace: Trace;
  readonly player: Player;
  readonly controls: ReactNode;
}

/** Steps whose marks are drawn; among more they would cover one another. */
const MOST_MARKED = 400;

/** VMAs and page tables over the steps, which is also the slider; merges, refusals, forks and differences are marked. */
export function StepTimeline({ trace: { steps }, player, controls }: StepTimelineProps): ReactNode {
  const { index, goTo } = player;
  const count = steps.length;
  const vmas = useMemo(() => steps.map(({ state }) => state.vmas.length), [steps]);
  const tables = useMemo(() => steps.map(({ state }) => state.tablesKb), [steps]);
  const marks = useMemo(() => (count > MOST_MARKED ? [] : marksOf(steps, player)), [count, steps, player]);
  const [mostVmas, mostKb] = [Math.max(0, ...vmas), Math.max(0, ...tables)];
  const op = steps[index]?.op;
  const [now, nowKb] = [vmas[index] ?? 0, tables[index] ?? 0];
  return (
    <Timeline
      name="Step"
      min={1}
      max={count}
      value={index + 1}
      valueText={`step ${index + 1} of ${count}${op ? `: ${formatOp(op)}` : ''}, ${countOf(now, 'VMA')}, ${formatKb(nowKb)} of page tables`}
      onValue={(step) => goTo(step - 1)}
      partOf={(step) => (step - 0.5) / count}
      valueAt={(part) => Math.floor(part * count) + 1}
      series={[
        { kind: 'vmas', name: 'VMAs', now: String(now), most: String(mostVmas) },
        { kind: 'tables', name: 'page tables', now: formatKb(nowKb), most: formatKb(mostKb) },
      ]}
      marks={marks}
      controls={controls}
    >
      <rect className="timeline-step" x={(index / count) * 1000} width={1000 / count} y="-4" height="108" />
      <path className="chart-vmas" d={stairs(vmas, mostVmas)} />
      <path className="chart-tables" d={stairs(tables, mostKb)} />
    </Timeline>
  );
}

/** Each step is as wide as the next: its value holds until the next one begins. */
function stairs(values: readonly number[], most: number): string {
  const x = (step: number): string => ((step / values.length) * 1000).toFixed(1);
  const y = (value: number): string => (100 - (value / Math.max(1, most)) * 100).toFixed(1);
  return values.map((value, step) => `${step === 0 ? 'M' : 'L'}${x(step)} ${y(value)}H${x(step + 1)}`).join('');
}

function marksOf(steps: Trace['steps'], { merges, refusals, differing }: Player): TimelineMark[] {
  const forks = steps.flatMap(({ decisions }, step) => (decisions.length > 0 ? [step] : []));
  const of = (list: readonly number[], kind: string, sign: string, word: string): TimelineMark[] =>
    list.map((step) => ({ at: step + 1, kind, sign, title: `step ${step + 1}: ${word}` }));
  return [
    ...of(refusals, 'refused', '‖', 'a merge was refused'),
    ...of(merges, 'merged', '┊', 'VMAs merged'),
    ...of(forks, 'fork', 'Y', 'a fork'),
    ...of(differing, 'differs', '≠', 'the two kernels differ'),
  ];
}
