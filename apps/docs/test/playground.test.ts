import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../src/lab/examples.ts';
import { decodeShare, encodeShare } from '../src/lab/shareLink.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

async function open(path: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await site.open(path, { viewport: { width: 1280, height: 900 } });
  await opened.page.locator('.cm-content').waitFor();
  return opened;
}

const says = (page: Page): Promise<string | null> =>
  page.locator('.playground .strip').first().getAttribute('aria-label');

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').fill(text);
}

describe('the playground', () => {
  it('draws what is typed: scenario lines and system calls alike', async () => {
    const { page, faults } = await open('/playground');
    await write(page, 'mmap 4+8 rw\nguard 6');
    await page.locator('.controls-count', { hasText: '/ 2' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Step', { exact: true }).fill('2');
    expect(await says(page)).toBe('1 VMA: A is pages 4 to 11, rw-p anon, sticky gu. Guard marker at page 6.');
    await write(
      page,
      'mmap(0x200000004000, 32768, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000004000\nmadvise(0x200000006000, 4096, MADV_GUARD_INSTALL) = 0',
    );
    await expect
      .poll(() => says(page))
      .toBe('1 VMA: A is pages 4 to 11, rw-p anon, sticky gu. Guard marker at page 6.');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says in place what is wrong, and shows the rest', async () => {
    const { page } = await open('/playground');
    await write(page, 'mmap 4+8 rw\nmprotct 4+2 r\nmmap 60+8 rw');
    await page.locator('.problems').waitFor();
    expect(await page.locator('.problems li').allTextContents()).toEqual([
      expect.stringMatching(/^2:1: no operation "mprotct"/),
      expect.stringMatching(/^3:6: the playground has pages 0 to 63/),
    ]);
    expect(await page.locator('.cm-lintRange-error').count()).toBe(2);
    expect(await says(page)).toContain('1 VMA');
    await page.close();
  });

  it('completes words', async () => {
    const { page } = await open('/playground');
    await write(page, '');
    await page.locator('.cm-content').pressSequentially('mpro');
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'mprotect' }).waitFor();
    await page.close();
  });

  it('steps, plays, and jumps by keys: merge, refusal, difference', async () => {
    const lost = EXAMPLES.find(({ id }) => id === 'lost-flag');
    const { page } = await open(
      `/playground#${encodeShare({ text: lost?.lines ?? '', profile: 'as-posted', other: '6.19', step: 0 })}`,
    );
    const count = page.locator('.controls-count');
    await count.filter({ hasText: '1 / 6' }).waitFor();
    await page.locator('h1').click();
    await page.keyboard.press('r');
    expect(await count.textContent()).toBe('3 / 6');
    await page.keyboard.press('m');
    expect(await count.textContent()).toBe('4 / 6');
    await page.keyboard.press('d');
    expect(await count.textContent()).toBe('5 / 6');
    await page.keyboard.press('End');
    expect(await page.locator('.playground .result').allTextContents()).toEqual(['ok', 'SIGSEGV']);
    await page.keyboard.press('Home');
    expect(await count.textContent()).toBe('1 / 6');
    await page.keyboard.press('p');
    await count.filter({ hasText: '2 / 6' }).waitFor();
    await page.close();
  });

  it('an own kernel: a flag that is no longer sticky changes the permutations and the picture', async () => {
    const { page } = await open('/playground');
    await page.getByText('Your own kernel').click();
    const yes = page.locator('.profile-editor table[data-of="existing"] td.yes', { hasText: 'yes' });
    expect(await yes.count()).toBe(7);
    await page.getByLabel('gu is sticky').uncheck();
    expect(await yes.count()).toBe(4);
    await page.getByRole('button', { name: 'Use it above' }).click();
    await page.getByLabel('gu is sticky').check();
    await page.getByLabel('gu is ignored by merges').uncheck();
    expect(await page.locator('.profile-editor [role="alert"]').textContent()).toContain(
      'sticky but not in ignoreMerge',
    );
    await page.close();
  });

  it('shows both sides of a fork, and each decision', async () => {
    const { page } = await open(
      '/playground#v0.6.19:mmap%204+4%20rw;write%204+4;mmap%2010+4%20r%20file0@10%20shared;fork',
    );
    await page.locator('.fork').waitFor();
    const text = await page.locator('.fork .sentences').textContent();
    expect(text).toContain('A is copied, 4 entries');
    expect(text).toContain('B is left to refault');
    await page.close();
  });
});

describe('links', () => {
  const OLD: readonly (readonly [string, string])[] = [
    ['v0, by hand', 'v0.6.18:mmap%204+8%20rw;guard%206'],
    ['v0, without a kernel', 'v0.mmap%204+8%20rw;guard%206'],
    ['v1', 'v1.q1YqSa0oUbJSys1NLFAw0bZQKCqPyUsvTSxKUTCLyUvLL8pW0lEqKMpPy8xJBSoz0zO0VKoFAA'],
  ];

  it.each(OLD)('an old link opens: %s', async (_, fragment) => {
    const { page, faults } = await open(`/playground#${fragment}`);
    await expect.poll(() => says(page)).toContain('A is pages 4 to 11, rw-p anon');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('the state is in the address, and opens again as it was', async () => {
    const { page } = await open('/playground');
    await write(page, 'mmap 2+2 r\nmmap 4+2 r');
    await expect.poll(() => page.url()).toContain('#v1.');
    await expect.poll(() => decodeShare(new URL(page.url()).hash).text).toBe('mmap 2+2 r\nmmap 4+2 r');
    const again = await open(page.url().slice(site.base.length));
    expect(await says(again.page)).toContain('pages 2 to 5');
    await again.page.close();
    await page.close();
  });

  it('a broken link says so', async () => {
    const { page } = await open('/playground#v1.abc');
    expect(await page.locator('[role="alert"]').first().textContent()).toContain('cut off');
    await page.close();
  });
});

describe('exports', () => {
  it.each([
    ['Picture (SVG)', /<svg[\s\S]*Guard marker at page 4/],
    ['States (JSON)', /"kernel": "6.19"/],
    ['Scenario lines', /^mmap 2\+4 r file0@2 shared\n/],
    ["System calls (strace's form)", /MADV_GUARD_INSTALL\) = 0/],
    ['C program', /int main\(void\)/],
  ])('%s', async (name, content) => {
    const { page } = await open('/playground');
    await page.locator('.share-menu summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(content);
    await page.close();
  });
});
