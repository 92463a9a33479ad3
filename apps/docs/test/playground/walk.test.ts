import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeShare } from '../../src/link/shareLink.ts';
import { tabTo } from '../support/keyboard.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** Rows that the tools of the playground take. */
function toolRows(page: Page): Promise<number> {
  return page.evaluate(() => {
    const tools = [...document.querySelectorAll('.playground-bar :is(button, select, .file-button)')];
    const shown = tools.filter((one) => one.checkVisibility() && !one.closest('.share-menu ul'));
    const boxes = shown.map((one) => one.getBoundingClientRect()).sort((a, b) => a.top - b.top);
    return boxes.filter(({ top }, at) => at === 0 || top > (boxes[at - 1]?.bottom ?? 0)).length;
  });
}

describe('from the first page to a link that is shared', () => {
  it('by keyboard alone', async () => {
    const { page, faults } = await site.open('/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.base });
    await tabTo(page, /Skip to main content/, 1);
    await page.keyboard.press('Enter');
    await tabTo(page, /Try it yourself/);
    await page.keyboard.press('Enter');
    await page.locator('.playground .cm-content').waitFor();
    expect(page.url()).toContain('/playground');
    // An example, by its list; the second kernel, by its button; a step on; a page nearer.
    await tabTo(page, /^\s*Example/);
    await page.keyboard.type('Pieces of a file');
    await expect.poll(() => page.locator('.playground-note').first().textContent()).toContain('gVisor');
    await tabTo(page, /^ *Compare/);
    await page.keyboard.press('Space');
    await page.locator('.pane').nth(1).waitFor();
    // All tools in one row, where there is room: no control moves as a second kernel comes.
    await page.setViewportSize({ width: 1440, height: 900 });
    await expect.poll(() => toolRows(page)).toBe(1);
    // Beside what was chosen: no focus was lost on the way.
    expect(await tabTo(page, /Copy link/)).toBeLessThan(6);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.locator('.controls-count', { hasText: '2 / 4' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.share-said', { hasText: 'Link copied.' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(decodeShare(new URL(link).hash)).toMatchObject({ profile: '6.19', other: '6.18', step: 1 });
    const again = await site.open(link.slice(site.base.length));
    await again.page.locator('.controls-count', { hasText: '2 / 4' }).waitFor();
    await expect.poll(() => again.page.locator('.pane').count()).toBe(2);
    expect([...faults, ...again.faults]).toEqual([]);
    await again.page.close();
    await page.close();
  });

  it("by the keyboard through the editor to the map, the page tables and one's own kernel", async () => {
    const { page } = await site.open('/playground');
    await page.locator('.cm-content').waitFor();
    await tabTo(page, /Export/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await tabTo(page, /Width of the operations/);
    await tabTo(page, /^Step/);
    await tabTo(page, /Address space/);
    await page.keyboard.press('+');
    await page.locator('.zoom-area-pans').waitFor();
    await tabTo(page, /Page tables/);
    await tabTo(page, /Your own kernel/);
    await page.keyboard.press('Enter');
    await page.locator('.profile-editor').waitFor();
    await page.close();
  });

  it('the search, once passed, does not take the focus back when its index has come; its keys still open it', async () => {
    const { page } = await site.open('/story');
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.className ?? '');
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/search-index/, async (route) => {
      await released;
      await route.continue();
    });
    const index = page.waitForResponse(/search-index/);
    for (let times = 0; times < 15 && !(await focused()).includes('navbar__search-input'); times++)
      await page.keyboard.press('Tab');
    await expect.poll(() => focused()).toContain('navbar__search-input');
    await page.keyboard.press('Tab');
    const after = await focused();
    expect(after).not.toContain('navbar__search-input');
    // A key that is pressed with Ctrl elsewhere is no wish to search.
    await page.keyboard.press('Control+Home');
    release();
    await (await index).finished();
    // The field has its list once the index is read.
    await page.locator('.navbar__search-input[aria-owns], .navbar__search-input[aria-autocomplete]').waitFor();
    await expect.poll(() => focused()).toBe(after);
    await page.keyboard.press('Control+k');
    await expect.poll(focused).toContain('navbar__search-input');
    await page.close();
  });
});
