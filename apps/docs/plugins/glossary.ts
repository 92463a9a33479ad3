import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { type GlossaryGroup, parseGlossary } from '../src/content/glossary.ts';

/** The words of the repository's GLOSSARY.md, for the page "Glossary". */
export default function glossary(context: LoadContext): Plugin<readonly GlossaryGroup[]> {
  const file = join(context.siteDir, '../../GLOSSARY.md');
  return {
    name: 'glossary',
    getPathsToWatch: () => [file],
    loadContent: () => Promise.resolve(parseGlossary(readFileSync(file, 'utf8'))),
    async contentLoaded({ content, actions }) {
      await actions.createData('groups.json', JSON.stringify(content));
    },
  };
}
