import type { Plugin } from '@docusaurus/types';

/** A plugin that computes data while the site is built: `@generated/<name>/default/<file>`. `watched`: files that it depends on. */
export function dataPlugin<T>(
  name: string,
  file: string,
  compute: () => T | Promise<T>,
  watched: readonly string[] = [],
): Plugin<T> {
  return {
    name,
    getPathsToWatch: () => [...watched],
    loadContent: async () => compute(),
    async contentLoaded({ content, actions }) {
      await actions.createData(file, JSON.stringify(content));
    },
  };
}
