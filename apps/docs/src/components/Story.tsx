import type { ReactNode } from 'react';
import { STORY, STORY_LINES } from '../content/story.ts';
import { Live, livePart } from './Live.tsx';
import { PlaygroundLink } from './PlaygroundLink.tsx';

const part = livePart<{ readonly index: number }>(
  async () =>
    (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/StoryPicture.tsx'))
      .StoryPicture,
);

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
          <Live part={part} props={{ index }} />
        </section>
      ))}
      <PlaygroundLink lines={STORY_LINES} profile="6.19" />
    </>
  );
}
