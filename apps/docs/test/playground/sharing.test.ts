import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeShare, encodeShare } from '../../src/link/shareLink.ts';
import { atStep, linesOf, pathOf, STORY, says, showState, visitPlayground, write } from '../support/playground.ts';
import { axeFaults, hydrated, openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe('links', () => {
  const OLD: readonly (readonly [string, string])[] = [
    ['v0, by hand', 'v0.6.18:mmap%204+8%20rw;guard%206'],
    ['v0, without a kernel', 'v0.mmap%204+8%20rw;guard%206'],
    ['v1', 'v1.q1YqSa0oUbJSys1NLFAw0bZQKCqPyUsvTSxKUTCLyUvLL8pW0lEqKMpPy8xJBSoz0zO0VKoFAA'],
  ];

  it.each(OLD)('an old link opens: %s', async (_, fragment) => {
    const { page, faults } = await visitPlayground(site, `/playground#${fragment}`);
    await expect.poll(() => says(page)).toContain('A is pages 4 to 11, rw-p anon');
    expect(faults).toEqual([]);
  });

  it('the state is in the address, and opens again as it was', async () => {
    const { page } = await showState(site, STORY);
    await write(page, 'mmap 2+2 r\nmmap 4+2 r');
    await expect.poll(() => page.url()).toContain('#v1.');
    await expect.poll(() => decodeShare(new URL(page.url()).hash).text).toBe('mmap 2+2 r\nmmap 4+2 r');
    const again = await visitPlayground(site, page.url().slice(site.base.length));
    await expect.poll(() => says(again.page)).toContain('pages 2 to 5');
  });

  it('the part of the map that is seen is in the link, and is seen again; without it, all is', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 2+10 rw\nmmap 20+10 r' }));
    const seen = (of: Page): Promise<string | null> => of.locator('.zoom-buttons legend').textContent();
    await expect.poll(() => seen(page)).toBe('pages 1 to 30');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.locator('.zoom-area').focus();
    await page.keyboard.press('ArrowRight');
    const part = (await seen(page)) ?? '';
    const [from = 0, to = 0] = (/pages (\d+) to (\d+)/.exec(part) ?? []).slice(1).map(Number);
    expect(to - from).toBeLessThan(29);
    await expect.poll(() => decodeShare(new URL(page.url()).hash).view).toEqual([from, to + 1]);
    const again = await visitPlayground(site, page.url().slice(site.base.length));
    await expect.poll(() => seen(again.page)).toBe(part);
    await again.page.keyboard.press('Tab');
    await again.page.getByRole('button', { name: 'all', exact: true }).click();
    await expect.poll(() => seen(again.page)).toBe('pages 1 to 30');
    await expect.poll(() => 'view' in decodeShare(new URL(again.page.url()).hash)).toBe(false);
  });

  it('a part of the map that cannot be is as good as none, and one beyond the map is its end', async () => {
    const text = 'mmap 2+10 rw\nmmap 20+10 r';
    for (const view of [[5], [9, 3], [-4, 9], ['2', 8], 'all'] as unknown as [number, number][]) {
      expect('view' in decodeShare(encodeShare({ text, profile: '6.19', view }))).toBe(false);
    }
    const { page } = await showState(site, pathOf({ text, view: [50, 60] }));
    await expect.poll(() => page.locator('.zoom-buttons legend').textContent()).toBe('pages 21 to 30');
  });

  it('a broken link says so, and stays in the address', async () => {
    // A window with a clock of its own, which every window of a browser context has in common.
    const page = await site.browser.newPage();
    await page.clock.install();
    await page.goto(`${site.base}/playground#v1.abc`);
    await hydrated(page);
    await expect.poll(() => page.locator('[role="alert"]').first().textContent()).toContain('cut off');
    // A change is in the address after a third of a second.
    await page.clock.runFor(2000);
    expect(page.url()).toContain('#v1.abc');
    await write(page, 'mmap 4+8 rw');
    await page.clock.runFor(2000);
    await expect.poll(() => decodeShare(new URL(page.url()).hash).text).toBe('mmap 4+8 rw');
    await page.close();
  });

  it('a link that is opened before a change is written stays, and is shown', async () => {
    const { page } = await showState(site, STORY);
    const other = `#${encodeShare({ text: 'mmap 40+2 rw', profile: '6.19' })}`;
    // The change is due between the opening of the link and the event that tells of it.
    await page.evaluate(async (link) => {
      const later = window.setTimeout;
      const due: (() => void)[] = [];
      window.setTimeout = ((then: () => void, ms?: number) =>
        ms === 300 ? due.push(then) : later(then, ms)) as typeof window.setTimeout;
      document.querySelector<HTMLElement>('.controls button:enabled')?.click();
      while (due.length === 0) await new Promise(requestAnimationFrame);
      window.setTimeout = later;
      window.location.hash = link;
      for (const write of due) write();
    }, other);
    await expect.poll(() => says(page)).toContain('A is pages 40 to 41');
    expect(decodeShare(new URL(page.url()).hash).text).toBe('mmap 40+2 rw');
  });

  it('a link of a later version says so', async () => {
    const { page } = await visitPlayground(site, '/playground#v2.abcdef');
    await expect
      .poll(() => page.locator('[role="alert"]').first().textContent())
      .toContain('a version that this page does not know');
  });
});

/** Opens the export menu, unless it is open. */
async function openMenu(page: Page): Promise<void> {
  if ((await page.locator('.share-menu').getAttribute('open')) === null)
    await page.locator('.share-menu summary').click();
}

/** Clicks an entry of the export menu and gives what was saved. */
async function saved(page: Page, name: string): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  await openMenu(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { file: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe('exports', () => {
  it.each([
    ['Picture (SVG)', 'vma-lab.svg', /<svg[\s\S]*Guard marker at page 4/],
    ['States (JSON)', 'vma-lab.json', /"kernel": "6.19"/],
    ['Scenario lines', 'scenario.txt', /^mmap 2\+4 r file0@2 shared\n/],
    ['Scenario (JSON)', 'scenario.jsonl', /^\{"id":"playground","ops":\[\{"op":"mmap","page":2/],
    ["System calls (strace's form)", 'scenario.strace', /MADV_GUARD_INSTALL\) = 0/],
    ['C program', 'scenario.c', /finish\(\);[\s\S]*int main\(void\)/],
  ])('%s', async (name, file, content) => {
    const { page } = await showState(site, STORY);
    const { file: named, bytes } = await saved(page, name);
    expect(named).toBe(file);
    expect(bytes.toString('utf8')).toMatch(content);
  });

  it('what is exported as lines, as JSON and as system calls draws the same again', async () => {
    for (const name of ['Scenario lines', 'Scenario (JSON)', "System calls (strace's form)"]) {
      const { page } = await showState(
        site,
        pathOf({ text: linesOf('anon-vma-history').replaceAll(/write.*\n/g, '') }),
      );
      await atStep(page, 3, 3);
      const before = await says(page);
      const { bytes } = await saved(page, name);
      await write(page, 'mmap 1+1 r');
      await expect.poll(() => says(page)).not.toBe(before);
      await write(page, bytes.toString('utf8'));
      await expect.poll(() => says(page)).toBe(before);
    }
  });

  it('Picture (PNG): as wide as a slide, and it shows something', async () => {
    const { page } = await showState(site, STORY);
    const svg = (await saved(page, 'Picture (SVG)')).bytes.toString('utf8');
    const { bytes } = await saved(page, 'Picture (PNG)');
    const size = /width="(\d+)" height="(\d+)"/.exec(svg);
    const picture = await page.evaluate(async (base64) => {
      const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const image = await createImageBitmap(blob);
      const canvas = new OffscreenCanvas(image.width, image.height);
      const pen = canvas.getContext('2d');
      pen?.drawImage(image, 0, 0);
      const { data } = pen?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
      const colours = new Map<string, number>();
      for (let at = 0; at < data.length; at += 4) {
        const colour = [data[at], data[at + 1], data[at + 2], data[at + 3]].join();
        colours.set(colour, (colours.get(colour) ?? 0) + 1);
      }
      const pixels = image.width * image.height;
      // The paper is the most common colour; the next is what lies on it.
      const [, next = 0] = [...colours.values()].sort((a, b) => b - a);
      return { width: image.width, height: image.height, drawn: next / pixels };
    }, bytes.toString('base64'));
    expect(picture.width).toBeGreaterThanOrEqual(1920);
    expect(picture.width / picture.height).toBeCloseTo(Number(size?.[1]) / Number(size?.[2]), 1);
    // Ten pages of a shared file mapping, in its colour.
    expect(picture.drawn).toBeGreaterThan(0.1);
  });
});

describe('the playground in an iframe', () => {
  it('the code that it offers, pasted into a page of another origin, is the state, and can be driven', async () => {
    const { page } = await showState(site, pathOf({ text: linesOf('story'), step: 3 }));
    await atStep(page, 4, 6);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.base });
    await openMenu(page);
    await page.getByRole('button', { name: 'Embed (iframe)' }).click();
    await page.getByText('Code of an iframe copied.').waitFor();
    const code = await page.evaluate(() => navigator.clipboard.readText());
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><html lang="en"><title>Somebody's page</title><h1>Mine</h1>${code}</html>`);
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const mine = await site.browser.newPage();
    const errors: string[] = [];
    mine.on('pageerror', (error) => errors.push(error.message));
    await mine.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const frame = mine.frameLocator('iframe');
    const label = (): Promise<string | null> => frame.locator('.strip').first().getAttribute('aria-label');
    await frame.locator('.controls-count', { hasText: '4 / 6' }).waitFor();
    await expect.poll(() => label()).toBe('1 VMA: A is pages 2 to 11, r--s file0, sticky gu. Guard marker at page 4.');
    await expect.poll(() => frame.locator('.navbar').isVisible()).toBe(false);
    // Its heading is there for a screen reader alone.
    expect((await frame.locator('h1').boundingBox())?.width).toBe(1);
    await frame.getByLabel('Step back').click();
    await frame.locator('.controls-count', { hasText: '3 / 6' }).waitFor();
    await frame.locator('.cm-content').fill('mmap 9+2 r');
    await expect.poll(label).toBe('1 VMA: A is pages 9 to 10, r--p anon.');
    const out = frame.getByRole('link', { name: 'Open in a window' });
    await expect
      .poll(async () => decodeShare(new URL((await out.getAttribute('href')) ?? '', site.base).hash).text)
      .toBe('mmap 9+2 r');
    await expect.poll(() => out.getAttribute('href')).not.toContain('embed');
    expect(errors).toEqual([]);
    await mine.close();
    await new Promise((done) => server.close(done));
  });

  it('has nothing for axe either', async () => {
    const { page } = await visitPlayground(site, '/playground?embed', 500);
    await expect.poll(() => page.locator('.navbar').isVisible()).toBe(false);
    expect(await axeFaults(page)).toEqual([]);
  });

  it('of the picture alone: large, dark where asked, and the page around it learns the height', async () => {
    const { page } = await visitPlayground(site);
    await page.evaluate((src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      frame.width = '1200';
      window.addEventListener('message', ({ data }) => {
        if (data?.type === 'vma-lab-height') frame.height = data.height;
      });
      document.body.prepend(frame);
    }, `${site.base}/playground?embed=picture&theme=dark#v0.6.19:mmap%204+8%20rw;guard%206`);
    const frame = page.frameLocator('iframe').first();
    await frame.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
    await frame.locator('.strip').first().waitFor();
    await expect
      .poll(() => frame.locator('.cm-content, .bar-group, .own-kernel').filter({ visible: true }).count())
      .toBe(0);
    const letter = await frame.locator('.bar-letter').first().boundingBox();
    expect(letter?.height).toBeGreaterThan(20);
    await expect.poll(() => page.locator('iframe').getAttribute('height')).toMatch(/^\d{3,4}$/);
  });
});
