import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plugin } from '@docusaurus/types';

const require = createRequire(import.meta.url);

/** Keeps out of the start of every page what most pages do not need, and puts off what can wait. */
export default function leanStart(): Plugin {
  // The theme loads its highlighter everywhere, to add languages to it that this site does not use (`additionalLanguages`).
  const languages = require.resolve('@docusaurus/theme-classic/lib/prism-include-languages').replace(/\.js$/, '');
  return {
    name: 'lean-start',
    getClientModules: () => [fileURLToPath(new URL('../src/prefetchWhenIdle.ts', import.meta.url))],
    configureWebpack: () => ({ resolve: { alias: { [`${languages}$`]: false } } }),
  };
}
