import type { Page } from 'playwright';
import { expect } from 'vitest';
import { EXAMPLES } from '../../src/content/examples.ts';
import { encodeShare, type ShareState } from '../../src/link/shareLink.ts';
import type { Opened, Site } from './site.ts';

/** The playground in a window of its own, its editor ready. */
async function openPlayground(site: Site, path = '/playground', width = 1280): Promise<Opened> {
  const opened = await site.open(path, { viewport: { width, height: 900 } });
  await opened.page.locator('.cm-content').waitFor();
  return opened;
}

/** The playground, loaded anew in the window that all tests share; see {@link Site.visit}. */
export async function visitPlayground(site: Site, path = '/playground', width = 1280): Promise<Opened> {
  const opened = await site.visit(path, { viewport: { width, height: 900 } });
  await opened.page.locator('.cm-content').waitFor();
  return opened;
}

/** The playground of each site, in which the states that a file's tests look at are opened one after the other: it is loaded once. */
const playgrounds = new WeakMap<Site, Opened>();
/** A state that no test looks at, and how its picture is told. */
const BETWEEN = pathOf({ text: 'mmap 61+1 none', step: 0 });
const BETWEEN_SAYS = /A is page 61/;

/**
 * Opens a state as a link does in a playground that is open already, which a test leaves open. What is not of the
 * link, such as an open menu, a test must put back itself; one that cannot opens a playground of its own.
 */
export async function showState(site: Site, path: string, width = 1280): Promise<Opened> {
  const opened = playgrounds.get(site) ?? (await openPlayground(site, BETWEEN));
  playgrounds.set(site, opened);
  const { page, faults } = opened;
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: null });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // By way of another state, so that the picture of the last test is not taken for that of this one.
  await page.goto(site.base + BETWEEN);
  await expect.poll(() => says(page)).toMatch(BETWEEN_SAYS);
  faults.length = 0;
  await page.goto(site.base + path);
  await expect.poll(() => says(page)).not.toMatch(BETWEEN_SAYS);
  return opened;
}

/** The path of a state. */
export function pathOf(state: Partial<ShareState> & Pick<ShareState, 'text'>): string {
  return `/playground#${encodeShare({ profile: '6.19', ...state })}`;
}

/** The lines of a ready example. */
export function linesOf(id: string): string {
  const example = EXAMPLES.find((one) => one.id === id);
  if (!example) throw new Error(`no example ${id}`);
  return example.lines;
}

/** What the first picture says. */
export function says(page: Page): Promise<string | null> {
  return page.locator('.playground .strip').first().getAttribute('aria-label');
}

/** What the playground begins with, as a link. */
export const STORY = pathOf({ text: linesOf('story'), step: 3 });

/**
 * Replaces what is in the editor, with the editor's own key for "all": what `fill` selects in the page, an editor that
 * draws itself at that moment takes back, and the text would come before what was there.
 */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').press('ControlOrMeta+a');
  if (text === '') await page.keyboard.press('Delete');
  else await page.keyboard.insertText(text);
}

/** Waits until the picture has a number of steps and shows one of them. */
export async function atStep(page: Page, step: number, of: number): Promise<void> {
  await page.locator('.controls-count', { hasText: `${step} / ${of}` }).waitFor();
}
