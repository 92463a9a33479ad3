import { type ReactNode, useMemo, useState } from 'react';
import { traceLines } from '../../engine.ts';
import { compareTraces } from '../../picture/compareTraces.ts';
import { viewOfTrace } from '../../picture/view.ts';
import { PlayerControls } from '../PlayerControls.tsx';
import { PlaygroundLink } from '../PlaygroundLink.tsx';
import type { ProfilePairProps } from '../ProfilePair.tsx';
import { ProfileSelect } from '../ProfileSelect.tsx';
import { StepView } from '../StepView.tsx';

/** The panes of a `ProfilePair`, answering. */
export function Pair({
  lines,
  profiles,
  softDirty = false,
  title,
  choose = false,
  view: wanted,
  tables = false,
}: ProfilePairProps): ReactNode {
  const [chosen, setChosen] = useState(profiles);
  const traces = useMemo(
    () => chosen.map((profile) => traceLines('pair', lines, { profile, softDirty })),
    [chosen, lines, softDirty],
  );
  const first = traces[0];
  const differing = useMemo(
    () =>
      [...new Set(traces.slice(1).flatMap((other) => (first ? compareTraces(first, other) : [])))].sort(
        (a, b) => a - b,
      ),
    [traces, first],
  );
  const last = (first?.steps.length ?? 1) - 1;
  const [index, setIndex] = useState(differing.at(-1) ?? last);
  const view = useMemo(() => {
    if (wanted) return wanted;
    const views = traces.map((trace) => viewOfTrace(trace));
    return { from: Math.min(...views.map(({ from }) => from)), to: Math.max(...views.map(({ to }) => to)) };
  }, [traces, wanted]);
  const differs = differing.includes(index);
  const next = differing.find((step) => step > index) ?? differing[0];
  return (
    <section className="player" aria-label={title ?? `The same calls on ${chosen.join(' and ')}`}>
      {title && <p className="player-title">{title}</p>}
      <PlayerControls
        index={index}
        count={last + 1}
        playing={false}
        onIndex={setIndex}
        onPlay={() => setIndex(index === last ? 0 : index + 1)}
      />
      <p className="differs-note">
        {differs ? '≠ The kernels differ at this step.' : 'The kernels agree at this step.'}{' '}
        {differing.length > 0 && next !== undefined && next !== index && (
          <button type="button" className="lab-button" onClick={() => setIndex(next)}>
            Next difference
          </button>
        )}
      </p>
      <div className="panes">
        {traces.map((trace, pane) => {
          const step = trace.steps[index];
          return (
            <div key={chosen[pane]} className={`pane${differs ? ' pane-differs' : ''}`}>
              {choose ? (
                <ProfileSelect
                  value={chosen[pane] ?? '6.19'}
                  label={`Kernel ${pane + 1}`}
                  onChange={(profile) => setChosen(chosen.map((old, i) => (i === pane ? profile : old)))}
                />
              ) : (
                <p className="pane-title">{trace.profile}</p>
              )}
              {step && <StepView step={step} view={view} />}
              {step && tables && <p className="tables-note">Page tables: {step.state.tablesKb} kB</p>}
            </div>
          );
        })}
      </div>
      {typeof lines === 'string' && (
        <PlaygroundLink
          lines={lines}
          profile={chosen[0] ?? '6.19'}
          {...(chosen[1] === undefined ? {} : { other: chosen[1] })}
          step={index}
          softDirty={softDirty}
        />
      )}
    </section>
  );
}
