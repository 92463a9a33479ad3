import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LoadContext, Plugin, PluginModule } from '@docusaurus/types';
import { API_SHARE, type SearchIndex, weighApiDown } from './searchRanks.ts';

const local = createRequire(import.meta.url)('@easyops-cn/docusaurus-search-local') as {
  readonly default: (context: LoadContext, options: unknown) => Plugin;
  readonly validateOptions: PluginModule['validateOptions'];
};

export const { validateOptions } = local;

/** The search of `@easyops-cn/docusaurus-search-local`, in which the API reference comes after what was written to be read. */
export default function search(context: LoadContext, options: unknown): Plugin {
  const plugin = local.default(context, options);
  return {
    ...plugin,
    async postBuild(props) {
      await plugin.postBuild?.(props);
      const file = join(props.outDir, 'search-index.json');
      const index = JSON.parse(await readFile(file, 'utf8')) as SearchIndex;
      weighApiDown(index, `${props.baseUrl}api`, API_SHARE);
      await writeFile(file, JSON.stringify(index));
    },
  };
}
