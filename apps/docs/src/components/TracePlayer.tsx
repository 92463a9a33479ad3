import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { viewOfTrace } from '../picture/view.ts';
import { fetchEngineSoon } from '../traces/lateEngine.ts';
import { useTrace } from '../traces/useTraces.ts';
import { EngineProblem } from './EngineProblem.tsx';
import { Interactive } from './Interactive.tsx';
import { PlayerControls } from './PlayerControls.tsx';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Steady } from './Steady.tsx';
import { StepView } from './StepView.tsx';
import { usePlaying } from './usePlaying.ts';
import { usePlayOnce } from './usePlayOnce.ts';

interface TracePlayerProps {
  /** Scenario lines; `;` or a new line between them. */
  readonly lines: string;
  readonly profile?: string;
  /** The step shown first, from 1; default the last. */
  readonly start?: number;
  readonly softDirty?: boolean;
  /** Names the picture. */
  readonly title?: string;
  /** The reader may choose the kernel. */
  readonly choose?: boolean;
  /** Without the list of calls: the sentences tell of them. */
  readonly hidesCalls?: boolean;
  /** The page's first picture says what its parts mean; the build marks it (plugins/firstFigure.ts). */
  readonly legend?: boolean;
  /** A sentence for each step, above its picture. */
  readonly sentences?: readonly string[];
  /** The step, from 1, from which it plays by itself once, until the reader acts. */
  readonly playsFrom?: number;
  /** The traces of its calls; the build adds them (plugins/keepTraces.ts). */
  readonly kept?: string | undefined;
}

/** A scenario that readers step through. The first frame is in the HTML. */
export function TracePlayer(props: TracePlayerProps): ReactNode {
  const { lines, softDirty = false, choose = true } = props;
  const [profile, setProfile] = useState(props.profile ?? '6.19');
  const { trace, isBusy, problem } = useTrace({ lines, profile, softDirty }, props.kept);
  const { steps } = trace;
  const view = useMemo(() => viewOfTrace(trace), [trace]);
  const last = steps.length - 1;
  const { index, setIndex, playing, toggle } = usePlaying(Math.min(last, (props.start ?? steps.length) - 1), last);
  const id = useId();
  const box = useRef<HTMLElement>(null);
  const act = usePlayOnce(box, props.playsFrom, { last, setIndex });

  const step = steps[index];
  if (!step) return null;
  const list = (
    <ol className="player-steps">
      {steps.map((one) => (
        <li key={one.index}>
          <button
            type="button"
            aria-current={one.index === index ? 'step' : undefined}
            onClick={() => setIndex(one.index)}
          >
            {one.line}
          </button>
        </li>
      ))}
    </ol>
  );
  return (
    <Interactive>
      <section
        className="player"
        ref={box}
        aria-labelledby={`${id}-title`}
        aria-busy={isBusy}
        onPointerDownCapture={act}
        onKeyDownCapture={act}
      >
        <div className="player-head">
          <p className="player-title" id={`${id}-title`}>
            {props.title ?? 'Step through it'}
          </p>
          {choose && <ProfileSelect value={profile} onChange={setProfile} onApproach={fetchEngineSoon} />}
        </div>
        <EngineProblem text={problem} />
        {!props.hidesCalls && list}
        <PlayerControls index={index} count={steps.length} playing={playing} onIndex={setIndex} onPlay={toggle} />
        <Steady
          count={steps.length}
          index={index}
          render={(at) => (
            <>
              {props.sentences && <p className="player-sentence">{props.sentences[at]}</p>}
              <StepView step={steps[at] ?? step} view={view} legend={props.legend ?? false} />
            </>
          )}
        />
        <PlaygroundLink lines={lines} profile={profile} step={index} softDirty={softDirty} />
      </section>
    </Interactive>
  );
}
