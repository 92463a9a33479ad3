import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformance, dropFiles } from '../support/droppedFiles.ts';
import { packedShare } from '../support/packedShare.ts';
import { pathOf, says, visitPlayground } from '../support/playground.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** The kernel that a select shows as chosen. */
function chosen(page: Page, label = 'Kernel'): Promise<string> {
  return page
    .locator('.playground-bar .profile-select', { has: page.locator('span', { hasText: new RegExp(`^${label}$`) }) })
    .locator('select')
    .evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.textContent ?? '');
}

describe('a link with a version', () => {
  it.each([
    ['6.18.44', /^6\.18\.44: as 6\.19$/, /^Kernel 6\.18\.44: profile 6\.19\b/],
    ['6.17', /^6\.17: not measured(, as 6\.16)?$/, /6\.17: .*not measured/],
    ['9.99', /^9\.99: not measured, as 7\.3$/, /9\.99: .*not measured/],
  ])('%s shows that version, and what is taken for it', async (version, option, note) => {
    const { page, faults } = await visitPlayground(site, `/playground#v0.${version}:mmap 4+8 rw;guard 6;fork`);
    await expect.poll(() => chosen(page)).toMatch(option);
    await expect.poll(() => page.locator('.kernel-note').textContent()).toMatch(note);
    await expect.poll(() => says(page)).toContain('A is pages 4 to 11');
    expect(faults).toEqual([]);
  });

  it('is named in both panes of a comparison', async () => {
    const { page } = await visitPlayground(site, pathOf({ text: 'mmap 4+8 rw', profile: '6.18.44', other: '6.13.2' }));
    await expect.poll(() => chosen(page)).toBe('6.18.44: as 6.19');
    await expect.poll(() => chosen(page, 'with')).toMatch(/^6\.13\.2: not measured, as 6\.1[23]$/);
    await expect.poll(() => page.locator('.pane-title').allTextContents()).toEqual(['6.18.44', '6.13.2']);
    await expect
      .poll(() => page.locator('.kernel-note').textContent())
      .toMatch(/6\.18\.44: .* 6\.13\.2: .*not measured/);
  });

  it('a recording that is dropped shows its own kernel; a profile by name has no note', async () => {
    const { page } = await visitPlayground(site, pathOf({ text: 'mmap 1+1 r', profile: '6.12' }));
    await expect.poll(() => chosen(page)).toMatch(/^6\.12/);
    await expect.poll(() => page.locator('.kernel-note').count()).toBe(0);
    const all = gunzipSync(readFileSync(conformance('recordings/kernels/6.18.44.jsonl.gz'))).toString('utf8');
    await dropFiles(page, [{ name: 'r.jsonl', bytes: all.split('\n').slice(0, 2).join('\n') }]);
    await expect.poll(() => chosen(page)).toMatch(/^6\.18\.44.*: as 6\.19$/);
  });

  it('a kernel made from it is the kernel that it says', async () => {
    const { page } = await visitPlayground(site, pathOf({ text: 'mmap 4+8 rw', profile: '6.18.44' }));
    await page.getByText('Your own kernel').click();
    await page.getByLabel('Made from').selectOption('guard-flag');
    await page.getByLabel('gu copies, in the parent').waitFor();
    await expect.poll(() => page.getByLabel('gu copies, in the parent').isChecked()).toBe(true);
    await expect.poll(() => page.getByLabel('gu copies, in the child').isChecked()).toBe(false);
  });
});

describe('a link whose text cannot be read', () => {
  const deep = (levels: number): string => `{"id":"a","ops":[${'['.repeat(levels)}${']'.repeat(levels)}]}`;
  const texts: readonly (readonly [name: string, text: string])[] = [
    ['a number of 310 digits', `madvise(0x200000000000,4096,${'9'.repeat(310)})=0`],
    ['a signal at an address of 256 digits', `--- SIGSEGV {si_signo=SIGSEGV, si_addr=0x${'f'.repeat(256)}} ---`],
    ['JSON of 250 levels', deep(250)],
    ['JSON of 9,000 levels', deep(9000)],
    ['JSON that is no scenario', '{"id":7,"ops":null}'],
    ['a call that is full of spaces', `munmap(0x1,${' '.repeat(6000)}x`],
  ];
  it.each(texts)('%s: the page stays, and says so in place', async (_, text) => {
    const { page, faults } = await visitPlayground(site, pathOf({ text }));
    await page.getByText('Nothing to show yet').waitFor();
    await expect.poll(() => page.getByText('This page crashed').count()).toBe(0);
    // The page answers: the editor takes another text.
    await page.locator('.cm-content').fill('mmap 4+8 rw');
    await expect.poll(() => says(page)).toContain('A is pages 4 to 11');
    expect(faults).toEqual([]);
  });

  it('a link that unpacks to 100 MB is refused in a moment', async () => {
    const { page } = await visitPlayground(
      site,
      `/playground#${packedShare({ text: '#'.repeat(1e8), profile: '6.19' })}`,
    );
    await expect.poll(() => page.getByRole('alert').first().textContent()).toBe('this link unpacks to more than 16 MB');
    await expect.poll(() => says(page)).not.toBeNull();
  });

  it('a playground that cannot be drawn leaves the page, and offers to empty the editor', async () => {
    const opened = await site.open('/playground');
    const { page } = opened;
    await page.locator('.cm-content').waitFor();
    // As a fault in the drawing would do it.
    await page.addInitScript(() => {
      const { find } = Array.prototype;
      Array.prototype.find = function (this: unknown[], ...given: Parameters<typeof find>) {
        if (window.location.hash.startsWith('#v0.') && this.some((one) => (one as { lines?: string })?.lines))
          throw new Error('out of ink');
        return find.apply(this, given);
      } as typeof find;
    });
    await page.goto(`${site.base}/playground?drawn#v0.6.19:mmap 4+8 rw`);
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toContain('could not draw what it was given: out of ink');
    await expect.poll(() => page.locator('h1').textContent()).toBe('Playground');
    await page.getByRole('button', { name: 'Empty the editor' }).click();
    await page.getByText('Nothing to show yet').waitFor();
    await page.close();
  });
});
