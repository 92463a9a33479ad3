import useIsBrowser from '@docusaurus/useIsBrowser';
import { type ReactNode, useMemo } from 'react';
import { STORY, STORY_LINES } from '../content/story.ts';
import { traceLines } from '../engine.ts';
import { storyPath } from '../link/statePaths.ts';
import { viewOfTrace } from '../picture/view.ts';
import { StepView } from './StepView.tsx';
import { Stage } from './stage/Stage.tsx';

/** The guided story: a section a call, and one picture beside them. Without JavaScript each section has its own picture. */
export function Story(): ReactNode {
  const trace = useMemo(() => traceLines('story', STORY_LINES, { profile: '6.19' }), []);
  const isBrowser = useIsBrowser();
  const view = useMemo(() => viewOfTrace(trace), [trace]);
  return (
    <Stage lines={STORY_LINES} pageOf={(made) => storyPath(made - 1)}>
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
