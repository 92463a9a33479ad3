import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownFrom } from '../src/link/ownKernel.ts';
import { decodeShare } from '../src/link/shareLink.ts';
import { type SearchNews, searchForBreak } from '../src/search/ruleSearch.ts';
import { openSite, type Site } from './support/site.ts';

describe('the search behind the page', () => {
  it('finds the lost flag of the series as posted, and tells how far it is', async () => {
    const news: SearchNews[] = [];
    const found = await searchForBreak(ownFrom('as-posted'), (one) => news.push(one));
    expect(found).toMatchObject({ kind: 'found', property: 'guard-flag', page: 1, pages: 2 });
    expect(found.kind === 'found' && found.path.length).toBe(4);
    expect(news.map(({ kind }) => kind)).toContain('searching');
  });

  it('says why a kernel cannot be', async () => {
    const own = { ...ownFrom('6.19'), from: 'no kernel' };
    expect(await searchForBreak(own, () => {})).toMatchObject({ kind: 'refused' });
  });
});

describe('Break a rule', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  it('searches as one ticks, walks on from any step, and gives a link with the kernel', async () => {
    const { page, faults } = await site.visit('/break-a-rule', { viewport: { width: 1280, height: 900 } });
    const answer = page.locator('.break-rule-answer');
    await answer.getByText('Broken by 4 calls.').waitFor({ timeout: 60_000 });
    await answer
      .getByText('After this call, page 1 breaks: A guard lies in a VMA that says it may hold one.')
      .waitFor();
    await answer.getByRole('button', { name: 'Step back' }).click();
    await answer.getByText('After this call, every property holds.').waitFor();
    await answer.getByLabel('Go on from here:').selectOption({ label: 'munmap 0+1' });
    await answer.getByRole('button', { name: 'munmap 0+1' }).waitFor();
    await answer.getByRole('button', { name: 'Back to the shortest' }).click();
    await answer.getByText('After this call, page 1 breaks').waitFor();
    const href = await answer.getByRole('link', { name: 'Open in the playground' }).getAttribute('href');
    const shared = decodeShare(href?.split('#')[1] ?? '');
    expect(shared).toMatchObject({ profile: 'own', own: { from: 'as-posted' }, step: 3 });
    expect(shared.text.split('\n')).toHaveLength(4);

    await page.getByLabel('Made from').selectOption('6.19');
    for (const name of ['gu copies, in the child', 'gu copies, in the parent']) {
      await page.getByLabel(name).uncheck();
    }
    await answer.getByText('Broken by 3 calls.').waitFor({ timeout: 60_000 });
    await answer
      .getByText(/A child has every guard of its parent/)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  }, 180_000);
});
