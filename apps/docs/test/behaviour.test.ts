import { traceScenario } from 'fork-sim';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VM_MAYBE_GUARD } from 'vma-core';
import runs from '../../../conformance/runs.json' with { type: 'json' };
import { EXISTING_RANGE, NEW_RANGE, permutationRows } from '../src/content/permutations.ts';
import { STORY } from '../src/content/story.ts';
import { forkCosts } from '../src/measured/forkCosts.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe('the story', () => {
  let page: Page;
  let faults: readonly string[];
  beforeAll(async () => {
    ({ page, faults } = await site.visit('/story'));
  });

  it('has one picture, which follows the text, and the child keeps its guard', async () => {
    for (const [index, { title }] of STORY.entries()) {
      const step = page.locator(`#step-${index + 1}`);
      await expect.poll(() => step.locator('h2').textContent()).toContain(title);
      await step.locator('h2').evaluate((heading) => heading.scrollIntoView({ block: 'center' }));
      await page.locator('.stage-count', { hasText: `Call ${index + 1}` }).waitFor();
      await expect.poll(() => page.locator('.stage .strip').count()).toBe(index === 5 ? 2 : 1);
    }
    const child = page.locator('.stage .strip').last();
    await expect.poll(() => child.getAttribute('aria-label')).toContain('Guard marker at page 4');
    expect(faults).toEqual([]);
  });

  it('takes calls of the reader: an edge by the keyboard, a guard, and back', async () => {
    await page.locator('#step-1 h2').evaluate((heading) => heading.scrollIntoView({ block: 'center' }));
    await page.locator('.stage-count', { hasText: 'Call 1' }).waitFor();
    const strip = page.locator('.stage .strip').first();
    await page.getByRole('slider', { name: 'End of A' }).press('ArrowRight');
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('A is pages 2 to 6');
    await page.getByLabel('Drag an edge, or act on page').fill('3');
    await page.locator('.stage-acts').getByRole('button', { name: 'guard' }).click();
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('Guard marker at page 3');
    await expect.poll(() => page.locator('.stage-count').textContent()).toBe('Call 3, 2 of your own');
    for (const left of [1, 0]) {
      await page.locator('.stage-acts').getByRole('button', { name: 'undo' }).click();
      await page.locator('.stage-count', { hasText: left === 1 ? '1 of your own' : /^Call 1$/ }).waitFor();
    }
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('A is pages 2 to 5');
    expect(faults).toEqual([]);
  });

  it('ends with the read that the posted patch lets through', async () => {
    const results = page.locator('section:has(#lost) .result');
    await expect.poll(() => results.allTextContents()).toEqual(['ok', 'SIGSEGV']);
  });
});

describe('a player', () => {
  it('steps by buttons, slider and keys, and another kernel gives another answer', async () => {
    const { page } = await site.visit('/');
    const strip = page.locator('.strip').first();
    await page.getByLabel('Step back').click();
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('2 VMAs');
    // What is below the picture stays where it is, from the lowest step to the highest.
    const doors = page.locator('.home-doors');
    const top = async (): Promise<number> =>
      ((await doors.boundingBox())?.y ?? 0) + (await page.evaluate(() => scrollY));
    const tops = new Set<number>();
    for (const step of ['1', '2', '3', '4', '5', '6']) {
      await page.getByLabel('Step', { exact: true }).fill(step);
      await page.locator('.controls-count', { hasText: `${step} / 6` }).waitFor();
      tops.add(Math.round(await top()));
    }
    expect(tops.size).toBe(1);
    await page.getByLabel('Step', { exact: true }).fill('3');
    await page.getByLabel('Step', { exact: true }).fill('1');
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('1 VMA: A is pages 2 to 5');
    await page.getByLabel('Step', { exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('Guard marker at page 4');
    await page.getByLabel('Kernel').selectOption('guard-flag');
    await page.getByLabel('Step', { exact: true }).fill('4');
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('2 VMAs');
    await expect.poll(() => page.locator('.borders').textContent()).toContain('flags differ by gu');
  });
});

describe('the permutations', () => {
  let page: Page;
  beforeAll(async () => {
    ({ page } = await site.visit('/concepts/permutations'));
  });

  it.each(['6.18', 'guard-flag', 'as-posted', '6.19'])('in %s the tables say what the engine says', async (profile) => {
    for (const [of, which] of [
      ['new', NEW_RANGE],
      ['existing', EXISTING_RANGE],
    ] as const) {
      const panel = page.locator(`.panel:has(table[data-of="${of}"])`);
      await panel.getByLabel('Kernel').selectOption(profile);
      const rows = await panel
        .locator('tbody tr')
        .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
      const expected = permutationRows(which, VM_MAYBE_GUARD, profile).map(({ had, after, result }) => [
        ...had.map((has) => (has ? 'gu' : '–')),
        after,
        result === null ? 'no merge' : result.includes('gu') ? 'yes' : 'no',
      ]);
      expect(rows.map((row) => row.slice(0, -1))).toEqual(expected);
      expect(rows).toHaveLength(2 ** which.parts.length);
    }
  });
});

describe('merging by hand', () => {
  it('names the rule that refuses, and merges once the cause is gone', async () => {
    const { page } = await site.visit('/concepts/merging');
    const panel = page.locator('.merge-by-hand');
    await expect
      .poll(() => panel.locator('.sentences').textContent())
      .toContain('page offset 8 was needed, the neighbour has 10');
    await panel.getByRole('group', { name: 'N, next' }).getByLabel('offset off by').fill('0');
    await expect.poll(() => panel.locator('.verdict').textContent()).toContain('all three are one VMA');
    const after = panel.locator('.merge-after .strip');
    await expect
      .poll(() => after.getAttribute('aria-label'))
      .toBe('After: 1 VMA: P is pages 0 to 11, rw-p anon, sticky gu.');
    await expect.poll(() => after.locator('.bar').count()).toBe(1);
    await panel.getByLabel('Kernel').selectOption('guard-flag');
    await expect.poll(() => panel.locator('.verdict').textContent()).toContain('No merge');
    await expect.poll(() => panel.locator('.sentences').textContent()).toContain('flags differ by gu');
    await expect.poll(() => after.count()).toBe(0);
  });
});

/** A frame without an origin has neither fonts nor storage, and Chromium says so. */
const isOfPage = (fault: string): boolean => !/the font|\.woff2|browser storage/.test(fault);

describe('other live pictures', () => {
  it('the walk finds the guard marker, and an empty entry', async () => {
    const { page } = await site.visit('/concepts/guards');
    await expect.poll(() => page.locator('.walk-entry').textContent()).toContain('guard marker');
    await page.getByRole('radio', { name: '7', exact: true }).check();
    await expect.poll(() => page.locator('.walk-entry').textContent()).toContain('none');
  });

  it('one guard page turns refault into copy of every page; other kernels are asked of a worker', async () => {
    const { page } = await site.visit('/concepts/fork');
    const rows = page.locator('.fork-cost tbody tr');
    const costs = (kernel: string) =>
      forkCosts((scenario) => traceScenario(scenario, { profile: kernel })).then((all) =>
        all.map(({ what, action, ptes, kB }) => `${what}${action}${ptes.toLocaleString('en')}${kB} kB`),
      );
    await expect.poll(() => rows.allTextContents()).toEqual(await costs('6.19'));
    await expect.poll(() => rows.nth(0).textContent()).toMatch(/refault0/);
    await expect.poll(() => rows.nth(1).textContent()).toMatch(/copy4,096/);
    await expect.poll(() => rows.nth(2).textContent()).toMatch(/copy4,095/);
    const workers = page.workers().length;
    await page.locator('.panel', { has: rows.first() }).getByLabel('Kernel').selectOption('6.12');
    await page.locator('.fork-cost[data-kernel="6.12"]').waitFor();
    expect(page.workers().length).toBe(workers + 1);
    await expect.poll(() => rows.allTextContents()).toEqual(await costs('6.12'));
    await expect.poll(() => rows.nth(1).textContent()).toMatch(/refault0/);
  });

  it('the table of flags follows the kernel', async () => {
    const { page } = await site.visit('/concepts/flags');
    const row = page.locator('.flags-table tr', { hasText: 'VM_MAYBE_GUARD' });
    await expect.poll(() => row.textContent()).toContain('yes');
    await page.locator('.panel').getByLabel('Kernel').selectOption('6.18');
    await expect.poll(() => row.count()).toBe(0);
  });

  it('every recorded scenario is equal in every field', async () => {
    const { page } = await site.visit('/how-we-know');
    const cells = await page.locator('.evidence tbody tr td:last-child').allTextContents();
    expect(cells).toHaveLength(22);
    for (const cell of cells) expect(cell).toMatch(/^([\d,]+) of \1$/);
    // Below it, each run of `vma-lab conform`, with what differed.
    const differ = await page.locator('.conform-runs tbody tr td:last-child').allTextContents();
    expect(differ).toEqual(runs.map(({ different, once }) => `${different}${once > 0 ? `; ${once} once` : ''}`));
  });

  it('an exercise is revealed after the prediction, with the reason; the score is kept, and the seed is in the link', async () => {
    const { page } = await site.visit('/exercises#seed=7');
    await page.evaluate(() => localStorage.removeItem('lab-exercise-score'));
    await page.getByRole('region', { name: 'Exercise 7' }).waitFor();
    await expect.poll(() => page.locator('[data-right]').count()).toBe(0);
    await page.locator('.exercise-choices button').first().click();
    await expect.poll(() => page.locator('[data-right]').count()).toBe(1);
    await expect.poll(() => page.locator('.exercise-why').textContent()).toMatch(/^Why: [A-Z].+\.$/);
    await page.getByRole('button', { name: 'Next exercise' }).click();
    expect(page.url()).toContain('#seed=8');
    // A fork is asked of with a box for each VMA.
    await page.getByRole('radio', { name: 'First steps' }).check();
    for (let tries = 0; tries < 30 && (await page.locator('.exercise-choices input').count()) === 0; tries++)
      await page.getByRole('button', { name: 'Next exercise' }).click();
    const boxes = page.locator('.exercise-choices input');
    for (const box of await boxes.all()) await box.check();
    await page.getByRole('button', { name: 'Check' }).click();
    await expect
      .poll(() => page.locator('[data-right]').textContent())
      .toMatch(/^(Right\.|Not quite: none of them\.)$/);
    await expect.poll(() => page.locator('.exercise-score').textContent()).toMatch(/^You answered [0-2] of 2 right\./);
  });

  it('a hard exercise shows what the real kernels answered, and its scenario is in the link', async () => {
    const { page, faults } = await site.visit('/exercises#recorded=mremap.file-guard-join:5:6.16.12:6.18.15');
    const region = page.getByRole('region', { name: /^Hard exercise/ });
    await region.waitFor();
    await expect
      .poll(() => region.locator('.verdict').textContent())
      .toContain('at page 15, on 6.16.12 and on 6.18.15?');
    await region.getByRole('button', { name: 'nothing yet on 6.16.12, guard marker on 6.18.15' }).click();
    await expect.poll(() => region.locator('[data-right="true"]').textContent()).toBe('Right.');
    await expect.poll(() => region.locator('.pane').count()).toBe(2);
    await expect.poll(() => region.locator('.recorded-note').textContent()).toContain('mremap.file-guard-join');
    await page.getByRole('button', { name: 'Next exercise' }).click();
    expect(page.url()).toMatch(/#recorded=[a-z]/);
    await page.getByRole('radio', { name: 'First steps' }).check();
    expect(page.url()).toContain('#seed=1&level=easy');
    expect(faults).toEqual([]);
  });

  it('live code runs, and every output that the page claims holds', async () => {
    const { page, faults } = await site.visit('/live-code');
    await page.locator('.live-result').first().waitFor();
    await expect.poll(() => page.locator('[data-claim="holds"]').count()).toBe(3);
    await expect.poll(() => page.locator('[data-claim="broken"]').count()).toBe(0);
    // A picture with controls runs when one is pressed.
    await page.locator('.live-block .player button').first().click({ force: true });
    const drawn = page.frameLocator('.live-block iframe').last();
    await expect.poll(() => drawn.locator('.player .strip').count()).toBe(2);
    const editor = page.locator('.live-editor[contenteditable], .live-editor [contenteditable]').first();
    const block = page.locator('.live-block').first();
    const result = block.frameLocator('iframe').locator('.live-result');
    const type = async (code: string): Promise<void> => {
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(code);
    };
    await block.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => result.textContent()).toContain('As claimed.');
    await type("<Result value={VmaCore.mergeDiagram('AA**.B').after} />");
    await expect.poll(() => result.textContent()).toContain('AAAA.B');
    await expect.poll(() => block.locator('.live-problem').count()).toBe(0);
    expect(faults.filter(isOfPage)).toEqual([]);

    // It reaches neither the page nor what the site keeps.
    await type(
      `<Result value={[()=>parent.document,()=>localStorage,()=>document.cookie,()=>top.location.href].map((reach)=>{try{return reach()}catch(error){return error.name}})} />`,
    );
    await expect.poll(() => result.textContent()).toContain(JSON.stringify(Array(4).fill('SecurityError')));
    // Nor the network; the browser says so on its console.
    await type(
      `function Net() {const [said, say] = useState('asked');useEffect(() => {fetch('/').then(() => say('reached'), () => say('refused'))}, []);return <Result value={said} />}`,
    );
    await expect.poll(() => result.textContent()).toContain('refused');
    await block.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => result.textContent()).toContain('As claimed.');
    const refused = (fault: string): boolean => /connect-src|Content Security Policy|127\.0\.0\.1:\d+\/$/.test(fault);
    expect(faults.filter((fault) => isOfPage(fault) && !refused(fault))).toEqual([]);
  });

  it.each(['vma-core', 'pt-model', 'proc-io', 'fork-sim'])(
    'the page of %s begins with an example that runs',
    async (name) => {
      const plain = await site.visit(`/api/${name}`, { javaScriptEnabled: false });
      await expect.poll(() => plain.page.locator('[data-claim="holds"]').count()).toBeGreaterThan(0);
      const { page, faults } = await site.visit(`/api/${name}`);
      await page.locator('[data-claim="holds"]').first().waitFor();
      await expect.poll(() => page.locator('[data-claim="broken"]').count()).toBe(0);
      // Before the first list of the reference.
      const first = await page.locator('article h2, [data-claim]').first().getAttribute('data-claim');
      expect(first).toBe('holds');
      expect(faults).toEqual([]);
    },
  );
});
