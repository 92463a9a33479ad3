import type { Plugin } from '@docusaurus/types';
import { type WalkedPage, walkedPages } from '../src/content/walkedPages.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The pages to whose entries a reader walks. */
export default function pageWalk(): Plugin<readonly WalkedPage[]> {
  return dataPlugin<readonly WalkedPage[]>('page-walk', 'pages.json', walkedPages);
}
