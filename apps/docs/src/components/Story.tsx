import useIsBrowser from '@docusaurus/useIsBrowser';
import kept from '@generated/story-traces/default/kept.json';
import { type ReactNode, useMemo } from 'react';
import { STORY, STORY_LINES, STORY_RUN } from '../content/story.ts';
import { storyPath } from '../link/statePaths.ts';
import { viewOfTrace } from '../picture/view.ts';
import { useTrace } from '../traces/useTraces.ts';
import { StepView } from './StepView.tsx';
import { Stage } from './stage/Stage.tsx';

/** The guided story: a section a call, and one picture beside them. Without JavaScript each section has its own picture. */
export function Story(): ReactNode {
  const { trace } = useTrace(STORY_RUN, kept);
  const isBrowser = useIsBrowser();
  const view = useMemo(() => viewOfTrace(trace), [trace]);
  return (
    <Stage lines={STORY_LINES} kept={kept} pageOf={(made) => storyPath(made - 1)}>
      {STORY.map(({ title, text }, index) => {
        const step = trace.steps[index];
        return (
          <section key={title} className="story-step" id={`step-${index + 1}`} data-made={index + 1}>
            <h2>
              {index + 1}. {title}
            </h2>
            <p>{text}</p>
            {!isBrowser && step && (
              <div className="stage-still">
                <StepView step={step} view={view} before />
              </div>
            )}
          </section>
        );
      })}
    </Stage>
  );
}
