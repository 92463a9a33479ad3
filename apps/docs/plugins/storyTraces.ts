import type { Plugin } from '@docusaurus/types';
import { STORY_RUN } from '../src/content/story.ts';
import { traceRun } from '../src/engine.ts';
import { packTraces } from '../src/traces/keptTraces.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The trace of the story, for the first page and the story itself. */
export default function storyTraces(): Plugin<string> {
  return dataPlugin('story-traces', 'kept.json', () => packTraces([STORY_RUN], traceRun));
}
