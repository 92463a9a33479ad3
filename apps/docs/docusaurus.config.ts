import type { Options, ThemeConfig } from '@docusaurus/preset-classic';
import type { Config } from '@docusaurus/types';

/** DOCS_URL and DOCS_BASE_URL place the built site on any host, under any path. */
const config: Config = {
  title: 'VMA Lab',
  tagline: 'VMA merging, page tables and fork of Linux, exact against real kernels',
  url: process.env.DOCS_URL ?? 'http://localhost:3000',
  baseUrl: process.env.DOCS_BASE_URL ?? '/',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  // Rspack is not only faster: the webpack build breaks web workers.
  future: { v4: true, faster: true },
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false } satisfies Options]],
  themeConfig: { navbar: { title: 'VMA Lab' } } satisfies ThemeConfig,
};

export default config;
