import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transferOf } from './support/droppedFiles.ts';
import { hydrated, type OpenOptions, openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A page whose scripts have not come; `arrive` lets them, and waits until all of the page answers. */
async function openEarly(path: string, options: OpenOptions = {}) {
  let release = (): void => undefined;
  const scripts = new Promise<void>((resolve) => {
    release = resolve;
  });
  const opened = await site.open(path, { ...options, scripts });
  const arrive = async (): Promise<void> => {
    release();
    await hydrated(opened.page);
  };
  return { ...opened, arrive };
}

/** Clicks a control before the scripts come, as a reader does: it is disabled, the click is kept, and done when it answers. */
async function clickOnce(control: Locator, arrive: () => Promise<void>): Promise<void> {
  await clickEarly(control);
  await arrive();
  await control.page().locator('html:not([data-waiting])').waitFor({ state: 'attached' });
}

async function clickEarly(control: Locator): Promise<void> {
  await expect.poll(() => control.isDisabled()).toBe(true);
  await control.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 0, height = 0 } = (await control.boundingBox()) ?? {};
  await control.page().mouse.click(x + width / 2, y + height / 2);
  await control.page().locator('html[data-waiting]').waitFor({ state: 'attached' });
  await expect.poll(() => control.getAttribute('aria-busy')).toBe('true');
}

/** The scripts that a page has run, as text. */
async function scriptsOf(page: Page): Promise<string[]> {
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming && entry.initiatorType === 'script')
      .map(({ name }) => name),
  );
  return Promise.all(urls.map(async (url) => (await fetch(url)).text()));
}

describe('what a reader does before the scripts of a page have come', () => {
  it("the button of a player: disabled until it answers, and then one click is one step; so the theme's", async () => {
    const { page, faults, arrive } = await openEarly('/');
    const strip = page.locator('.strip').first();
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('1 VMA: A is pages 2 to 11');
    // Folding needs no script, and what was unfolded stays so.
    await page.locator('.figure-table summary').click();
    const theme = page.getByRole('button', { name: /Switch between dark and light/ });
    await expect.poll(() => theme.isDisabled()).toBe(true);
    await clickOnce(page.getByLabel('Step forward'), arrive);
    await page.locator('.controls-count', { hasText: '5 / 6' }).waitFor();
    await theme.click();
    await page.locator('html[data-theme-choice="light"]').waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('.controls-count').textContent()).toBe('5 / 6');
    expect(await page.locator('.figure-table').evaluate((details) => (details as HTMLDetailsElement).open)).toBe(true);
    // The pages of this file share what they remember.
    await page.evaluate(() => localStorage.clear());
    expect(faults).toEqual([]);
    await page.close();
  });

  it('a link of the first page goes where it says', async () => {
    const { page, arrive } = await openEarly('/');
    await page.getByRole('link', { name: 'Follow the story' }).click();
    await page.waitForURL(/\/story$/, { waitUntil: 'commit' });
    await page.locator('.story-step').first().waitFor();
    await arrive();
    await page.close();
  });

  it('a list, a slider and the search take what comes, once', async () => {
    const { page, faults, arrive } = await openEarly('/concepts/guards');
    const search = page.getByLabel('Search');
    const kernel = page.getByLabel('Kernel').first();
    expect(await Promise.all([search.isDisabled(), kernel.isDisabled()])).toEqual([true, true]);
    await clickEarly(search);
    await page.keyboard.type('sti');
    await Promise.all([kernel.selectOption('guard-flag'), arrive()]);
    await expect.poll(() => search.inputValue()).toBe('sti');
    await search.fill('sticky');
    // Before anything else has the focus: a search that a reader has left shows nothing.
    await page.locator('[class*="suggestion"]').first().waitFor();
    await expect.poll(() => search.inputValue()).toBe('sticky');
    await page.getByLabel('Step', { exact: true }).first().fill('1');
    await expect.poll(() => kernel.inputValue()).toBe('guard-flag');
    await page.locator('.controls-count', { hasText: '1 / ' }).first().waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it("a phone's menu opens", async () => {
    const { page, faults, arrive } = await openEarly('/concepts/fork', { viewport: { width: 360, height: 760 } });
    await clickOnce(page.locator('.navbar__toggle'), arrive);
    const menu = page.locator('.navbar-sidebar');
    await menu.getByRole('link', { name: 'Guard markers' }).first().waitFor();
    await expect.poll(() => menu.getByRole('link').count()).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    await page.close();
  });

  const SCENARIO = { name: 'a.jsonl', bytes: '{"id":"a","ops":[{"op":"mmap","page":4,"pages":9,"prot":"rw"}]}\n' };

  it.each(['chosen', 'dropped'])('a file that is %s in the playground is opened', async (how) => {
    const { page, faults, arrive } = await openEarly('/playground');
    if (how === 'chosen') {
      const file = { name: SCENARIO.name, mimeType: 'application/json', buffer: Buffer.from(SCENARIO.bytes) };
      await page.locator('.file-button input').setInputFiles(file);
    } else {
      const dataTransfer = await transferOf(page, [SCENARIO]);
      for (const event of ['dragenter', 'dragover', 'drop'])
        await page.dispatchEvent('.playground', event, { dataTransfer });
    }
    await arrive();
    await page.locator('.cm-content', { hasText: 'mmap 4+9 rw' }).waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('what is unfolded in the playground is filled, and a click on its controls counts once', async () => {
    const { page, faults, arrive } = await openEarly('/playground');
    await expect.poll(() => page.locator('.controls-count').textContent()).toBe('4 / 6');
    await page.getByText('Your own kernel').click();
    await clickOnce(page.getByRole('button', { name: 'Compare', exact: true }), arrive);
    await page.locator('.playground-panes .pane').nth(1).waitFor();
    await page.locator('.profile-editor').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'])('is done to what looks as it will: %s', async (theme) => {
    for (const path of ['/live-code', '/concepts/fork', '/speed']) {
      const { page, arrive } = await openEarly(`${path}?docusaurus-theme=${theme}`);
      await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe(theme);
      // What a part is drawn on, and every colour of its text.
      const colours = (): Promise<string[]> =>
        page.evaluate(() => {
          const parts = 'pre, pre span, .panel, .bar, .panel button, .player button, select, td';
          const seen = [...document.querySelectorAll(parts)].map((one) => {
            const { color, backgroundColor } = getComputedStyle(one);
            return `${one.tagName} ${color} on ${backgroundColor}`;
          });
          return [...new Set(seen)].sort();
        });
      const early = await colours();
      const code = await page.locator('main pre').allTextContents();
      await arrive();
      expect([path, await colours()]).toEqual([path, early]);
      expect([path, await page.locator('main pre').allTextContents()]).toEqual([path, code]);
      await page.close();
    }
  });
});

/** A sentence of the engine, by which its script is known. */
const ENGINE = 'fault-around is a power of two';

describe('what a page does not load', () => {
  it('the first page: the engine, the editors, the compiler of live code, the index of the search', async () => {
    const { page } = await site.open('/');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForLoadState('networkidle');
    const scripts = await scriptsOf(page);
    expect(scripts.length).toBeGreaterThan(2);
    for (const large of ['cm-content', 'react-live', 'WorkerCrashedError', ENGINE])
      expect([large, scripts.filter((script) => script.includes(large)).length]).toEqual([large, 0]);
    expect(asked.filter((url) => url.includes('search-index'))).toEqual([]);
    await page.close();
  });

  it('the engine, until an act needs it; that act is done when it comes', async () => {
    const { page, faults } = await site.open('/concepts/why-not');
    const stage = page.locator('.stage-picture').first();
    const [letters, calls] = [stage.locator('.strip').first(), stage.locator('.stage-count')];
    await expect.poll(() => letters.getAttribute('aria-label')).toContain('2 VMAs: ');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/*.js', async (route) => {
      await held;
      await route.continue();
    });
    // Steps of the page's own calls need none.
    await stage.getByLabel('Step', { exact: true }).fill('1');
    await expect.poll(() => letters.getAttribute('aria-label')).toContain('1 VMA: ');
    expect((await scriptsOf(page)).some((script) => script.includes(ENGINE))).toBe(false);
    await stage.getByRole('button', { name: 'guard', exact: true }).click();
    await stage.getByRole('button', { name: 'read', exact: true }).click();
    await expect.poll(() => stage.getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => calls.textContent()).toBe('Call 3, 2 of your own');
    release();
    await expect.poll(() => stage.getAttribute('aria-busy')).toBe('false');
    await expect.poll(() => stage.locator('.result').textContent()).toBe('SIGSEGV');
    expect(faults).toEqual([]);
    await page.close();
  });
});
