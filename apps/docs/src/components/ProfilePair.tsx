import type { Scenario } from 'fork-sim';
import { type ReactNode, useMemo, useState } from 'react';
import { compareTraces } from '../picture/compareTraces.ts';
import { type View, viewOfTrace } from '../picture/view.ts';
import { useTraces } from '../traces/useTraces.ts';
import { EngineProblem } from './EngineProblem.tsx';
import { Interactive } from './Interactive.tsx';
import { PlayerControls } from './PlayerControls.tsx';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Steady } from './Steady.tsx';
import { StepView } from './StepView.tsx';

interface ProfilePairProps {
  /** Scenario lines, or a scenario where the notation has no word for one of its calls. */
  readonly lines: string | Scenario;
  /** Two or three profiles, side by side. */
  readonly profiles: readonly string[];
  readonly softDirty?: boolean;
  readonly title?: string;
  readonly choose?: boolean;
  /** The pages to draw; default all that are used. */
  readonly view?: View;
  /** Also says how much memory the page tables take. */
  readonly tables?: boolean;
  /** The first pane says what the parts of its picture mean; the build marks it (plugins/firstFigure.ts). */
  readonly legend?: boolean;
  /** The traces of its calls; the build adds them (plugins/keepTraces.ts). */
  readonly kept?: string | undefined;
}

/** The same operations on several kernels, one pane each; the step shown first is the first that differs. */
export function ProfilePair({
  lines,
  profiles,
  softDirty = false,
  title,
  choose = false,
  view: wanted,
  tables = false,
  legend = false,
  kept,
}: ProfilePairProps): ReactNode {
  const [chosen, setChosen] = useState(profiles);
  const runs = useMemo(() => chosen.map((profile) => ({ lines, profile, softDirty })), [chosen, lines, softDirty]);
  const { traces, isBusy, problem } = useTraces(runs, kept);
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
    <Interactive>
      <section className="player" aria-label={title ?? `The same calls on ${chosen.join(' and ')}`} aria-busy={isBusy}>
        {title && <p className="player-title">{title}</p>}
        <EngineProblem text={problem} />
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
        <Steady
          count={last + 1}
          index={index}
          render={(at) => (
            <div className="panes">
              {traces.map((trace, pane) => {
                const step = trace.steps[at];
                return (
                  <div key={chosen[pane]} className={`pane${differing.includes(at) ? ' pane-differs' : ''}`}>
                    {choose ? (
                      <ProfileSelect
                        value={chosen[pane] ?? '6.19'}
                        label={`Kernel ${pane + 1}`}
                        onChange={(profile) => setChosen(chosen.map((old, i) => (i === pane ? profile : old)))}
                      />
                    ) : (
                      <p className="pane-title">{trace.profile}</p>
                    )}
                    {step && <StepView step={step} view={view} legend={legend && pane === 0} />}
                    {step && tables && <p className="tables-note">Page tables: {step.state.tablesKb} kB</p>}
                  </div>
                );
              })}
            </div>
          )}
        />
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
    </Interactive>
  );
}
