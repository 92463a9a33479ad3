import type { Trace } from 'fork-sim';
import type { ReactNode } from 'react';
import { STORY_LINES } from '../../content/story.ts';
import { traceLines } from '../../engine.ts';
import { type View, viewOfTrace } from '../../picture/view.ts';
import { StepView } from '../StepView.tsx';

let told: { readonly trace: Trace; readonly view: View } | undefined;

/** The whole story, run once, when its first picture is drawn. */
function wholeStory(): { readonly trace: Trace; readonly view: View } {
  if (!told) {
    const trace = traceLines('story', STORY_LINES, { profile: '6.19' });
    told = { trace, view: viewOfTrace(trace) };
  }
  return told;
}

/** One step of the story, drawn. */
export function StoryPicture({ index }: { readonly index: number }): ReactNode {
  const { trace, view } = wholeStory();
  const step = trace.steps[index];
  return step ? <StepView step={step} view={view} before /> : null;
}
