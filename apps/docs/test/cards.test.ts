import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stateCards } from '../src/content/cards.ts';
import { mergeCases } from '../src/content/mergeCases.ts';
import { STORY } from '../src/content/story.ts';
import { mergePath, storyPath } from '../src/link/statePaths.ts';
import { CARD_SIZE, cardSvg } from '../src/picture/cardSvg.ts';

const build = fileURLToPath(new URL('../build', import.meta.url));

/** Width and height of a PNG, as its first chunk has them. */
function sizeOf(file: string): { readonly width: number; readonly height: number } {
  const bytes = readFileSync(file);
  expect(bytes.toString('latin1', 1, 4), file).toBe('PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The `content` of a meta tag, by its name or property. */
function metaOf(html: string, name: string): string | undefined {
  const tag = new RegExp(`<meta [^>]*(?:name|property)="?${name}"?[ >][^>]*>?`).exec(html)?.[0];
  const [, quoted, plain] = /content=(?:"([^"]*)"|([^ >]+))/.exec(tag ?? '') ?? [];
  return quoted ?? plain;
}

describe('a link to the site, as others show it', () => {
  const pages = readdirSync(build, { recursive: true, encoding: 'utf8' }).filter((name) => /\bindex\.html$/.test(name));

  it('every built page names a picture that exists, of the size that it says, and what is on it', () => {
    expect(pages.length).toBeGreaterThan(40);
    for (const page of pages) {
      const html = readFileSync(join(build, page), 'utf8');
      const image = metaOf(html, 'og:image') ?? '';
      const name = /\/img\/cards\/[\w-]+\.png$/.exec(image)?.[0] ?? 'none';
      expect(existsSync(join(build, name)), `${page}: ${image}`).toBe(true);
      expect(sizeOf(join(build, name)), page).toEqual(CARD_SIZE);
      expect(metaOf(html, 'twitter:image'), page).toBe(image);
      expect(metaOf(html, 'twitter:card'), page).toBe('summary_large_image');
      expect([metaOf(html, 'og:image:width'), metaOf(html, 'og:image:height')], page).toEqual(['1200', '630']);
      expect(metaOf(html, 'og:image:alt'), page).toMatch(/^(?:Parent: |Before: )?\d+ VMAs?: [A-Z] is pages? /);
    }
  });

  it('each page and each state has a picture of its own, but those of the API, which share one', () => {
    const own = pages.filter((page) => !page.startsWith('api/'));
    const images = own.map((page) => metaOf(readFileSync(join(build, page), 'utf8'), 'og:image'));
    expect(new Set(images).size).toBe(own.length);
  });

  it('a state has an address, which leads to its place on a page', () => {
    const states = stateCards();
    expect(states.map(({ path }) => path)).toEqual([
      ...STORY.map((_, at) => storyPath(at)),
      ...mergeCases().map(({ anchor }) => mergePath(anchor)),
    ]);
    for (const { path, to } of states) {
      const html = readFileSync(join(build, path, 'index.html'), 'utf8');
      const [page = '', anchor = ''] = to.split('#');
      expect(html).toContain(`${to}")</script>`);
      expect(metaOf(html, 'og:url')?.endsWith(path), path).toBe(true);
      const target = readFileSync(join(build, page, 'index.html'), 'utf8');
      expect(target, to).toMatch(new RegExp(`id="?${anchor}[" >]`));
    }
  });
});

describe('the picture of a card', () => {
  it('holds no sign that its fonts lack, and no text that is wider than the card', () => {
    for (const { path, card } of stateCards()) {
      const svg = cardSvg(card);
      // Signs of Latin text; the fonts draw an empty box for any other.
      expect(svg, path).toMatch(/^[\n -~\u00a0-\u00ff\u2013\u2019\u2026]*$/);
      for (const [, size = '', text = ''] of svg.matchAll(/font-size="([\d.]+)"[^>]*JetBrains Mono"[^>]*>([^<]*)</g))
        expect(text.length * Number(size) * 0.6, path).toBeLessThanOrEqual(CARD_SIZE.width);
    }
  });
});
