import type { Trace } from 'fork-sim';
import type { ReactNode } from 'react';
import { traceLines } from '../lab/engine.ts';
import { STORY, STORY_LINES } from '../lab/story.ts';
import { type View, viewOfTrace } from '../lab/view.ts';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { StepView } from './StepView.tsx';
import { WhenSeen } from './WhenSeen.tsx';

/** The guided story, one section a step: a sentence, the call, the map before and after. Readable without JavaScript. */
export function Story(): ReactNode {
  return (
    <>
      {STORY.map(({ title, text }, index) => (
        <section key={title} className="story-step" id={`step-${index + 1}`}>
          <h2>
            {index + 1}. {title}
          </h2>
          <p>{text}</p>
          <WhenSeen>
            <StoryPicture index={index} />
          </WhenSeen>
        </section>
      ))}
      <PlaygroundLink lines={STORY_LINES} profile="6.19" />
    </>
  );
}

let told: { readonly trace: Trace; readonly view: View } | undefined;

/** The whole story, run once, when its first picture is drawn. */
function wholeStory(): { readonly trace: Trace; readonly view: View } {
  if (!told) {
    const trace = traceLines('story', STORY_LINES, { profile: '6.19' });
    told = { trace, view: viewOfTrace(trace) };
  }
  return told;
}

function StoryPicture({ index }: { readonly index: number }): ReactNode {
  const { trace, view } = wholeStory();
  const step = trace.steps[index];
  return step ? <StepView step={step} view={view} before /> : null;
}
