import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hydrated, openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A part of the page that shows its first frame and does not answer yet. */
const STILL = '[data-waits]';

/** What a page must not run before a reader does anything, by the names of files. */
const LATER = /\/(engine|pictures|playground)\.[0-9a-f]+\.js$/;

/** The files of scripts that the page has run; what is only fetched ahead does not count. */
function scriptsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming && entry.initiatorType === 'script')
      .map(({ name }) => name),
  );
}

/** Lets everything happen that a page does when it is left alone. */
async function leftAlone(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(
    () => new Promise<void>((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve()))),
  );
}

/** Holds back the files of live parts, until the function that it gives back is called. */
async function holdBack(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(LATER, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

describe('before a reader does anything', () => {
  it.each([
    ['/', 1],
    ['/concepts/fork', 4],
    ['/story', 7],
    ['/playground', 1],
  ])('%s: its %i live parts are HTML alone; no engine, no editor, no search index', async (path, parts) => {
    const { page, faults } = await site.open(path, { still: true });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await leftAlone(page);
    expect(await page.locator(STILL).count()).toBe(parts);
    expect(await page.locator(`${STILL} button`).count()).toBeGreaterThan(0);
    expect((await scriptsOf(page)).length).toBeGreaterThan(2);
    expect((await scriptsOf(page)).filter((src) => LATER.test(src))).toEqual([]);
    expect(await page.locator('.cm-content').count()).toBe(0);
    expect(asked.filter((url) => url.includes('search-index'))).toEqual([]);

    await hydrated(page);
    const engine = (await scriptsOf(page)).filter((src) => src.includes('/engine.'));
    expect(engine).toHaveLength(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('has no menu of a phone until it is opened, and then all of it', async () => {
    const { page, faults } = await site.open('/concepts/fork', { still: true, viewport: { width: 360, height: 760 } });
    const menu = page.locator('.navbar-sidebar');
    expect(await menu.count()).toBe(0);
    await page.locator('.navbar__toggle').click();
    await menu.getByRole('link', { name: 'Guard markers' }).first().waitFor();
    expect(await menu.getByRole('link').count()).toBeGreaterThan(10);
    await menu.locator('.navbar-sidebar__close').click();
    await page.locator('.navbar-sidebar--show').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('looks as it does when it is live: %s', async (colorScheme) => {
    for (const path of ['/guides/read-a-log', '/live-code', '/concepts/fork', '/speed']) {
      const { page } = await site.open(path, { still: true });
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-theme="${colorScheme}"]`).waitFor({ state: 'attached' });
      // What a part is drawn on, and every colour of its text.
      const colours = (): Promise<string[]> =>
        page.evaluate(() => {
          const seen = [...document.querySelectorAll('pre, pre span, .panel, .strip-vma, select, td')].map((one) => {
            const { color, backgroundColor } = getComputedStyle(one);
            return `${one.tagName} ${color} on ${backgroundColor}`;
          });
          return [...new Set(seen)].sort();
        });
      const still = await colours();
      await hydrated(page);
      expect([path, await colours()]).toEqual([path, still]);
      await page.close();
    }
  });

  it('does not draw a picture anew that nobody has touched', async () => {
    const { page } = await site.open('/', { still: true });
    const strip = await page.locator('.strip').first().elementHandle();
    await leftAlone(page);
    expect(await strip?.evaluate((element) => element.isConnected)).toBe(true);
    await hydrated(page);
    expect(await strip?.evaluate((element) => element.isConnected)).toBe(false);
    await page.close();
  });
});

describe('what a reader does before a picture answers', () => {
  it('is done over: clicks, choices, and the focus stays', async () => {
    const { page, faults } = await site.open('/', { still: true });
    const release = await holdBack(page);
    const strip = page.locator('.strip').first();
    expect(await strip.getAttribute('aria-label')).toContain('1 VMA: A is pages 2 to 11');
    await page.getByLabel('Kernel').selectOption('guard-flag');
    await page.getByLabel('Step back').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Step back').click();
    await page.locator('.figure-table summary').click();
    expect(await page.locator(STILL).count()).toBe(1);
    release();
    await page.locator(STILL).waitFor({ state: 'detached' });
    await page.locator('.controls-count', { hasText: '2 / 6' }).waitFor();
    expect(await strip.getAttribute('aria-label')).toContain('Guard marker at page 4');
    expect(await page.getByLabel('Kernel').inputValue()).toBe('guard-flag');
    expect(await page.locator('.figure-table').evaluate((details) => (details as HTMLDetailsElement).open)).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is done over where a slider was moved', async () => {
    const { page } = await site.open('/', { still: true });
    const release = await holdBack(page);
    await page.getByLabel('Step', { exact: true }).fill('1');
    release();
    await page.locator('.controls-count', { hasText: '1 / 6' }).waitFor();
    expect(await page.locator('.strip').first().getAttribute('aria-label')).toContain('1 VMA: A is pages 2 to 5');
    await page.close();
  });

  it('is done over in the playground, keys too', async () => {
    const { page, faults } = await site.open('/playground', { still: true });
    const release = await holdBack(page);
    expect(await page.locator('.controls-count').textContent()).toBe('4 / 6');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByLabel('compare').check();
    release();
    await page.locator('.controls-count', { hasText: '2 / 6' }).waitFor();
    await page.locator('.playground-panes .pane').nth(1).waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  const SCENARIO = { name: 'a.jsonl', text: '{"id":"a","ops":[{"op":"mmap","page":4,"pages":9,"prot":"rw"}]}\n' };

  it.each(['chosen', 'dropped'])('is done over where a file was %s', async (how) => {
    const { page, faults } = await site.open('/playground', { still: true });
    const release = await holdBack(page);
    if (how === 'chosen') {
      const file = { name: SCENARIO.name, mimeType: 'application/json', buffer: Buffer.from(SCENARIO.text) };
      await page.locator('.file-button input').setInputFiles(file);
    } else {
      const dataTransfer = await page.evaluateHandle(({ name, text }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], name));
        return transfer;
      }, SCENARIO);
      for (const event of ['dragenter', 'dragover', 'drop']) {
        await page.dispatchEvent('.playground', event, { dataTransfer });
      }
    }
    expect(await page.locator(STILL).count()).toBe(1);
    release();
    await page.locator('.cm-content', { hasText: 'mmap 4+9 rw' }).waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('waits for the end of a press: the click is not lost', async () => {
    const { page } = await site.open('/', { still: true });
    const box = await page.getByLabel('Step back').boundingBox();
    if (!box) throw new Error('no button');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await leftAlone(page);
    await page.mouse.up();
    await page.locator('.controls-count', { hasText: '3 / 6' }).waitFor();
    await page.close();
  });

  it('a link to a state does not wait', async () => {
    const { page } = await site.open('/playground#v0.6.19:mmap%204+8%20rw;guard%206', { still: true });
    await page.locator('.controls-count', { hasText: '2 / 2' }).waitFor();
    await page.close();
  });
});
