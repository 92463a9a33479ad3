import type { Plugin } from '@docusaurus/types';
import { paletteCss } from '../src/mapPicture/mapColours.ts';

/** Puts the palette of all pictures into the head of each page, so that its colours are written down once, in the engine's packages. */
export default function palette(): Plugin {
  return {
    name: 'palette',
    injectHtmlTags: () => ({ headTags: [{ tagName: 'style', innerHTML: paletteCss() }] }),
  };
}
