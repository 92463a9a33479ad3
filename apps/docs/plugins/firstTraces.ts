import type { Plugin } from '@docusaurus/types';
import { FIRST_STATE } from '../src/content/firstState.ts';
import { traceHere } from '../src/engine.ts';
import { traceRequest } from '../src/link/traceRequest.ts';
import { packData } from '../src/traces/keptTraces.ts';
import { dataPlugin } from './dataPlugin.ts';

/**
 * The traces of the playground's first state.
 * @throws Error where that state cannot be run
 */
export default function firstTraces(): Plugin<string> {
  return dataPlugin('first-traces', 'kept.json', () => {
    const made = traceRequest(FIRST_STATE);
    if ('error' in made) throw new Error(made.error);
    return packData(traceHere(made.request));
  });
}
