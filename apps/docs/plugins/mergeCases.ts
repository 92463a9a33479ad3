import type { Plugin } from '@docusaurus/types';
import { mergeCases } from '../src/content/mergeCases.ts';
import { packData } from '../src/traces/keptTraces.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The merges of the gallery. */
export default function galleryOfMerges(): Plugin<string> {
  return dataPlugin('merge-cases', 'kept.json', () => packData(mergeCases()));
}
