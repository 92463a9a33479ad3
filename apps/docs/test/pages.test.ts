import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, hydrated, openSite, overflow, type Site } from './support/site.ts';

let site: Site;
let shared: Awaited<ReturnType<Site['open']>> | undefined;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const PAGES = [
  '/',
  '/story',
  '/concepts/flags',
  '/concepts/merging',
  '/concepts/permutations',
  '/concepts/guards',
  '/concepts/faults',
  '/concepts/fork',
  '/concepts/soft-dirty',
  '/concepts/why-not',
  '/patch',
  '/differences',
  '/exercises',
  '/how-we-know',
  '/guides/count-your-vmas',
  '/guides/guard-pages',
  '/guides/fork-cost',
  '/guides/read-a-log',
  '/live-code',
  '/links',
  '/speed',
  '/glossary',
  '/playground',
] as const;

describe('every page', () => {
  it('is in the list above', async () => {
    const sitemap = await site.html('/sitemap.xml');
    const paths = [...sitemap.matchAll(/<loc>[^<]*?\/\/[^/<]+([^<]*)<\/loc>/g)].map(([, path]) => path || '/');
    expect(paths.filter((path) => !path.startsWith('/api') && path !== '/search').sort()).toEqual([...PAGES].sort());
  });

  // One window for all: what pages share is loaded once.
  it.each(PAGES)('%s: no errors, no sideways scrolling at 360 px, nothing for axe, light and dark', async (path) => {
    shared ??= await site.open('/', { viewport: { width: 360, height: 760 } });
    const { page, faults } = shared;
    faults.length = 0;
    await page.setViewportSize({ width: 360, height: 760 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(site.base + path);
    await hydrated(page);
    expect(await overflow(page)).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
    expect(await axeFaults(page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await overflow(page)).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe('without JavaScript', () => {
  it.each([
    ['/', '1 VMA: A is pages 2 to 11, r--s file0, sticky gu. Guard marker at page 4.'],
    ['/story', 'A grew over the new range; B is gone.'],
    ['/concepts/permutations', 'the result has '],
    ['/patch', 'A is left to refault'],
    ['/playground', 'A grew over the new range; B is gone.'],
    ['/exercises', 'Which VMAs does the fork copy?'],
  ])('%s shows its first frame', async (path, text) => {
    const { page } = await site.open(path, { javaScriptEnabled: false });
    if (path === '/patch') {
      // The pair begins at the last step that differs: the child's read.
      expect(await page.locator('.result-error').count()).toBeGreaterThan(0);
    } else expect(await page.locator('body').textContent()).toContain(text);
    await page.close();
  });
});

describe('the search', () => {
  it('finds a page, offline', async () => {
    const { page, faults } = await site.open('/story');
    await page.locator('.navbar__search-input').click();
    await page.keyboard.type('soft-dirty', { delay: 10 });
    await page.locator('[class*="suggestion"]').first().waitFor();
    expect(await page.locator('[class*="suggestion"]').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/soft-?dirty/i)]),
    );
    expect(faults).toEqual([]);
    await page.close();
  });
});
