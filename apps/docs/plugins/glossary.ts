import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { type GlossaryGroup, parseGlossary } from '../src/content/glossary.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The words of the repository's GLOSSARY.md, for the page "Glossary". */
export default function glossary(context: LoadContext): Plugin<readonly GlossaryGroup[]> {
  const file = join(context.siteDir, '../../GLOSSARY.md');
  return dataPlugin<readonly GlossaryGroup[]>(
    'glossary',
    'groups.json',
    () => parseGlossary(readFileSync(file, 'utf8')),
    [file],
  );
}
