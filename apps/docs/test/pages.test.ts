import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchRun } from '../src/measured/benchRun.ts';
import { measuredForks, milliseconds } from '../src/measured/forkChart.ts';
import { keepLooks, looksOf, newLooks } from './looks/looks.ts';
import { ofProgram, transferOf } from './support/droppedFiles.ts';
import { axeFaults, openSite, overflow, type Site } from './support/site.ts';

const kept = fileURLToPath(new URL('../../../bench/results/latest.json', import.meta.url));
const run = JSON.parse(readFileSync(kept, 'utf8')) as BenchRun;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const PAGES = [
  '/',
  '/in-one-minute',
  '/story',
  '/concepts/flags',
  '/concepts/merging',
  '/concepts/gallery',
  '/concepts/permutations',
  '/concepts/guards',
  '/concepts/faults',
  '/concepts/fork',
  '/concepts/soft-dirty',
  '/concepts/why-not',
  '/patch',
  '/differences',
  '/exercises',
  '/how-we-know',
  '/guides/count-your-vmas',
  '/guides/guard-pages',
  '/guides/fork-cost',
  '/guides/fork-drawn',
  '/guides/read-a-log',
  '/guides/check-a-rule',
  '/install',
  '/commands',
  '/live-code',
  '/links',
  '/litmus',
  '/break-a-rule',
  '/speed',
  '/glossary',
  '/playground',
] as const;

const WANTED = { message: 'a new look: where it is wanted, `npm run looks -w docs` keeps it' };

describe('every page', () => {
  it('is in the list above', async () => {
    const sitemap = await site.html('/sitemap.xml');
    const paths = [...sitemap.matchAll(/<loc>[^<]*?\/\/[^/<]+([^<]*)<\/loc>/g)].map(
      ([, path = '']) => path.slice(new URL(site.base).pathname.replace(/\/$/, '').length) || '/',
    );
    expect(paths.filter((path) => !path.startsWith('/api') && path !== '/search').sort()).toEqual([...PAGES].sort());
  });

  it.each(PAGES)('%s: no errors, no sideways scrolling at 360 px, nothing for axe, light and dark', async (path) => {
    const { page, faults } = await site.visit(path, { viewport: { width: 360, height: 760 } });
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await overflow(page)).toBe(0);
    await expect.poll(() => silentTables(page)).toEqual([]);
    expect(await axeFaults(page)).toEqual([]);
    await expect.poll(() => newLooks(page, '360 light'), WANTED).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
    expect(await axeFaults(page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
    await expect.poll(() => newLooks(page, '360 dark'), WANTED).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await overflow(page)).toBe(0);
    await expect.poll(() => newLooks(page, '1280 dark'), WANTED).toEqual([]);
    // As if at 200 per cent: the search and what is beside it do not cover each other.
    await page.setViewportSize({ width: 720, height: 450 });
    expect(await overlaps(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 800 });
    // On paper no figure is cut in two, and bars keep their fills.
    await page.emulateMedia({ media: 'print' });
    expect(await cutFigures(page)).toEqual([]);
    await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
    expect(await lostEdges(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: null });
    await expect.poll(() => silentTables(page)).toEqual([]);
    // Of it, the framework is 135 kB. The engine is not in it.
    if (path === '/') expect(await scriptBytes(page)).toBeLessThan(180_000);
    expect(faults).toEqual([]);
  });

  it('a part that moves by 8 pixels, and one of another colour, do not look as before', async () => {
    keepLooks();
    const { page } = await site.visit('/concepts/guards');
    const before = await looksOf(page);
    expect(await looksOf(page)).toEqual(before);
    const changed = async (part: string, change: Readonly<Record<string, string>>): Promise<string[]> => {
      await page
        .locator(part)
        .first()
        .evaluate((one, css) => Object.assign((one as HTMLElement).style, css), change);
      const after = await looksOf(page);
      return Object.keys(before).filter((key) => before[key]?.join() !== after[key]?.join());
    };
    expect(await changed('.markdown > p', { position: 'relative', left: '8px' })).toEqual(['.markdown > p']);
    expect(await changed('.figure', { marginTop: '8px' })).toEqual(['.markdown > p', '.figure']);
    expect(await changed('.cell', { backgroundColor: 'rgb(1, 2, 3)' })).toEqual(['.markdown > p', '.figure', '.cell']);
  });

  it('the tables of guides and permutations are whole at 360 px', async () => {
    for (const path of [
      '/guides/guard-pages',
      '/concepts/permutations',
      '/patch',
      '/how-we-know',
      '/speed',
      '/links',
    ]) {
      const { page } = await site.visit(path, { viewport: { width: 360, height: 760 } });
      await page.locator('table').first().waitFor();
      expect(await page.locator('.table-hint').count(), path).toBe(0);
    }
  });

  it('a table that scrolls says so and takes the keyboard, and no other does', async () => {
    const { page } = await site.visit('/concepts/flags', { viewport: { width: 360, height: 760 } });
    const table = page.getByRole('group', { name: 'Flags, table' });
    const hint = page.locator('.panel .table-hint');
    await hint.waitFor();
    await expect.poll(() => table.getAttribute('tabindex')).toBe('0');
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => table.evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    await hint.waitFor({ state: 'detached' });
    await expect.poll(() => table.getAttribute('tabindex')).toBeNull();
  });
});

/** Parts of the bar at the top that cover one another. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll<HTMLElement>('.navbar :is(a, button, input)')].filter((one) => {
      const { width, height } = one.getBoundingClientRect();
      return one.checkVisibility() && width > 1 && height > 1 && !one.closest('.navbar-sidebar');
    });
    return parts.flatMap((one, at) =>
      parts.slice(at + 1).flatMap((other) => {
        if (one.contains(other) || other.contains(one)) return [];
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const covers =
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
        return covers ? [`${one.className} covers ${other.className}`] : [];
      }),
    );
  });
}

/** Figures that a page break may cut, and bars whose fill a printer leaves out. */
function cutFigures(page: Page): Promise<string[]> {
  return page.evaluate(() => [
    ...[...document.querySelectorAll('.figure, .strip')].flatMap((one) =>
      getComputedStyle(one).breakInside === 'avoid' ? [] : [`cut: ${one.className}`],
    ),
    ...[...document.querySelectorAll('.bar, .cell')].flatMap((one) =>
      getComputedStyle(one).getPropertyValue('print-color-adjust') === 'exact' ? [] : [`no fill: ${one.className}`],
    ),
  ]);
}

/** Parts of pictures that have no edge where the reader's own colours take the place of all fills. */
function lostEdges(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.bar, .cell, .key-bar, .merge-piece, .planned-table')].flatMap((one) => {
      const { borderTopWidth, borderTopStyle } = getComputedStyle(one);
      return one.checkVisibility() && (borderTopStyle === 'none' || Number.parseFloat(borderTopWidth) < 1)
        ? [one.className]
        : [];
    }),
  );
}

/** Bytes of the scripts that a page ran before anybody acted, packed as a server sends them. What is only fetched ahead is no part of it. */
async function scriptBytes(page: Page): Promise<number> {
  const urls = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap((one) => {
      const { initiatorType, name } = one as PerformanceResourceTiming;
      return initiatorType === 'script' && name.endsWith('.js') ? [name] : [];
    }),
  );
  expect(urls.length).toBeGreaterThan(1);
  const scripts = await Promise.all(urls.map((url) => site.html(url.slice(site.base.length))));
  return scripts.reduce((sum, text) => sum + gzipSync(text).length, 0);
}

/** Tables that are wider than their frames and say nothing of it, and frames that are stops of the Tab key for nothing. */
function silentTables(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.table-scroll')].flatMap((frame) => {
      if (!frame.checkVisibility()) return [];
      const wide = frame.scrollWidth > frame.clientWidth + 1;
      const says = frame.previousElementSibling?.classList.contains('table-hint') ?? false;
      return wide === says && wide === (frame.tabIndex === 0) ? [] : [`${frame.ariaLabel}: wide ${wide}, says ${says}`];
    }),
  );
}

/** What the first frame of each page with a live part says before any script has run. */
const FIRST_FRAMES: readonly (readonly [path: string, text: string])[] = [
  ['/', '1 VMA: A is pages 2 to 11, r--s file0, sticky gu. Guard marker at page 4.'],
  ['/in-one-minute', '= copied'],
  ['/story', 'A grew over the new range; B is gone.'],
  ['/concepts/flags', 'VM_MAYBE_GUARD'],
  ['/concepts/merging', 'Merged: the middle joins prev.'],
  ['/concepts/gallery', 'both: prev spans all, middle and next are removed'],
  ['/concepts/permutations', 'the result has '],
  ['/concepts/guards', 'guard marker. Any access is a SIGSEGV.'],
  ['/concepts/faults', 'file page'],
  ['/concepts/fork', '4 GiB, anonymous'],
  ['/concepts/soft-dirty', 'The kernels differ at this step.'],
  ['/concepts/why-not', 'anon_vma av'],
  ['/patch', 'The patch changes five files, in eight places'],
  ['/differences', 'Both real kernels did so'],
  ['/exercises', 'First steps'],
  ['/how-we-know', 'equal in every field of all'],
  ['/guides/count-your-vmas', '8 VMAs'],
  ['/guides/guard-pages', 'EINVAL'],
  ['/guides/fork-cost', '4,096'],
  ['/guides/fork-drawn', 'Fork copies 3 of 9 VMAs'],
  ['/commands', 'vma-lab what-if'],
  ['/install', 'needs nothing beyond Node 20.19'],
  ['/guides/check-a-rule', 'The answer is a litmus file.'],
  ['/break-a-rule', 'Made from'],
  ['/litmus', 'A litmus file is a question about memory mappings'],
  ['/live-code', 'As claimed.'],
  ['/links', 'Open in the playground'],
  ['/speed', 'beside the kernel that runs underneath'],
  ['/glossary', 'the object through which anonymous pages find their mappings'],
  ['/playground', 'A grew over the new range; B is gone.'],
  ['/api/vma-core', 'As claimed.'],
  ['/api/pt-model', 'As claimed.'],
  ['/api/proc-io', 'As claimed.'],
  ['/api/fork-sim', 'As claimed.'],
];

describe('without JavaScript', () => {
  let blank: Page;
  beforeAll(async () => {
    blank = (await site.visit('/story', { javaScriptEnabled: false })).page;
  });

  it('a browser shows what is served', async () => {
    await expect.poll(() => blank.locator('main').textContent()).toBe((await served('/story')).main);
    await expect.poll(() => blank.getByText('A grew over the new range; B is gone.').first().isVisible()).toBe(true);
  });

  /** A page as its file has it, read by the browser's parser for pages without scripts. */
  async function served(path: string) {
    return blank.evaluate(
      (html) => {
        const page = new DOMParser().parseFromString(html, 'text/html');
        return {
          main: page.querySelector('main')?.textContent ?? '',
          errors: page.querySelectorAll('.result-error').length,
          players: page.querySelectorAll('section.player').length,
          links: [...page.querySelectorAll('main a')].map((link) => link.getAttribute('href') ?? ''),
        };
      },
      await site.html(path),
    );
  }

  it.each(FIRST_FRAMES)('%s shows its first frame', async (path, text) => {
    const { main, errors, players, links } = await served(path);
    if (path === '/patch') {
      // The pair begins at the last step that differs: the child's read.
      expect(errors).toBeGreaterThan(0);
      // Each place that the patch changes has a picture, and the sources are a click away.
      expect(players).toBeGreaterThan(7);
      for (const host of ['lore.kernel.org', 'git.kernel.org', 'elixir.bootlin.com'])
        expect(links.filter((link) => link.startsWith(`https://${host}/`))).not.toEqual([]);
    } else expect(main).toContain(text);
  });

  it('every page but plain text is in the list above', () => {
    const listed = FIRST_FRAMES.map(([path]) => path);
    expect(PAGES.filter((path) => !listed.includes(path))).toEqual(['/guides/read-a-log']);
  });
});

describe('a word of the glossary', () => {
  it('has its sentence at its first use, under the pointer and with the focus, inside a narrow page', async () => {
    const { page, faults } = await site.visit('/concepts/why-not', { viewport: { width: 360, height: 760 } });
    const terms = page.locator('.term', { hasText: 'anon_vma' });
    await expect.poll(() => terms.count()).toBe(1);
    const meaning = terms.getByRole('tooltip', { includeHidden: true });
    await expect
      .poll(() => meaning.textContent())
      .toContain('The object through which anonymous pages find their mappings');
    await expect.poll(() => meaning.isVisible()).toBe(false);
    await terms.locator('a').hover();
    await expect.poll(() => meaning.isVisible()).toBe(true);
    expect(await overflow(page)).toBe(0);
    const [word, sentence] = await Promise.all([terms.locator('a').boundingBox(), meaning.boundingBox()]);
    expect(sentence?.y).toBeGreaterThan(word?.y ?? Number.POSITIVE_INFINITY);
    await page.mouse.move(0, 0);
    await expect.poll(() => meaning.isVisible()).toBe(false);
    await terms.locator('a').focus();
    await expect.poll(() => meaning.isVisible()).toBe(true);
    await expect.poll(() => terms.locator('a').getAttribute('href')).toMatch(/\/glossary#anon_vma$/);
    expect(faults).toEqual([]);
  });
});

describe('the chart of forks', () => {
  it('draws every fork of the kept run, as bars, as a sentence and as a table', async () => {
    const { page } = await site.visit('/concepts/fork');
    const forks = measuredForks(run);
    expect(forks.length).toBeGreaterThanOrEqual(6);
    const chart = page.locator('.fork-chart');
    await expect.poll(() => chart.locator('.chart-row').count()).toBe(forks.length);
    const sentence = await chart.getByRole('img').getAttribute('aria-label');
    const rows = await chart.locator('tbody tr').allTextContents();
    for (const [i, { what, kernel, ours }] of forks.entries()) {
      if (kernel === null || ours === null) continue;
      for (const text of [sentence, rows[i]]) {
        expect(text).toContain(what);
        expect(text).toContain(milliseconds(kernel));
        expect(text).toContain(milliseconds(ours));
      }
    }
  });
});

describe('the search', () => {
  it('keeps all that is typed while its index comes, and finds pages first that explain, offline', async () => {
    const { page, faults } = await site.visit('/story');
    const found = page.locator('[class*="suggestion_"]');
    await page.locator('.navbar__search-input').click();
    await page.keyboard.type('sticky flag', { delay: 20 });
    await found.first().waitFor();
    await expect.poll(() => page.locator('.navbar__search-input').inputValue()).toBe('sticky flag');
    for (const [words, first] of [
      ['soft-dirty', /soft-dirty/i],
      ['max_map_count', /Running out of VMAs/],
      ['ENOMEM', /Running out of VMAs/],
      ['stack', /Running out of VMAs|Guard pages/],
      ['THP', /How we know/],
      ['sticky flag', /sticky/i],
      ['vmaNeedsCopy', /vmaNeedsCopy/],
    ] as const) {
      await page.locator('.navbar__search-input').fill(words);
      await expect.poll(() => found.first().textContent(), { message: words }).toMatch(first);
      // No text of pictures: bars with their flags and letters, lists of VMAs, names of controls.
      for (const text of await found.allTextContents())
        expect(text).not.toMatch(/[A-Z][r-][w-][x-][ps]|pages \d+ to|▶/);
    }
    // A file that is dropped here opens in the playground.
    const dataTransfer = await transferOf(page, [ofProgram('guard-pool', 'final.smaps')]);
    await page.dispatchEvent('h1', 'drop', { dataTransfer });
    await page.waitForURL(/\/playground/);
    await page.locator('.file-view .player-title', { hasText: 'final.smaps: a smaps file' }).waitFor();
    expect(faults).toEqual([]);
  });
});
