import type { MapState, Trace, TraceStep } from 'fork-sim';

/** The pages that a picture shows, `to` exclusive. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** The smallest window that holds all the states, with a page of room on both sides; at least `least` pages. */
export function viewOf(states: readonly MapState[], least = 12): View {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let span = 64;
  for (const state of states) {
    span = state.span;
    for (const vma of state.vmas) {
      from = Math.min(from, vma.start);
      to = Math.max(to, vma.end);
    }
  }
  if (to === 0) return { from: 0, to: Math.min(span, least) };
  from = Math.max(0, from - 1);
  to = Math.min(span, to + 1);
  while (to - from < least && (from > 0 || to < span)) {
    if (to < span) to++;
    if (to - from < least && from > 0) from--;
  }
  return { from, to };
}

/** The window of several traces of the same operations. */
export function viewOfTraces(traces: readonly Trace[]): View {
  const views = traces.map((trace) => viewOfTrace(trace, 16));
  if (views.length === 0) return { from: 0, to: 16 };
  return { from: Math.min(...views.map(({ from }) => from)), to: Math.max(...views.map(({ to }) => to)) };
}

/** The page whose walk is shown until the reader chooses one: where the step acted, else the lowest that is mapped. */
export function choosePage({ op, state }: TraceStep): number {
  if ('page' in op && op.page !== undefined && op.page < state.span) return op.page;
  return state.vmas[0]?.start ?? 0;
}

/** The window of a whole trace, so that nothing jumps between its steps. */
export function viewOfTrace(trace: Trace, least = 12): View {
  const states = trace.steps.flatMap((step) => [step.state, ...(step.child ? [step.child] : [])]);
  const view = viewOf(states, least);
  let { from, to } = view;
  for (const { op } of trace.steps) {
    if (!('page' in op) || op.page === undefined) continue;
    const pages = 'pages' in op ? (op.pages ?? 1) : 1;
    from = Math.min(from, op.page);
    to = Math.max(to, Math.min(trace.scenario.span ?? 64, op.page + pages));
  }
  return { from, to };
}
