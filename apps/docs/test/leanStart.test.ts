import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hydrated, openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** The scripts that a page ran until all of it answered, as text. */
async function scriptsOf(path: string): Promise<string[]> {
  const { page } = await site.open(path);
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming && entry.initiatorType === 'script')
      .map(({ name }) => name),
  );
  await page.close();
  return Promise.all(urls.map(async (url) => (await fetch(url)).text()));
}

/** How the highlighter of code sets up a language. */
const HIGHLIGHTER = 'languages.insertBefore';

describe('what a page loads', () => {
  it.each(['/', '/playground', '/concepts/fork'])('%s: no highlighter, as it has no code', async (path) => {
    const scripts = await scriptsOf(path);
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.filter((script) => script.includes(HIGHLIGHTER))).toHaveLength(0);
  });

  it('loads the highlighter where there is code, and draws what the HTML had', async () => {
    const html = await site.open('/api/vma-core', { javaScriptEnabled: false });
    const still = await html.page.locator('main pre.prism-code').allTextContents();
    await html.page.close();
    expect(still.length).toBeGreaterThan(0);
    const { page, faults } = await site.open('/api/vma-core');
    expect(await page.locator('main pre.prism-code').allTextContents()).toEqual(still);
    expect(await page.locator('main pre.prism-code .token.keyword').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.close();
    expect((await scriptsOf('/api/vma-core')).filter((script) => script.includes(HIGHLIGHTER))).toHaveLength(1);
  });

  it('colours code on a page that was reached by a link, too', async () => {
    const { page, faults } = await site.open('/story');
    await page.locator('.theme-doc-sidebar-container a[href$="/speed"]').first().click();
    await page.locator('main pre.prism-code').first().waitFor();
    await hydrated(page);
    expect(await page.locator('main .prism-code').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
