import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeShare } from '../../src/link/shareLink.ts';
import { atStep, linesOf, pathOf, STORY, says, showState, visitPlayground, write } from '../support/playground.ts';
import { openSite, type Site } from '../support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A text of thousands of lines, opened as a link: an editor takes its time to have them typed. */
async function goTo(page: Page, text: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      window.location.hash = hash;
    },
    encodeShare({ text, profile: '6.19', step: 3 }),
  );
}

describe('the editor', () => {
  it('draws what is typed: scenario lines and system calls alike', async () => {
    const { page, faults } = await showState(site, STORY);
    await write(page, 'mmap 4+8 rw\nguard 6');
    await atStep(page, 2, 2);
    await expect
      .poll(() => says(page))
      .toBe('1 VMA: A is pages 4 to 11, rw-p anon, sticky gu. Guard marker at page 6.');
    await write(
      page,
      'mmap(0x200000005000, 32768, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000005000\nmadvise(0x200000006000, 4096, MADV_GUARD_INSTALL) = 0',
    );
    await expect
      .poll(() => says(page))
      .toBe('1 VMA: A is pages 5 to 12, rw-p anon, sticky gu. Guard marker at page 6.');
    expect(faults).toEqual([]);
  });

  it('says in place what is wrong, in lines and in calls, and shows the rest', async () => {
    const { page } = await showState(site, STORY);
    const call = 'madvise(0x7f0000000000, 4096, MADV_GUARD_INSTALL) = 0';
    await write(page, `mmap 4+8 rw\nmprotct 4+2 r\nmmap 60+8 rw\n${call}`);
    await page.locator('.problems li').nth(2).waitFor();
    await expect
      .poll(() => page.locator('.problems li').allTextContents())
      .toEqual([
        expect.stringMatching(/^2:1: no operation "mprotct"/),
        expect.stringMatching(/^3:6: mmap of pages 60 to 67 reaches past the arena's 64 pages/),
        expect.stringMatching(/^4:9: 0x7f0000000000 is not a page of the arena/),
      ]);
    await page.locator('.cm-lintRange-error').nth(2).waitFor();
    await expect.poll(() => says(page)).toContain('1 VMA: A is pages 4 to 11');
  });

  it('takes half a call for what it is: a line that is not finished', async () => {
    const { page, faults } = await showState(site, STORY);
    await write(page, 'mmap 4+8 rw\nmprotect(0x200000004000, 4096, ');
    await page.locator('.problems').waitFor();
    await expect.poll(() => page.locator('.problems li').allTextContents()).toEqual(['2:32: flags are expected here']);
    await expect.poll(() => says(page)).toContain('1 VMA: A is pages 4 to 11');
    expect(faults).toEqual([]);
  });

  it('shows the step of the line that is typed', async () => {
    const { page } = await showState(site, pathOf({ text: 'mmap 4+2 r\nmmap 6+2 r', step: 0 }));
    await atStep(page, 1, 2);
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nguard 5', { delay: 30 });
    await atStep(page, 3, 3);
    await expect.poll(() => says(page)).toContain('Guard marker at page 5');
  });

  it('a word that is whole is not offered again: Enter behind it begins a new line', async () => {
    const { page } = await showState(site, STORY);
    await write(page, '');
    const offers = page.locator('.cm-tooltip-autocomplete');
    await page.locator('.cm-content').pressSequentially('mmap 4+2 rw\nmunmap 4+1\nfor', { delay: 40 });
    await offers.getByText('fork', { exact: true }).waitFor();
    await page.keyboard.type('k');
    await offers.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.keyboard.type('write 5');
    await atStep(page, 4, 4);
    await expect
      .poll(() => page.locator('.cm-line').allTextContents())
      .toEqual(['mmap 4+2 rw', 'munmap 4+1', 'fork', 'write 5']);
  });

  it.each([
    ['an operation', '', 'mprot', 'mprotect'],
    ['a word of an operation', 'madvise 4+2 ', 'GUARD_I', 'GUARD_INSTALL'],
    ['a system call', '', 'madvis', 'madvise('],
    ['an argument of a system call', 'mprotect(0x200000004000, 4096, ', 'PROT_N', 'PROT_NONE'],
    ['a flag behind another', 'mmap(0x200000004000, 4096, PROT_READ, MAP_PRIVATE|', 'MAP_AN', 'MAP_ANONYMOUS'],
  ])('completes %s', async (_, before, typed, offered) => {
    const { page } = await showState(site, STORY);
    await write(page, before);
    await page.locator('.cm-content').press('End');
    await page.locator('.cm-content').pressSequentially(typed);
    const list = page.locator('.cm-tooltip-autocomplete');
    await list.locator('.cm-completionLabel').getByText(offered, { exact: true }).waitFor();
  });

  it('a system call that was chosen is whole, and draws', async () => {
    const { page } = await showState(site, STORY);
    await write(page, '');
    await page.locator('.cm-content').pressSequentially('mma');
    const call = page.locator('.cm-tooltip-autocomplete li', { hasText: 'mmap(' }).first();
    await call.click();
    await expect.poll(() => says(page)).toBe('1 VMA: A is pages 4 to 11, rw-p anon.');
    await expect.poll(() => page.locator('.problems').count()).toBe(0);
  });

  it('explains the word under the pointer: an operation, a call, an argument', async () => {
    const { page } = await showState(site, STORY);
    await write(page, 'guard 6+2\nmprotect(0x200000004000, 4096, PROT_NONE) = 0');
    const help = page.locator('.cm-help');
    await page.locator('.cm-line').nth(0).getByText('guard').hover();
    await help.waitFor();
    await expect.poll(() => help.textContent()).toContain('MADV_GUARD_INSTALL');
    await page.locator('.cm-line').nth(1).getByText('PROT_NONE').hover();
    await help.getByText('mprotect(addr, length, «prot»)').waitFor();
  });

  it('gives the keys back at Escape, and takes them at e', async () => {
    const { page } = await showState(site, STORY);
    await page.locator('.cm-content').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await atStep(page, 1, 6);
    await page.keyboard.press('e');
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('cm-content');
  });
});

describe('the worker', () => {
  it('runs everything but the first frame: none is started before it is needed', async () => {
    const { page } = await visitPlayground(site);
    expect(page.workers()).toHaveLength(0);
    await write(page, 'mmap 4+8 rw');
    await expect.poll(() => says(page)).toContain('pages 4 to 11');
    expect(page.workers()).toHaveLength(1);
    await write(page, 'mmap 4+9 rw');
    await expect.poll(() => says(page)).toContain('pages 4 to 12');
    expect(page.workers()).toHaveLength(1);
  });

  it('the last picture stays until the next one is there, without a word', async () => {
    const { page } = await showState(site, STORY);
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = (): void => {
        const strip = document.querySelector('.playground .strip');
        const now = `${strip?.getAttribute('aria-label') ?? 'nothing'}${document.querySelector('.playground-main progress') ? ' busy' : ''}`;
        if (seen.at(-1) !== now) seen.push(now);
        requestAnimationFrame(look);
      };
      look();
    });
    await page.locator('.cm-content').click();
    await write(page, 'mmap 4+8 rw');
    await expect.poll(() => says(page)).toContain('pages 4 to 11');
    const seen = (): Promise<string[]> => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    // What was seen is a frame behind what is there.
    await expect.poll(async () => (await seen()).at(-1)).toBe('1 VMA: A is pages 4 to 11, rw-p anon.');
    expect((await seen()).filter((one) => one.startsWith('nothing'))).toEqual([]);
  });

  it('a run that is overtaken is cancelled: the text that was typed last is drawn', async () => {
    const { page, faults } = await showState(site, STORY);
    const long = Array.from({ length: 3000 }, (_, at) => `mmap ${at % 60}+2 ${at % 2 ? 'r' : 'rw'}`).join('\n');
    await goTo(page, long);
    // Let it begin: the short text must not have to wait for it.
    await page.locator('.playground-main progress').waitFor();
    await write(page, 'mmap 9+2 r');
    await expect.poll(() => says(page)).toBe('1 VMA: A is pages 9 to 10, r--p anon.');
    await atStep(page, 1, 1);
    expect(faults).toEqual([]);
  });

  it('a long run shows how far it is, and can be cancelled by hand', async () => {
    const { page } = await showState(site, STORY);
    const before = await says(page);
    const long = Array.from({ length: 6000 }, (_, at) => `mmap ${at % 60}+2 ${at % 2 ? 'r' : 'rw'}`).join('\n');
    await goTo(page, long);
    const status = page.locator('.playground-main .file-progress');
    await status.getByText(/tracing: [\d,]+ steps/).waitFor();
    await status.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled: the picture is still that of the text before.').waitFor();
    await expect.poll(() => says(page)).toBe(before);
    await write(page, 'mmap 9+2 r');
    await expect.poll(() => says(page)).toContain('pages 9 to 10');
    await expect.poll(() => page.locator('.playground-main [role="alert"]').count()).toBe(0);
  });

  it('one that dies is told of, and another is started', async () => {
    const { page } = await visitPlayground(site);
    await write(page, 'mmap 4+8 rw');
    await expect.poll(() => says(page)).toContain('pages 4 to 11');
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        throw new Error('out of paper');
      });
    });
    await expect.poll(() => page.workers().length).toBeLessThan(2);
    await write(page, 'mmap 4+9 rw');
    const alert = page.locator('.playground-main [role="alert"]');
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toMatch(/^The worker stopped: .*out of paper/);
    await expect.poll(() => says(page)).toContain('pages 4 to 11');
    await alert.getByRole('button', { name: 'Start it again' }).click();
    await expect.poll(() => says(page)).toContain('pages 4 to 12');
    await expect.poll(() => alert.count()).toBe(0);
  });

  it('a kernel that nobody knows is an error, not an empty page', async () => {
    const { page } = await visitPlayground(site, pathOf({ text: 'mmap 4+8 rw', profile: 'minix' }));
    const alert = page.locator('.playground-main [role="alert"]');
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toContain('unknown kernel profile "minix"');
  });
});

describe('an own kernel', () => {
  it('a flag that is no longer sticky changes every permutation, and the picture', async () => {
    const { page, faults } = await visitPlayground(site, pathOf({ text: linesOf('story'), step: 3 }));
    await page.getByText('Your own kernel').click();
    const yes = (of: string) => page.locator(`.profile-editor table[data-of="${of}"] td.yes`, { hasText: 'yes' });
    await yes('existing').first().waitFor();
    await expect.poll(() => yes('existing').count()).toBe(7);
    const newRows = await yes('new').count();
    await page.getByRole('button', { name: 'Use it above' }).click();
    await expect.poll(() => says(page)).toContain('sticky gu');
    await page.getByLabel('gu is sticky').uncheck();
    await expect.poll(() => yes('existing').count()).toBe(4);
    await expect.poll(() => yes('new').count()).toBeLessThan(newRows);
    // The merge was into A, which has the flag itself: it stays, and is sticky no more.
    await expect.poll(() => says(page)).toBe('1 VMA: A is pages 2 to 11, r--s file0. Guard marker at page 4.');
    await expect.poll(() => page.locator('.stuck').count()).toBe(0);
    await page.getByLabel('gu is sticky').check();
    await page.locator('.stuck').waitFor();
    expect(faults).toEqual([]);
  });

  it('beside the kernel it is made from: only what differs is lit', async () => {
    const lines =
      'mmap 2+4 r file0@2 shared\nmmap 6+2 r file0@6 shared\nguard 7\nmmap 8+2 rw file0@8 shared\nmprotect 2+4 none\nmprotect 2+4 r';
    const { page } = await visitPlayground(site, pathOf({ text: lines }));
    await page.getByText('Your own kernel').click();
    await page.getByLabel('gu is sticky').uncheck();
    await page.getByLabel('gu is ignored by merges').uncheck();
    await page.getByRole('button', { name: 'Compare it with 6.19' }).click();
    await page.locator('.pane').nth(1).waitFor();
    await expect.poll(() => page.locator('.pane-title').allTextContents()).toEqual(['own', '6.19']);
    await page.getByRole('button', { name: 'next difference' }).waitFor();
  });

  it('one that cannot be says why, and the last picture stays', async () => {
    const { page } = await visitPlayground(site);
    await page.getByText('Your own kernel').click();
    await page.getByRole('button', { name: 'Use it above' }).click();
    const before = await says(page);
    await page.getByLabel('gu is ignored by merges').uncheck();
    await expect
      .poll(() => page.locator('.profile-editor [role="alert"]').textContent())
      .toContain('sticky but not in ignoreMerge');
    await expect
      .poll(() => page.locator('.playground-main [role="alert"]').textContent())
      .toContain('sticky but not in ignoreMerge');
    await expect.poll(() => says(page)).toBe(before);
  });
});
