import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Options, ThemeConfig } from '@docusaurus/preset-classic';
import type { Config, PluginModule } from '@docusaurus/types';
import { API_MODULES } from './plugins/apiModules.mjs';
import { firstFigure } from './plugins/firstFigure.ts';
import { glossaryTerms } from './plugins/glossaryTerms.ts';
import { keepTraces } from './plugins/keepTraces.ts';
import { codeTheme } from './src/css/codeColours.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The theme sets up its highlighter on every page, with code or not, to add languages to it that this site does not use. */
const noMoreLanguages: PluginModule = () => ({
  name: 'no-more-languages',
  configureWebpack: () => ({
    resolve: { alias: { [at('../../node_modules/@docusaurus/theme-classic/lib/prism-include-languages$')]: false } },
  }),
});

/** Where the sources are: `package.json` of the repository says so. */
const SOURCE = (JSON.parse(readFileSync(at('../../package.json'), 'utf8')) as { homepage: string }).homepage.replace(
  /#.*/,
  '',
);
/** What a reader does before a page's scripts have come is kept by a script in its head; without comments and indents. */
const earlyDeeds = readFileSync(at('./src/early/earlyDeeds.js'), 'utf8').replace(/^\s*(?:\/\/|\/\*\*).*\n|^\s+/gm, '');

/** DOCS_URL and DOCS_BASE_URL place the built site on any host, under any path. */
const config: Config = {
  title: 'VMA Lab',
  tagline: 'See which mappings Linux merges, and what fork copies',
  favicon: 'img/favicon.svg',
  customFields: { source: SOURCE, lastRun: new Date().toISOString().slice(0, 10) },
  url: process.env.DOCS_URL ?? 'http://localhost:3000',
  baseUrl: process.env.DOCS_BASE_URL ?? '/',
  headTags: [{ tagName: 'script', attributes: {}, innerHTML: earlyDeeds }],
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  // Rspack is not only faster: the webpack build breaks web workers.
  future: { v4: true, faster: true },
  // The API reference is plain Markdown; pages with live parts are MDX.
  markdown: { format: 'detect' },
  presets: [
    [
      'classic',
      {
        docs: {
          routeBasePath: '/',
          breadcrumbs: false,
          sidebarPath: './sidebars.ts',
          remarkPlugins: [glossaryTerms, firstFigure, keepTraces],
        },
        blog: false,
        theme: {
          customCss: [
            'tokens',
            'custom',
            'waiting',
            'codeColours',
            'strip',
            'player',
            'gallery',
            'home',
            'stage',
            'concepts',
            'chart',
            'playground',
            'workbench',
            'timeline',
            'files',
            'differences',
            'embed',
            'print',
            'report',
          ].map((name) => at(`./src/css/${name}.css`)),
        },
      } satisfies Options,
    ],
  ],
  themes: [
    '@docusaurus/theme-live-codeblock',
    [
      at('./plugins/search.ts'),
      {
        hashed: true,
        indexBlog: false,
        indexPages: true,
        docsRouteBasePath: '/',
        // The text of pictures, controls and hovers is no text to find a page by.
        ignoreCssSelectors: [
          '.term-meaning',
          '.player',
          '.figure',
          '.strip',
          '.borders',
          '.figure-table',
          '.picture-key',
          '.walk',
          '.walk-pages',
          '.merge-by-hand',
          '.exercise',
          '.playground',
          'main select',
          'main button',
        ],
      },
    ],
  ],
  plugins: [
    noMoreLanguages,
    at('./plugins/contentSecurity.ts'),
    at('./plugins/evidence.ts'),
    at('./plugins/exercises.ts'),
    at('./plugins/forkCost.ts'),
    at('./plugins/glossary.ts'),
    at('./plugins/kernels.ts'),
    at('./plugins/litmus.ts'),
    at('./plugins/palette.ts'),
    at('./plugins/shareCards.ts'),
    at('./plugins/speed.ts'),
    at('./plugins/storyTraces.ts'),
    [
      'docusaurus-plugin-typedoc',
      {
        entryPoints: API_MODULES.map(({ file }) => `../../packages/${file}`),
        plugin: ['typedoc-plugin-markdown', './plugins/apiExamples.mjs', './plugins/apiPages.mjs'],
        entryPointStrategy: 'resolve',
        tsconfig: './tsconfig.typedoc.json',
        name: 'API reference',
        out: 'docs/api',
        readme: 'none',
        excludeInternal: true,
        disableSources: true,
        skipErrorChecking: true,
        useCodeBlocks: true,
        useHTMLAnchors: true,
        // MDX: plain Markdown loses what a fence says after its language, such as `live`.
        fileExtension: '.mdx',
        sanitizeComments: true,
        outputFileStrategy: 'modules',
        sidebar: { autoConfiguration: true, pretty: true },
      },
    ],
  ],
  themeConfig: {
    prism: { theme: codeTheme },
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: 'VMA Lab',
      logo: { src: 'img/favicon.svg', alt: '' },
      items: [
        { to: '/in-one-minute', label: 'Learn', position: 'left' },
        { to: '/guides/count-your-vmas', label: 'Solve', position: 'left' },
        { to: '/patch', label: 'Kernel', position: 'left' },
        { to: '/links', label: 'Reference', position: 'left' },
        { to: '/playground', label: 'Playground', position: 'left' },
        { href: SOURCE, label: 'Source', position: 'right' },
      ],
    },
  } satisfies ThemeConfig,
};

export default config;
