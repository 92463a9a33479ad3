import { type ReactNode, useMemo, useState } from 'react';
import { viewOfTrace } from '../../picture/view.ts';
import { fetchEngineSoon } from '../../traces/lateEngine.ts';
import { useTrace } from '../../traces/useTraces.ts';
import { stateSentence, stepSentences } from '../../words/phrases.ts';
import { EngineProblem } from '../EngineProblem.tsx';
import { ForkFigure } from '../ForkFigure.tsx';
import { FullScreenButton } from '../FullScreenButton.tsx';
import { Interactive } from '../Interactive.tsx';
import { PictureKey } from '../PictureKey.tsx';
import { PlaygroundLink } from '../PlaygroundLink.tsx';
import { ProfileSelect } from '../ProfileSelect.tsx';
import { Borders } from '../StateFigure.tsx';
import { Call } from '../StepView.tsx';
import { Strip } from '../Strip.tsx';
import { EdgeHandles } from './EdgeHandles.tsx';

interface StagePictureProps {
  /** The calls of the text, one a line. */
  readonly lines: readonly string[];
  /** How many of them have been made where the reader is, 1 or more. */
  readonly made: number;
  readonly profile: string;
  /** The page that shows the state after the first `made` calls; its link has a picture. */
  readonly pageOf?: ((made: number) => string) | undefined;
  readonly softDirty?: boolean;
  /** Names the picture; absent: it belongs to the text beside it. */
  readonly title?: string;
  /** Moves through the calls of the text, where no text beside it does. */
  readonly controls?: ReactNode;
  /** Says at once what the parts of the picture mean; default true. */
  readonly legend?: boolean;
  /** The traces of the calls of the text. */
  readonly kept?: string | undefined;
}

/** The picture beside a text: it shows the calls that the reader has come to, and takes calls of the reader's own. */
export function StagePicture(props: StagePictureProps): ReactNode {
  const { lines, made, profile: first, pageOf, softDirty = false, title, controls, legend = true } = props;
  const [profile, setProfile] = useState(first);
  const [own, setOwn] = useState<{ readonly made: number; readonly calls: readonly string[] }>({ made, calls: [] });
  // Calls of one's own belong to the place in the text where they were made.
  const calls = own.made === made ? own.calls : [];
  const text = [...lines.slice(0, made), ...calls].join('\n');
  const whole = lines.join('\n');
  const shown = calls.length === 0 ? whole : text;
  const textTrace = useTrace({ lines: whole, profile: first, softDirty }, props.kept).trace;
  const { trace, isBusy, problem } = useTrace({ lines: shown, profile, softDirty }, props.kept);
  const view = useMemo(() => viewOfTrace(textTrace), [textTrace]);
  // Until the engine is here, the picture stays at the place in the text.
  const step = trace.steps[isBusy || problem !== null ? made - 1 : made + calls.length - 1];
  const [page, setPage] = useState<number | null>(null);
  if (!step) return null;
  const add = (line: string): void => setOwn({ made, calls: [...calls, line] });
  const target = page ?? step.state.vmas[0]?.start ?? 0;
  return (
    <Interactive>
      <section
        className="stage-picture"
        aria-label={title ?? 'The address space at this point of the text'}
        aria-busy={isBusy}
        onPointerEnter={fetchEngineSoon}
        onFocus={fetchEngineSoon}
      >
        {title !== undefined && <p className="player-title">{title}</p>}
        {controls}
        <EngineProblem text={problem} />
        <div className="stage-head">
          <p className="stage-count">
            Call {made + calls.length}
            {calls.length > 0 ? `, ${calls.length} of your own` : ''}
          </p>
          <ProfileSelect value={profile} onChange={setProfile} />
          {controls === undefined && <FullScreenButton />}
        </div>
        <div className="step">
          <Call step={step} />
          {step.child === null ? (
            <figure className="figure">
              <Strip
                state={step.state}
                view={view}
                label={stateSentence(step.state)}
                overlay={<EdgeHandles state={step.state} view={view} onCall={add} />}
              />
              <Borders state={step.state} view={view} />
            </figure>
          ) : (
            <ForkFigure step={step} view={view} />
          )}
          {step.child === null && (
            <ul className="sentences" aria-live="polite">
              {stepSentences(step).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
          <PictureKey states={step.child === null ? [step.state] : [step.state, step.child]} open={legend} />
        </div>
        <div className="stage-acts">
          <label>
            {step.child === null ? 'Drag an edge, or act on page' : 'Act on page'}{' '}
            <input
              type="number"
              min={view.from}
              max={view.to - 1}
              value={target}
              onChange={(event) => setPage(Number(event.target.value))}
            />
          </label>
          {(['guard', 'write', 'read'] as const).map((call) => (
            <button key={call} type="button" className="lab-button" onClick={() => add(`${call} ${target}`)}>
              {call}
            </button>
          ))}
          <button type="button" className="lab-button" onClick={() => add('fork childLives')}>
            fork
          </button>
          <button
            type="button"
            className="lab-button"
            disabled={calls.length === 0}
            onClick={() => setOwn({ made, calls: calls.slice(0, -1) })}
          >
            undo
          </button>
        </div>
        <PlaygroundLink
          lines={text.replaceAll('\n', '; ')}
          profile={profile}
          step={made + calls.length - 1}
          softDirty={softDirty}
          page={calls.length === 0 && profile === first ? pageOf?.(made) : undefined}
        />
      </section>
    </Interactive>
  );
}
