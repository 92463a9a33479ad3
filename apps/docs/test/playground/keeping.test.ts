import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EditHistory, edit, historyFrom, open, redo, undo } from '../../src/link/editHistory.ts';
import { decodeShare, type ShareState } from '../../src/link/shareLink.ts';
import { atStep, pathOf, says, showState, write } from '../support/playground.ts';
import { axeFaults, hydrated, openSite, type Site } from '../support/site.ts';

const at = (text: string, more: Partial<ShareState> = {}): ShareState => ({ text, profile: '6.19', ...more });

/** Types a text letter by letter, 100 ms each. */
function typed(history: EditHistory, text: string, from: number): EditHistory {
  let now = history;
  for (let length = 1; length <= text.length; length++)
    now = edit(now, at(history.now.text + text.slice(0, length)), from + length * 100);
  return now;
}

describe('what can be undone', () => {
  it('is each edit: letters that were typed in one go are one, a pause and a paste begin another', () => {
    let history = typed(historyFrom(at('')), 'mmap', 0);
    history = typed(history, ' 4+2', 5000);
    history = edit(history, at('mmap 4+2\nmunmap 4+2'), 5500);
    history = edit(history, { ...history.now, profile: '6.12' }, 5600);
    const seen: string[] = [];
    for (let left = 4; left > 0; left--) {
      history = undo(history);
      seen.push(`${history.now.text} ${history.now.profile}`);
    }
    expect(seen).toEqual(['mmap 4+2\nmunmap 4+2 6.19', 'mmap 4+2 6.19', 'mmap 6.19', ' 6.19']);
    expect(undo(history)).toEqual(history);
    for (let left = 4; left > 0; left--) history = redo(history);
    expect(history.now).toEqual(at('mmap 4+2\nmunmap 4+2', { profile: '6.12' }));
    expect(redo(history)).toEqual(history);
  });

  it('is no step and no page: they are places to look at; and a new edit forgets what was undone', () => {
    let history = edit(historyFrom(at('a')), at('b c'), 0);
    history = edit(history, { ...history.now, step: 3, page: 9 }, 10);
    expect([history.past.length, history.now.step]).toEqual([1, 3]);
    history = edit(undo(history), at('d e f'), 20);
    expect([history.future, undo(history).now.text]).toEqual([[], 'a']);
  });

  it('is a link that was opened, too, which is nobody’s own', () => {
    const history = open(edit(historyFrom(at('a')), at('b c'), 0), at('of a link'));
    expect([history.edited, undo(history).now.text]).toEqual([false, 'b c']);
  });
});

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** What the browser keeps of the scenario. */
function kept(page: Page): Promise<string | null> {
  return page.evaluate(() => localStorage.getItem('vma-lab.scenario'));
}

describe('the browser keeps', () => {
  it('the scenario: a visit brings it back, a link comes before it and leaves it, and one can start afresh', async () => {
    // A window of its own, which forgets nothing between two visits.
    const page = await site.browser.newPage();
    const visit = async (path: string): Promise<void> => {
      await page.goto('about:blank');
      await page.goto(site.base + path);
      await hydrated(page);
      await page.locator('.cm-content').waitFor();
    };
    await visit('/playground');
    await expect.poll(() => kept(page)).toBeNull();
    await write(page, 'mmap 40+3 rw');
    await expect.poll(() => kept(page)).not.toBeNull();
    await visit('/playground');
    await expect.poll(() => says(page)).toContain('A is pages 40 to 42');
    await page.getByText('This is your scenario from last time.').waitFor();
    await visit(pathOf({ text: 'mmap 7+1 r\nmmap 9+1 r', step: 0 }));
    await atStep(page, 1, 2);
    await page.keyboard.press('ArrowRight');
    await atStep(page, 2, 2);
    await expect.poll(() => decodeShare(new URL(page.url()).hash).step).toBe(1);
    expect(decodeShare((await kept(page)) ?? '').text).toBe('mmap 40+3 rw');
    await visit('/playground');
    await page.getByRole('button', { name: 'Start afresh' }).click();
    await page.getByRole('region', { name: 'Begin with an example' }).waitFor();
    await expect.poll(() => kept(page)).toBeNull();
    await page.close();
  });

  it('how wide the operations are and what is closed', async () => {
    const page = await site.browser.newPage();
    await page.goto(`${site.base}/playground`);
    await hydrated(page);
    await page.locator('.cm-content').waitFor();
    const width = async (): Promise<number> => (await page.locator('.playground-editor').boundingBox())?.width ?? 0;
    const before = await width();
    const splitter = page.getByRole('separator', { name: 'Width of the operations' });
    await splitter.focus();
    for (let times = 0; times < 5; times++) await page.keyboard.press('ArrowRight');
    await expect.poll(width).toBe(before + 80);
    await page.reload();
    // Before any script of the page.
    await page.locator('.playground-editor').waitFor();
    await expect.poll(() => width()).toBe(before + 80);
    await hydrated(page);
    await splitter.press('Enter');
    await page.locator('.playground-editor').waitFor({ state: 'hidden' });
    await page.locator('h1').click();
    await page.keyboard.press('e');
    await page.locator('.playground-editor').waitFor();
    await page.close();
  });
});

describe('undo', () => {
  it('takes back an edit of the text and of the kernel, by its button and in the editor', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+2 r' }));
    await write(page, 'mmap 4+3 r');
    await expect.poll(() => says(page)).toContain('A is pages 4 to 6');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.locator('.pane').nth(1).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.pane').nth(1).waitFor({ state: 'detached' });
    await page.locator('.cm-content').press('ControlOrMeta+z');
    await expect.poll(() => says(page)).toContain('A is pages 4 to 5');
    await page.locator('.cm-content').press('ControlOrMeta+Shift+Z');
    await expect.poll(() => says(page)).toContain('A is pages 4 to 6');
  });
});

describe('an empty editor', () => {
  it('offers the examples and the litmus tests, and one of them is opened by a click', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+2 r' }));
    await write(page, '');
    const empty = page.getByRole('region', { name: 'Begin with an example' });
    await empty.locator('summary').first().click();
    expect(await axeFaults(page)).toEqual([]);
    await expect.poll(() => empty.locator('.empty-card').count()).toBeGreaterThan(11);
    await empty.locator('.empty-litmus button').first().click();
    await page.locator('.playground .strip').first().waitFor();
    await expect.poll(() => page.locator('.cm-content').textContent()).not.toBe('');
  });
});
