import type { Page } from 'playwright';
import { EXAMPLES } from '../../src/content/examples.ts';
import { encodeShare, type ShareState } from '../../src/link/shareLink.ts';
import type { Site } from './site.ts';

/** The playground in a window of its own, its editor ready. */
export async function openPlayground(
  site: Site,
  path = '/playground',
  width = 1280,
): Promise<{ page: Page; faults: string[] }> {
  const opened = await site.open(path, { viewport: { width, height: 900 } });
  await opened.page.locator('.cm-content').waitFor();
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

/** Replaces what is in the editor. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').fill(text);
}

/** Waits until the picture has so many steps and shows one of them. */
export async function atStep(page: Page, step: number, of: number): Promise<void> {
  await page.locator('.controls-count', { hasText: `${step} / ${of}` }).waitFor();
}
