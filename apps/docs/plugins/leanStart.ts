import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plugin } from '@docusaurus/types';

const require = createRequire(import.meta.url);

/** How the scripts of the pages are cut. */
const inBrowsers = {
  entry: fileURLToPath(new URL('../src/start.ts', import.meta.url)),
  optimization: {
    splitChunks: {
      // The pictures, the playground and live code have the engine in common, and it is loaded once.
      cacheGroups: {
        engine: { name: 'engine', test: /[\\/]packages[\\/][\w-]+[\\/]dist[\\/]/, minChunks: 3, priority: 45 },
      },
    },
  },
};

/** Keeps out of the start of every page what most pages do not need, and does the rest in small pieces. */
export default function leanStart(): Plugin {
  // The theme loads its highlighter everywhere, to add languages to it that this site does not use (`additionalLanguages`).
  const languages = require.resolve('@docusaurus/theme-classic/lib/prism-include-languages').replace(/\.js$/, '');
  return {
    name: 'lean-start',
    configureWebpack: (_config, isServer) => ({
      mergeStrategy: { entry: 'replace' },
      resolve: { alias: { [`${languages}$`]: false } },
      ...(isServer ? {} : inBrowsers),
    }),
  };
}
