import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeShare } from '../../src/link/shareLink.ts';
import { atStep, linesOf, pathOf, says, showState, visitPlayground } from '../support/playground.ts';
import { axeFaults, openSite, overflow, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const LOST = pathOf({ text: linesOf('lost-flag'), profile: 'as-posted', other: '6.19', step: 0 });

describe('the steps', () => {
  it('go by keys: back, on, first, last, play, merge, refusal, difference, a number', async () => {
    const { page } = await visitPlayground(site, LOST);
    await atStep(page, 1, 6);
    await page.locator('h1').click();
    for (const [key, step] of [
      ['r', 3],
      ['m', 4],
      ['d', 5],
      ['End', 6],
      ['ArrowLeft', 5],
      ['ArrowRight', 6],
      ['Home', 1],
    ] as const) {
      await page.keyboard.press(key);
      await atStep(page, step, 6);
    }
    await page.keyboard.press('g');
    await page.keyboard.type('4');
    await atStep(page, 4, 6);
    await page.locator('h1').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('p');
    await atStep(page, 2, 6);
  });

  it('go by buttons too, which say where they lead and are off where they lead nowhere', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+2 r\nmmap 6+2 r\nwrite 4', step: 0 }));
    await atStep(page, 1, 3);
    const merge = page.getByRole('button', { name: 'next merge' });
    await expect.poll(() => merge.getAttribute('title')).toBe('steps 2');
    await expect.poll(() => page.getByRole('button', { name: 'next refusal' }).isDisabled()).toBe(true);
    await merge.click();
    await atStep(page, 2, 3);
    await page.getByLabel('Go to step').fill('3');
    await atStep(page, 3, 3);
  });

  it('the help names every key, opens at ?, and closes at Escape', async () => {
    const { page } = await visitPlayground(site);
    await page.locator('h1').click();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys and words' });
    await help.waitFor();
    for (const word of ['Next merge', 'Next refusal', 'Next difference', 'Go to a step', 'guard 6+2']) {
      await expect.poll(() => help.textContent()).toContain(word);
    }
    expect(await axeFaults(page)).toEqual([]);
    // Single letters can be turned off, here and at the next visit; the arrows stay.
    const keys = help.getByRole('checkbox', { name: /^Single letters/ });
    await keys.uncheck();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('Home');
    const counted = page.locator('.controls-count');
    await counted.filter({ hasText: '1 / ' }).waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('ArrowRight');
    await counted.filter({ hasText: '2 / ' }).waitFor();
    await page.keyboard.press('?');
    await expect.poll(() => help.isVisible()).toBe(false);
    await page.evaluate(() => localStorage.removeItem('lab-single-keys'));
  });

  it('the chart is the slider: it says what it shows, takes keys, a click and a drag', async () => {
    const { page } = await showState(site, pathOf({ text: linesOf('story') }));
    await atStep(page, 6, 6);
    const slider = page.getByRole('slider', { name: 'Step' });
    const said = (): Promise<string | null> => slider.getAttribute('aria-valuetext');
    await expect.poll(() => said()).toBe('step 6 of 6: fork childLives, 2 VMAs, 12 kB of page tables');
    await slider.focus();
    for (const [key, step] of [
      ['ArrowLeft', 5],
      ['Home', 1],
      ['PageUp', 2],
      ['ArrowUp', 3],
      ['End', 6],
    ] as const) {
      await page.keyboard.press(key);
      await atStep(page, step, 6);
    }
    const box = await slider.boundingBox();
    if (!box) throw new Error('no timeline');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
    await page.mouse.down();
    await atStep(page, 2, 6);
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
    await page.mouse.up();
    await atStep(page, 4, 6);
    await expect
      .poll(() => page.locator('.timeline-series').allTextContents())
      .toEqual(['VMAs 1 of at most 2', 'page tables 12 kB of at most 12 kB']);
    await page.locator('.timeline-mark-fork').click();
    await atStep(page, 6, 6);
    await expect.poll(() => page.locator('.timeline-mark-merged').getAttribute('title')).toBe('step 4: VMAs merged');
  });

  it('all commands are in one list, found by words and done by Enter; what cannot be done says why', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+2 r\nmmap 6+2 r\nwrite 4', step: 0 }));
    await atStep(page, 1, 3);
    await page.keyboard.press('/');
    const palette = page.getByRole('dialog', { name: 'All commands' });
    await palette.waitFor();
    const options = palette.getByRole('option');
    await expect.poll(() => options.count()).toBeGreaterThan(15);
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.type('refusal');
    await expect.poll(() => options.allTextContents()).toEqual(['StepsNext refusal (no refusal in this run)r']);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('next m');
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'hidden' });
    await atStep(page, 2, 3);
  });
});

describe('what happened', () => {
  it('a merge: the case by name, before above after, and what stuck', async () => {
    const { page } = await showState(site, pathOf({ text: linesOf('story'), step: 3 }));
    await atStep(page, 4, 6);
    const merge = page.locator('.attempt-merged');
    await expect
      .poll(() => merge.locator('h2').textContent())
      .toContain('Merged, both: prev grows over all, next is removed');
    await expect.poll(() => merge.locator('.merge-row').allTextContents()).toEqual(['A2–5✱6–7B8–11', 'A2–11']);
    await expect.poll(() => merge.locator('.merge-seam').count()).toBe(2);
    // Filled by what may be done with it: this memory is only read.
    await expect.poll(() => merge.locator('.merge-result').getAttribute('class')).toMatch(/bar-shared bar-read$/);
    await expect.poll(() => merge.locator('.stuck .chip-sticky').allTextContents()).toEqual(['gu']);
  });

  it('each neighbour that refused: a wall, the rule, its function, and the two values that differ', async () => {
    const text = 'mmap 4+4 rw\nwrite 4+4\nmmap 12+4 r\nmmap 8+4 rw file0';
    const { page } = await showState(site, pathOf({ text }));
    await atStep(page, 4, 4);
    await expect.poll(() => page.locator('.merge-wall').allTextContents()).toEqual(['vmFile', 'vmFlags']);
    const refusals = page.locator('.refusal');
    await expect.poll(() => refusals.nth(0).textContent()).toContain('A below refuses: vmFile is_mergeable_vma()');
    await expect.poll(() => refusals.nth(1).textContent()).toContain('B above refuses: vmFlags');
    await expect.poll(() => refusals.nth(0).locator('mark').allTextContents()).toEqual(['file 1', 'anonymous']);
    await expect.poll(() => refusals.nth(1).locator('mark').allTextContents()).toEqual(['wr', 'ac']);
  });

  it('a merge on one side and a refusal on the other stand in one drawing', async () => {
    const text = 'mmap 4+4 rw\nwrite 4+4\nmmap 12+4 rw\nwrite 12+4\nmmap 8+4 rw';
    const { page } = await showState(site, pathOf({ text }));
    await atStep(page, 5, 5);
    await expect.poll(() => page.locator('.attempt').count()).toBe(1);
    await expect.poll(() => page.locator('.attempt h2').textContent()).toContain('left: prev grows');
    await expect
      .poll(() => page.locator('.merge-row').allTextContents())
      .toEqual(['A4–7✱8–11neighboursAnonVmaB12–15', 'A4–11neighboursAnonVmaB12–15']);
    await expect.poll(() => page.locator('.refusal mark').allTextContents()).toEqual(['av1', 'av2']);
  });

  it('a split, and pages that change', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+6 rw\nwrite 5+2\nmunmap 7+1', step: 1 }));
    await atStep(page, 2, 3);
    const happened = page.locator('.happened');
    await expect.poll(() => happened.textContent()).toContain('Pages 5 to 6: nothing yet → private, exclusive.');
    await page.keyboard.press('End');
    await page.getByRole('heading', { name: 'Split at page 7' }).waitFor();
    await expect.poll(() => page.locator('.attempt-split .merge-row').first().textContent()).toBe('A4–9');
  });

  it('a fork: parent and child, each decision with its rule, pages, entries and kB', async () => {
    const text = 'mmap 4+4 rw\nwrite 4+4\nmmap 10+4 r file0@10 shared\nfork';
    const { page } = await showState(site, pathOf({ text }));
    await atStep(page, 4, 4);
    await expect.poll(() => page.locator('.fork .strip').count()).toBe(2);
    await expect.poll(() => page.locator('.fork-link').allTextContents()).toEqual(['= copied', '~ refault']);
    const rows = page.locator('.fork-table tbody tr');
    await expect
      .poll(() => rows.nth(0).textContent())
      .toBe('A4 pages, 16 kB= copiedit has an anon_vma, so it may hold private pages 43, 12 kB');
    await expect.poll(() => rows.nth(1).textContent()).toContain('B4 pages, 16 kB~ refault');
    await expect.poll(() => page.locator('.fork-table .sum').textContent()).toContain('1 of 2 VMAs copied, 4 entries.');
    await expect.poll(() => page.locator('.tree').count()).toBe(2);
  });
});

describe('the map', () => {
  const wide = pathOf({ text: 'mmap 2+4 rw\nguard 3\nmmap 40+8 r file0@40 shared' });

  it('zooms and pans by buttons and keys', async () => {
    const { page } = await showState(site, wide);
    await atStep(page, 3, 3);
    const seen = page.locator('.zoom-buttons legend');
    const first = await seen.textContent();
    expect(first).toBe('pages 1 to 48');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(() => seen.textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'Pan right' }).click();
    const area = page.locator('.zoom-area');
    await area.focus();
    const before = await seen.textContent();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => seen.textContent()).not.toBe(before);
    await atStep(page, 3, 3);
    await page.keyboard.press('+');
    await page.keyboard.press('-');
    await page.keyboard.press('0');
    await expect.poll(() => seen.textContent()).toBe(first);
  });

  it('zooms by the wheel with Ctrl, or once it has the focus; else the page scrolls', async () => {
    const { page } = await showState(site, wide);
    await atStep(page, 3, 3);
    const seen = page.locator('.zoom-buttons legend');
    const box = await page.locator('.zoom-area').boundingBox();
    if (!box) throw new Error('no map');
    await page.mouse.move(box.x + 20, box.y + 40);
    await page.mouse.wheel(0, -100);
    await expect.poll(() => seen.textContent()).toBe('pages 1 to 48');
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(() => seen.textContent()).toBe('pages 1 to 38');
    await page.locator('.zoom-area').focus();
    await page.mouse.wheel(0, 100);
    await expect.poll(() => seen.textContent()).toBe('pages 1 to 48');
  });

  it('a click chooses a page, and the walk to it is lit; so does the field, and the link keeps it', async () => {
    const { page } = await showState(site, wide);
    await atStep(page, 3, 3);
    const box = await page.locator('.zoom-area').boundingBox();
    if (!box) throw new Error('no map');
    await page.mouse.click(box.x + (box.width * 2.5) / 48, box.y + 50);
    await expect.poll(() => page.getByLabel('Walk to page').inputValue()).toBe('3');
    await expect
      .poll(() => page.locator('.tree-entry').textContent())
      .toBe('Page 3, in A: a guard marker. Any access is a SIGSEGV; no memory is used for the page.');
    await page.getByLabel('Walk to page').fill('5');
    await expect.poll(() => page.locator('.tree-entry').textContent()).toContain('Page 5, in A: the entry is empty.');
    await expect.poll(() => page.locator('.pte-path').getAttribute('title')).toBe('page 5');
    await expect.poll(() => page.locator('.strip-chosen').count()).toBe(1);
    await page.locator('.pte').nth(60).click();
    await expect.poll(() => page.locator('.tree-entry').textContent()).toContain('Page 60, which no VMA holds');
    await expect.poll(() => decodeShare(new URL(page.url()).hash).page).toBe(60);
    const again = await visitPlayground(site, page.url().slice(site.base.length));
    await expect.poll(() => again.page.getByLabel('Walk to page').inputValue()).toBe('60');
  });

  it('page tables: a level that is not there ends the walk; all of them stand as text too', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+4 rw\nwrite 5', step: 0 }));
    await atStep(page, 1, 2);
    const levels = page.locator('.tree-level');
    await expect.poll(() => levels.nth(0).textContent()).toContain('PGDentry 64');
    await expect.poll(() => levels.nth(1).textContent()).toContain('no table: the walk ends above');
    await expect.poll(() => page.locator('.tree-entry').textContent()).toContain('there is no PUD table');
    await page.keyboard.press('ArrowRight');
    await atStep(page, 2, 2);
    await expect.poll(() => levels.nth(3).textContent()).toContain('PTEentry 5');
    await expect
      .poll(() => page.locator('.tree-entry').textContent())
      .toMatch(/^Page 5, in A: frame \d+, writable, dirty, .*mapped once\.$/);
    await page.locator('.tree summary').click();
    await expect
      .poll(() => page.locator('.tree-text li').allTextContents())
      .toEqual([
        'PGD table: 1 of 512 entries in use: 64.',
        'PUD table, at entry 64 of the table above, from page 0 on: 1 of 512 entries in use: 0.',
        'PMD table, at entry 0 of the table above, from page 0 on: 1 of 512 entries in use: 0.',
        'PTE table, at entry 0 of the table above, from page 0 on: 1 of 512 entries in use: 5.',
      ]);
  });

  it('an arena of half a terabyte is drawn without a cell for each page', async () => {
    const far = 134_000_000;
    const scenario = {
      id: 'far',
      span: 134_221_824,
      windows: [['far', far, 8]],
      ops: [
        { op: 'mmap', page: far, pages: 8, prot: 'rw' },
        { op: 'touch', page: far + 1, access: 'write' },
      ],
    };
    const { page, faults } = await showState(site, pathOf({ text: JSON.stringify(scenario) }));
    await expect.poll(() => says(page)).toContain('A is pages 134000000 to 134000007');
    await expect.poll(() => page.locator('.strip *').count()).toBeLessThan(100);
    await expect.poll(() => page.locator('.tree-level').nth(3).textContent()).toContain('PTEentry');
    expect(faults).toEqual([]);
  });
});

describe('two kernels', () => {
  it('only what differs is lit, and where they differ is said', async () => {
    const { page } = await showState(site, LOST);
    await atStep(page, 1, 6);
    await expect.poll(() => page.locator('.differs-note').textContent()).toBe('they agree here');
    await expect.poll(() => page.locator('.playground .bar-touched').count()).toBe(0);
    await page.getByRole('button', { name: 'next difference' }).click();
    await atStep(page, 4, 6);
    await expect.poll(() => page.locator('.differs-note').textContent()).toBe('≠ they differ here');
    await expect.poll(() => page.locator('.playground .bar-touched').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.pane-title').allTextContents()).toEqual(['as-posted', '6.19']);
    // They stand side by side, and the VMA that differs is joined by a line.
    const [left, right] = await Promise.all([0, 1].map((at) => page.locator('.pane').nth(at).boundingBox()));
    expect(left?.y).toBe(right?.y);
    expect(right?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0));
    await expect.poll(() => page.locator('.compare-lines path').count()).toBe(1);
    // Both merge and take the flag over; the posted patch then loses it.
    await expect.poll(() => page.locator('.stuck').count()).toBe(2);
    await expect
      .poll(() => page.locator('.pane').nth(0).locator('.stuck-lost').textContent())
      .toContain('Lost again: gu.');
    await expect.poll(() => page.locator('.pane').nth(1).locator('.stuck-lost').count()).toBe(0);
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('.playground .result').allTextContents()).toEqual(['ok', 'SIGSEGV']);
    await expect.poll(() => page.locator('.cell-differs').count()).toBeGreaterThan(0);
  });
});

describe('every state of the playground', () => {
  it.each(['story', 'lost-flag', 'anon-vma-history', 'fork-guard-cost'])(
    '%s: nothing for axe, light and dark, no sideways scrolling at 360 px',
    async (id) => {
      const other = id === 'lost-flag' ? { other: '6.19', profile: 'as-posted' } : {};
      const { page, faults } = await visitPlayground(site, pathOf({ text: linesOf(id), ...other }), 360);
      await page.locator('.happened').first().waitFor();
      expect(await overflow(page)).toBe(0);
      expect(await axeFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
      expect(await axeFaults(page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(await overflow(page)).toBe(0);
      expect(faults).toEqual([]);
    },
  );
});
