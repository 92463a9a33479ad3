import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExercise } from '../src/content/exercises.ts';
import { decodeShare } from '../src/link/shareLink.ts';
import { ofProgram, transferOf } from './support/droppedFiles.ts';
import { tabTo } from './support/keyboard.ts';
import { type Opened, openSite, type Site } from './support/site.ts';

let site: Site;
let opened: Opened;
beforeAll(async () => {
  site = await openSite();
  // One window for all walks: each begins on the first page, and goes from page to page as a reader does.
  opened = await site.open('/', { viewport: { width: 1280, height: 900 } });
  await opened.page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.base });
});
afterAll(() => site.close());

/** Goes to the first page without a load, which counts as no click. */
async function begin(): Promise<Page> {
  const { page, faults } = opened;
  faults.length = 0;
  await page.locator('.navbar__brand').click();
  await page.getByRole('heading', { name: 'Watch Linux cut an address space into VMAs' }).waitFor();
  return page;
}

/** Clicks one after another; tells how many. */
async function clicks(...controls: readonly Locator[]): Promise<number> {
  for (const control of controls) await control.click();
  return controls.length;
}

describe('a walk from the first page to what somebody came for', () => {
  it('a student: the first right prediction, in 2 clicks', async () => {
    const page = await begin();
    const { choices, right, many } = makeExercise(1, 'easy');
    expect([many, right.length]).toEqual([false, 1]);
    const exercise = page.getByRole('region', { name: 'Exercise 1' });
    const done = await clicks(
      page.getByRole('link', { name: 'Predict, then look' }),
      exercise.getByRole('button', { name: choices[right[0] ?? 0] ?? '', exact: true }),
    );
    await exercise.locator('[data-right="true"]', { hasText: 'Right.' }).waitFor();
    await exercise.locator('.exercise-why', { hasText: 'Why: ' }).waitFor();
    expect([done, opened.faults]).toEqual([2, []]);
  });

  it('an author: from a dropped log to the call that costs most VMAs, in 2 clicks', async () => {
    const page = await begin();
    const dataTransfer = await transferOf(page, [ofProgram('guard-pool', 'trace.strace')]);
    await page.dispatchEvent('h1', 'drop', { dataTransfer });
    const most = page.getByRole('group', { name: 'What takes VMAs' }).locator('tbody tr').first();
    const line = most.getByRole('button', { name: /^line [\d,]+$/ });
    let done = await clicks(page.getByRole('tab', { name: 'Report' }));
    const named = /[\d,]+/.exec((await line.textContent()) ?? '')?.[0];
    done += await clicks(line);
    const shown = page.locator('.log-where', { hasText: new RegExp(`, line ${named}\\b`) });
    await shown.waitFor();
    expect([done, opened.faults]).toEqual([2, []]);
  });

  it('a reviewer: from an edit of a kernel to a link to its counterexample, in 4 clicks and a choice', async () => {
    const page = await begin();
    const answer = page.locator('.break-rule-answer');
    let done = await clicks(
      page.locator('.navbar').getByRole('link', { name: 'Kernel' }),
      page.locator('.theme-doc-sidebar-menu').getByRole('link', { name: 'Break a rule', exact: true }),
    );
    await page.getByLabel('Made from').selectOption('6.19');
    for (const name of ['gu copies, in the child', 'gu copies, in the parent']) {
      await page.getByLabel(name).uncheck();
      done++;
    }
    await answer
      .getByText(/A child has every guard of its parent/)
      .first()
      .waitFor();
    const href = await answer.getByRole('link', { name: 'Open in the playground' }).getAttribute('href');
    const { text, own } = decodeShare(href?.split('#')[1] ?? '');
    expect(text.split('\n').at(-1)).toMatch(/^fork/);
    expect(own).toMatchObject({ from: '6.19' });
    expect([done, opened.faults]).toEqual([4, []]);
  });

  it('a teacher: an embedded step that fills the screen, in 4 clicks', async () => {
    const page = await begin();
    const menu = page.locator('.share-menu');
    const done = await clicks(
      page.locator('.navbar').getByRole('link', { name: 'Playground' }),
      page.getByRole('button', { name: 'Step forward' }),
      menu.locator('summary'),
      menu.getByRole('button', { name: 'Embed the picture (iframe)' }),
    );
    await page.locator('.share-said', { hasText: 'copied' }).waitFor();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    const slide = await site.open(/src="([^"]*)"/.exec(code)?.[1]?.slice(site.base.length) ?? '', {
      viewport: { width: 1920, height: 1080 },
    });
    const strip = slide.page.locator('.strip').first();
    await strip.waitFor();
    await slide.page.locator('.controls-count', { hasText: '5 / 6' }).waitFor();
    // The words that explain the step stand beside it.
    await expect.poll(async () => (await strip.boundingBox())?.width).toBeGreaterThan(1300);
    await expect.poll(() => slide.page.locator('.navbar').isVisible()).toBe(false);
    // The whole screen, and back.
    expect(code).toContain('allow="clipboard-write; fullscreen"');
    const full = (): Promise<boolean> => slide.page.evaluate(() => document.fullscreenElement !== null);
    await slide.page.getByRole('button', { name: 'Full screen' }).press('Enter');
    await expect.poll(full).toBe(true);
    await slide.page.getByRole('button', { name: 'Leave full screen' }).waitFor();
    await slide.page.keyboard.press('ArrowLeft');
    await slide.page.locator('.controls-count', { hasText: '4 / 6' }).waitFor();
    await expect.poll(() => strip.isVisible()).toBe(true);
    await slide.page.getByRole('button', { name: 'Leave full screen' }).press('Enter');
    await expect.poll(full).toBe(false);
    await slide.page.close();
    expect([done, opened.faults]).toEqual([4, []]);
  });

  it('a reader with a keyboard: a C program, without a click', async () => {
    const page = await begin();
    await tabTo(page, /Try it yourself/);
    // The search was passed, and fetches its index. The library does not bear that its field goes away before that has come.
    await page.locator('.navbar__search-input[aria-owns], .navbar__search-input[aria-autocomplete]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.playground .cm-content').waitFor();
    await tabTo(page, /^\s*Export/);
    await page.keyboard.press('Enter');
    await tabTo(page, /C program/);
    const saved = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const file = await saved;
    expect(file.suggestedFilename()).toBe('scenario.c');
    expect(await readFile(await file.path(), 'utf8')).toContain('int main(');
    expect(opened.faults).toEqual([]);
  });
});
