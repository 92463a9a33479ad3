import type { Page } from 'playwright';

/** Presses Tab until what has the focus is called so; tells how often. */
export async function tabTo(page: Page, name: RegExp, most = 40): Promise<number> {
  for (let times = 1; times <= most; times++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body) return '';
      return `${at?.getAttribute('aria-label') ?? ''} ${at?.closest('label')?.textContent ?? ''} ${at?.textContent ?? ''}`;
    });
    if (name.test(focused)) return times;
  }
  throw new Error(`${name} is not reached by ${most} times Tab`);
}
