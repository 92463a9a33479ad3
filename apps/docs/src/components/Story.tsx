import { type ReactNode, useMemo } from 'react';
import { STORY, STORY_LINES } from '../content/story.ts';
import { traceLines } from '../engine.ts';
import { viewOfTrace } from '../picture/view.ts';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { StepView } from './StepView.tsx';

/** The guided story, one section a step: a sentence, the call, the map before and after. Readable without JavaScript. */
export function Story(): ReactNode {
  const trace = useMemo(() => traceLines('story', STORY_LINES, { profile: '6.19' }), []);
  const view = useMemo(() => viewOfTrace(trace), [trace]);
  return (
    <>
      {STORY.map(({ title, text }, index) => {
        const step = trace.steps[index];
        return (
          <section key={title} className="story-step" id={`step-${index + 1}`}>
            <h2>
              {index + 1}. {title}
            </h2>
            <p>{text}</p>
            {step && <StepView step={step} view={view} before legend={index === 0} />}
          </section>
        );
      })}
      <PlaygroundLink lines={STORY_LINES} profile="6.19" />
    </>
  );
}
