import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { judgeLitmus } from 'fork-sim';
import { KERNEL_PROFILES } from 'vma-core';
import { hashOf, readConfirmed, readLibrary } from '../../../scripts/litmus/libraryTable.mjs';
import type { LibraryRow } from '../src/content/library.ts';
import { dataPlugin } from './dataPlugin.ts';

/** The library of litmus tests, judged on every profile while the site is built. */
export function readRows(folder: string): LibraryRow[] {
  const confirmed = readConfirmed(folder);
  return readLibrary(folder).map(({ name, text, test }) => ({
    name,
    title: test.title,
    source: test.source ?? '',
    text,
    softDirty: test.softDirty,
    verdicts: KERNEL_PROFILES.map((profile) => judgeLitmus(test, profile).verdict),
    confirmed: confirmed.filter(({ files }) => files[name] === hashOf(text)).map(({ kernel }) => kernel),
  }));
}

export default function litmus(context: LoadContext): Plugin<readonly LibraryRow[]> {
  const folder = join(context.siteDir, '../../litmus');
  return dataPlugin<readonly LibraryRow[]>('litmus', 'library.json', () => readRows(folder), [
    join(folder, '**/*.litmus'),
  ]);
}
