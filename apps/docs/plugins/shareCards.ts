import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { API_CARD, cardOf, PAGE_CARDS, type StateCard, stateCards, USUAL_CARD } from '../src/content/cards.ts';
import { CARD_SIZE, type Card, cardSvg } from '../src/picture/cardSvg.ts';
import { stateSentence } from '../src/words/phrases.ts';
import { withPolicy } from './contentSecurity.ts';

const require = createRequire(import.meta.url);
/** The fonts of the site. The painter knows one weight of a variable font, so bold text has a file of its own. */
const FONTS = [
  require.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
  require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2'),
  require.resolve('@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2'),
];

/**
 * A picture for each page, and for each state of the story and the gallery, as a link to it is shown elsewhere. A state has no page: its
 * address holds the picture and leads to the place on its page.
 */
export default function shareCards({ siteDir, siteConfig, baseUrl }: LoadContext): Plugin {
  const site = siteConfig.url + baseUrl;
  return {
    name: 'share-cards',
    async postBuild({ outDir }) {
      const painter = await Painter.make(join(siteDir, '../../node_modules/.cache/docs/cards'), FONTS);
      const folder = join(outDir, 'img/cards');
      mkdirSync(folder, { recursive: true });
      const keep = (path: string, card: Card): string => {
        const name = `${nameOf(path)}.png`;
        writeFileSync(join(folder, name), painter.paint(cardSvg(card)));
        return tagsOf(`${site}img/cards/${name}`, card);
      };
      const api = keep(
        '/api',
        cardOf(API_CARD, 'API reference', 'The calls of the four packages, each with an example that was run.'),
      );
      for (const { path, file } of pagesOf(outDir)) {
        const html = readFileSync(file, 'utf8');
        const { title, text } = headOf(html);
        const tags = path.startsWith('/api') ? api : keep(path, cardOf(PAGE_CARDS[path] ?? USUAL_CARD, title, text));
        writeFileSync(file, html.replace('<title', `${tags}<title`));
      }
      for (const state of stateCards()) {
        const file = join(outDir, state.path, 'index.html');
        mkdirSync(dirname(file), { recursive: true });
        // Pages of the site get their policy from its own plugin, which may have gone through them before this.
        writeFileSync(file, withPolicy(statePage(state, site, keep(state.path, state.card))));
      }
    },
  };
}

/** Paints SVG. What was painted once is kept, under a name that all it depends on has a part in. */
class Painter {
  readonly #cache: string;
  readonly #fontBuffers: readonly Uint8Array[];
  readonly #fontNames: string;

  static async make(cache: string, fonts: readonly string[]): Promise<Painter> {
    mkdirSync(cache, { recursive: true });
    await initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return new Painter(cache, fonts);
  }

  private constructor(cache: string, fonts: readonly string[]) {
    this.#cache = cache;
    this.#fontNames = fonts.map((font) => basename(font)).join();
    this.#fontBuffers = fonts.map((font) => new Uint8Array(readFileSync(font)));
  }

  paint(svg: string): Uint8Array {
    const kept = join(this.#cache, `${createHash('sha256').update(this.#fontNames).update(svg).digest('hex')}.png`);
    if (existsSync(kept)) return readFileSync(kept);
    const font = { fontBuffers: [...this.#fontBuffers], defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' };
    const png = new Resvg(svg, { font }).render().asPng();
    writeFileSync(kept, png);
    return png;
  }
}

/** The built pages. */
function pagesOf(outDir: string): { readonly path: string; readonly file: string }[] {
  return readdirSync(outDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|\/)index\.html$/.test(name))
    .map((name) => ({ path: `/${name}`.replace(/\/index\.html$/, '') || '/', file: join(outDir, name) }));
}

function nameOf(path: string): string {
  return path === '/' ? 'home' : path.slice(1).replaceAll('/', '-');
}

/** What a page says of itself. */
function headOf(html: string): { readonly title: string; readonly text: string } {
  const title = /<title[^>]*>(.*?)( \| VMA Lab)?<\/title>/.exec(html)?.[1] ?? '';
  const text = /<meta[^>]* name=description content="(.*?)"/.exec(html)?.[1] ?? '';
  return { title: unescaped(title), text: unescaped(text) };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function tagsOf(url: string, card: Card): string {
  const alt = card.rows.map(({ name, state }) => `${name === '' ? '' : `${name}: `}${stateSentence(state)}`).join(' ');
  const tags: readonly (readonly [kind: 'property' | 'name', name: string, content: string | number])[] = [
    ['property', 'og:image', url],
    ['property', 'og:image:type', 'image/png'],
    ['property', 'og:image:width', CARD_SIZE.width],
    ['property', 'og:image:height', CARD_SIZE.height],
    ['property', 'og:image:alt', alt],
    ['name', 'twitter:image', url],
    ['name', 'twitter:image:alt', alt],
  ];
  return tags
    .map(([kind, name, content]) => `<meta ${kind}="${name}" content="${attribute(String(content))}">`)
    .join('');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** A page for those who draw a preview of a link; it leads a reader to the place that the picture shows. */
function statePage({ path, to, card }: StateCard, site: string, tags: string): string {
  const title = attribute(card.title);
  const text = attribute(card.text);
  const target = attribute(new URL(to.slice(1), site).href.slice(new URL(site).origin.length));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${tags}
<title>${title} | VMA Lab</title><meta name="robots" content="noindex"><meta name="twitter:card" content="summary_large_image">
<meta property="og:title" content="${title}"><meta property="og:description" content="${text}">
<meta property="og:url" content="${attribute(new URL(path.slice(1), site).href)}"><script>location.replace("${target}")</script></head>
<body><main><h1>${title}</h1><p>${text}</p><p><a href="${target}">See it on its page</a></p></main></body></html>
`;
}
