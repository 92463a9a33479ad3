import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createForkSim } from 'fork-sim/same-thread';
import { type LogProcess, STEP_MARKS } from 'fork-sim/worker';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDroppedFiles } from '../src/files/droppedFiles.ts';
import { headOf } from '../src/files/fileLines.ts';
import { decodeShare } from '../src/link/shareLink.ts';
import {
  conformance,
  dropFiles,
  longLog,
  manyVmas,
  ofProgram,
  type TestFile,
  transferOf,
} from './support/droppedFiles.ts';
import { axeFaults, type Opened, openSite, overflow, type Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const WIDE = { width: 1280, height: 900 };

/** The playground that the tests of this file share: each closes what the last one left open. */
let shared: Opened | undefined;

/** The playground without a file. */
async function open(viewport = WIDE): Promise<Opened> {
  shared ??= await site.open('/playground');
  const { page, faults } = shared;
  await page.setViewportSize(viewport);
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  if ((await page.locator('.file-view').count()) > 0) await page.getByRole('button', { name: 'Close' }).click();
  await page.locator('.cm-content').waitFor();
  faults.length = 0;
  return shared;
}

/** Drops files on the playground, and waits for what is shown of them. */
async function opened(files: readonly TestFile[], viewport = WIDE) {
  const { page, faults } = await open(viewport);
  await dropFiles(page, files);
  const view = page.locator('.file-view');
  await view.locator('.bigmap > canvas').first().waitFor();
  return { page, faults, view };
}

const POOL = ['trace.strace', 'initial.smaps', 'final.smaps'].map((name) => ofProgram('guard-pool', name));

/** The figure of a name. */
function figure(view: Locator, name: string): Locator {
  return view.locator('.figures > div', { has: view.page().locator('dt', { hasText: name }) }).locator('.figure-value');
}

/** Opens one of the tabs below the map. */
async function openTab(view: Locator, name: string): Promise<void> {
  await view.getByRole('tab', { name }).click();
}

const count = (view: Locator): Locator => view.locator('.log-controls .controls-count');

describe('a file is known by its head', () => {
  it('of which only a little is read, packed or not', async () => {
    const lines = 'munmap(0x7f0000000000, 4096) = 0\n'.repeat(1_000_000);
    const whole = (): never => {
      throw new Error('all of the file is read');
    };
    for (const bytes of [lines, gzipSync(lines), gzipSync(lines, { level: 0 })]) {
      const file = new File([bytes], 'long.strace');
      const slice = file.slice.bind(file);
      const read: number[] = [];
      const watched = Object.assign(file, {
        stream: whole,
        arrayBuffer: whole,
        text: whole,
        slice: (from: number, to: number) => {
          read.push(to);
          return slice(from, to);
        },
      });
      const head = new TextDecoder().decode(await headOf(watched));
      expect(head.length).toBeGreaterThan(30_000);
      expect(lines.startsWith(head)).toBe(true);
      expect(read).toEqual([1 << 16]);
    }
  });

  it('and what comes with a log is the map of its beginning and of its end', async () => {
    const file = (name: string, kind: string): File =>
      new File([new Uint8Array(readFileSync(conformance(`programs/guard-pool/${kind}`)))], name);
    const log = file('a.log', 'trace.strace');
    const [one, two] = [file('one', 'initial.smaps'), file('two', 'final.smaps')];
    expect(await readDroppedFiles([one, log, two])).toEqual({
      kind: 'strace',
      file: log,
      initial: one,
      final: two,
      notes: [expect.stringMatching(/^one is taken as the map of the beginning/)],
    });
    const child = file('final.310.smaps', 'final.smaps');
    expect(await readDroppedFiles([child, one, log])).toEqual({
      kind: 'strace',
      file: log,
      initial: one,
      notes: [expect.stringMatching(/^one is taken as the map of the beginning/)],
      maps: [{ map: 'final', pid: 310, source: child, name: child.name }],
    });
    const after = file('after.txt', 'final.smaps');
    expect(await readDroppedFiles([after, log])).toEqual({ kind: 'strace', file: log, final: after });
    expect(await readDroppedFiles([log, after, one])).toEqual({
      kind: 'strace',
      file: log,
      initial: one,
      final: after,
    });
    expect(await readDroppedFiles([one])).toEqual({ kind: 'smaps', file: one });
  });

  it('and the files of strace -ff are one log', async () => {
    const names = [15323, 15324, 15325, 15326, 15327, 15329].map((pid) => `48-strace-ff.${pid}.strace`);
    const files = names.map((name) => new File([readFileSync(conformance(`cases/field/${name}`), 'utf8')], name));
    const read = await readDroppedFiles(files);
    if (read?.kind !== 'strace') throw new Error(`it is a ${read?.kind}`);
    expect(read.file.name).toBe('48-strace-ff.15323.strace and 5 more');
    expect(read.notShown).toBeUndefined();
    expect(read.notes?.[0]).toBe('Line numbers count the lines of 6 files put together.');
    const lines = (await Promise.all(files.map((file) => file.text()))).join('').split('\n').filter(Boolean);
    expect((await read.file.text()).trim().split('\n')).toHaveLength(lines.length);
  });

  it('and where there is none, nothing is shown', async () => {
    expect(await readDroppedFiles([])).toBeNull();
  });
});

describe('dropping', () => {
  it('says where while files are dragged over the page, and not when they leave', async () => {
    const { page } = await open();
    const overlay = page.locator('.drop-overlay');
    const dataTransfer = await transferOf(page, POOL);
    await page.dispatchEvent('body', 'dragenter', { dataTransfer });
    await page.dispatchEvent('.playground', 'dragenter', { dataTransfer });
    await expect.poll(() => overlay.textContent()).toContain('Nothing leaves this browser');
    await page.dispatchEvent('body', 'dragleave', { dataTransfer });
    await expect.poll(() => overlay.count()).toBe(1);
    await page.dispatchEvent('.playground', 'dragleave', { dataTransfer });
    await expect.poll(() => overlay.count()).toBe(0);
    await page.dispatchEvent('.cm-content', 'drop', { dataTransfer });
    await page.locator('.file-view').waitFor();
    // It takes the place of the editor, which does not get the text.
    await expect.poll(() => page.locator('.cm-content').count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.locator('.cm-content').textContent()).not.toContain('execve');
  });

  it('takes the next file at any time, in the place of the one before', async () => {
    const { page, view, faults } = await opened(POOL);
    await dropFiles(page, [ofProgram('python-imports', 'final.smaps')]);
    await view.locator('.player-title', { hasText: 'final.smaps: a smaps file' }).waitFor();
    await figure(view, 'VMAs').first().waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => view.count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('the button takes files too, packed or not', async () => {
    const { page } = await open();
    const buffer = gzipSync(readFileSync(conformance('programs/guard-pool/trace.strace')));
    const input = page.locator('.file-button input[type="file"]').first();
    await input.setInputFiles({ name: 'anything.bin', mimeType: 'application/octet-stream', buffer });
    await page.locator('.file-view .player-title', { hasText: 'anything.bin: a strace log' }).waitFor();
    await page.locator('.call-row', { hasText: 'exit_group' }).waitFor();
  });

  it('a scenario goes into the editor', async () => {
    const { page } = await open();
    await dropFiles(page, [
      { name: 'x', bytes: '{"id":"mine","ops":[{"op":"mmap","page":3,"pages":5,"prot":"r"}]}\n' },
    ]);
    const strip = page.locator('.playground .strip').first();
    await expect.poll(() => strip.getAttribute('aria-label')).toContain('A is pages 3 to 7, r--p anon');
  });

  it('a recording opens at its first scenario, in its kernel', async () => {
    // Not in the shared playground: it keeps the kernel that it shows.
    const { page } = await site.visit('/playground');
    await page.locator('.cm-content').waitFor();
    await dropFiles(page, [{ name: 'x', bytes: readFileSync(conformance('recordings/kernels/6.18.15.jsonl.gz')) }]);
    await expect.poll(() => decodeShare(new URL(page.url()).hash).profile).toMatch(/^6\.18\.15/);
    const scenarios = page.locator('.scenario-select');
    await expect.poll(() => scenarios.textContent()).toMatch(/x, scenario 1 of 1,\d{3}/);
    await scenarios.getByRole('button', { name: 'Next' }).click();
    await scenarios.getByText(/scenario 2 of/).waitFor();
    await scenarios.getByRole('combobox').selectOption({ label: 'mseal.basic' });
    await page.locator('.cm-content', { hasText: 'mseal' }).waitFor();
  });

  it('a log that is pasted into the editor opens as a file', async () => {
    const { page } = await open();
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.cm-content')?.dispatchEvent(paste);
    }, POOL[0]?.bytes.toString() ?? '');
    await page.locator('.file-view .player-title', { hasText: 'pasted strace log: a strace log' }).waitFor();
  });

  const WRONG: readonly (readonly [string, TestFile, string])[] = [
    ['something else', { name: 'photo.strace', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]) }, 'a picture'],
    ['an empty file', { name: 'nothing', bytes: '' }, 'nothing is empty'],
    ['a file packed twice', { name: 'x.gz', bytes: gzipSync(gzipSync('munmap(0x1000, 4096) = 0\n')) }, 'packed twice'],
    ['a wrong scenario', { name: 'x', bytes: '{"id":"a","ops":[{"op":"mmap","page":"3"}]}' }, 'x:1:38'],
    [
      'a broken smaps',
      {
        name: 'broken.smaps',
        bytes: '1000-2000 rw-p 00000000 00:00 0\nSize:   4 kB\n1000-3000 rw-p 00000000 00:00 0\n',
      },
      'broken.smaps:3',
    ],
  ];
  it.each(WRONG)('%s gives an error that says what and where', async (_, file, text) => {
    const { page } = await open();
    await dropFiles(page, [file]);
    await page.locator('[role="alert"]', { hasText: text }).first().waitFor();
  });
});

describe('files that came together', () => {
  const second: TestFile = { name: 'second.strace', bytes: 'munmap(0x1000, 4096) = 0\n' };

  it('a second log, a third map and a stray file are named: none is dropped without a word', async () => {
    const stray: TestFile = { name: 'notes.txt', bytes: 'buy milk\n' };
    const more = { ...ofProgram('guard-pool', 'final.smaps'), name: 'more.smaps' };
    const { view } = await opened([...POOL, second, more, stray]);
    expect((await view.locator('.problems li').allTextContents()).sort()).toEqual([
      'Not shown: more.smaps: one map is shown at a time',
      expect.stringMatching(/^Not shown: notes\.txt: not a strace log/),
      expect.stringMatching(/^Not shown: second\.strace: one log is shown at a time; .*strace -ff/),
    ]);
    await expect.poll(() => figure(view, 'VMAs at the peak').textContent()).toBe('32');
  });

  it('a folder is opened by what is in it', async () => {
    const { page } = await open();
    await page.evaluate(
      (files) => {
        const entries = files.map(({ name, text }) => ({
          name,
          isDirectory: false,
          file: (done: (file: File) => void) => done(new File([text], name)),
        }));
        const folder = {
          name: 'folder',
          isDirectory: true,
          createReader: () => ({ readEntries: (done: (some: unknown[]) => void) => done(entries.splice(0, 2)) }),
        };
        const event = new Event('drop', { bubbles: true, cancelable: true });
        const dataTransfer = {
          files: [new File([], 'folder')],
          items: [{ webkitGetAsEntry: () => folder }],
          types: ['Files'],
        };
        Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
        document.querySelector('.playground')?.dispatchEvent(event);
      },
      POOL.map(({ name, bytes }) => ({ name, text: bytes.toString() })),
    );
    const view = page.locator('.file-view');
    await view.locator('.bigmap > canvas').first().waitFor();
    await expect.poll(() => figure(view, 'the real map at the end').textContent()).toBe('✓ the same');
  });
});

describe('a strace log', () => {
  it('with the maps of its beginning and end: figures, and the real map compared exactly', async () => {
    const { page, view, faults } = await opened(POOL);
    await expect.poll(() => figure(view, 'VMAs at the peak').textContent()).toBe('32');
    await expect.poll(() => figure(view, 'as the log says').textContent()).toBe('✓ all');
    await expect.poll(() => figure(view, 'the real map at the end').textContent()).toBe('✓ the same');
    await expect.poll(() => figure(view, 'to spare').textContent()).toBe('65,498');
    await expect.poll(() => figure(view, 'guards as markers').textContent()).toBe('32 → 26');
    await openTab(view, 'Report');
    await view.getByText('line 152 fails first').or(view.getByText('fails first: mprotect → ENOMEM')).first().waitFor();
    expect(faults).toEqual([]);
    const [log, initial, final] = POOL as [TestFile, TestFile, TestFile];
    const changed = { ...final, bytes: final.bytes.toString().replace(' r-xp ', ' rw-p ') };
    await dropFiles(page, [log, initial, { ...changed, name: 'other-final.smaps' }]);
    await expect.poll(() => figure(view, 'the real map at the end').textContent()).toBe('≠ 1');
    await openTab(view, 'Checks');
    await expect
      .poll(() => view.locator('.final-map tbody tr').allTextContents())
      .toEqual([expect.stringMatching(/perms$/)]);
  });

  it('is stepped by keys, buttons, slider, list and chart, each position as the engine has it', async () => {
    const sim = createForkSim();
    const [log, initial] = POOL as [TestFile, TestFile];
    await sim.loadStrace({ source: log.bytes.toString(), initial: initial.bytes.toString() });
    const rows = await sim.readCalls({ from: 1, count: 1000 });
    const after = (step: number, mark: keyof typeof STEP_MARKS): number =>
      rows.find((row) => row.step > step && (row.marks & STEP_MARKS[mark]) !== 0)?.step ?? 0;
    const { page, view } = await opened(POOL);
    const isAt = async (step: number): Promise<void> => {
      await count(view)
        .filter({ hasText: `${step} / 150` })
        .waitFor();
      const { vmas, log: did } = await sim.jump(step);
      await view
        .locator('.log-map-head .verdict', { hasText: `${vmas} VMAs ${step === 150 ? 'at the end' : 'now'}` })
        .waitFor();
      if (did === null) await view.getByText('Before the first call.').waitFor();
      else await view.locator('.log-call code', { hasText: did.text }).waitFor();
    };
    // It opens at its peak, from which every jump leads somewhere: after the last one comes the first.
    await isAt(146);
    await page.locator('h1').click();
    await page.keyboard.press('m');
    await view.locator('.log-said', { hasText: 'From the beginning again' }).waitFor();
    await isAt(after(0, 'merged'));
    const fork = view.getByRole('button', { name: 'next fork 0 k' });
    expect([await fork.isDisabled(), await fork.getAttribute('title')]).toEqual([true, 'the log has no fork']);
    await page.keyboard.press('Home');
    await isAt(0);
    await page.keyboard.press('m');
    await isAt(after(0, 'merged'));
    await view.locator('.happened', { hasText: 'Merged:' }).waitFor();
    await page.keyboard.press('r');
    await isAt(after(after(0, 'merged'), 'refused'));
    await view.locator('.happened', { hasText: 'Refused:' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await isAt(after(after(0, 'merged'), 'refused') - 1);
    await view.getByLabel('call', { exact: true }).fill('17');
    await page.keyboard.press('Enter');
    await isAt(17);
    const slider = view.getByRole('slider', { name: 'Call' });
    await slider.focus();
    await page.keyboard.press('PageUp');
    await isAt(32);
    await view.locator('.call-row', { hasText: /^34/ }).click();
    await isAt(34);
    await page.keyboard.press('ArrowDown');
    await isAt(35);
    await view.getByRole('button', { name: 'peak' }).click();
    await isAt(146);
    await slider.click({ position: { x: 2, y: 20 } });
    await isAt(0);
    await page.locator('h1').click();
    await page.keyboard.press('p');
    await count(view).filter({ hasText: '3 / 150' }).waitFor();
    await page.keyboard.press('p');
    await sim.dispose();
  });

  it('of several processes shows any of them', async () => {
    const files = ['trace.strace', 'initial.smaps'].map((name) => ofProgram('forking-server', name));
    const { page, view } = await opened(files);
    await page.locator('h1').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('k');
    await view.locator('.happened', { hasText: 'Fork:' }).waitFor();
    await page.keyboard.press('ArrowRight');
    const process = view.getByRole('combobox', { name: /^Process/ });
    const options = await process.locator('option').allTextContents();
    expect(options[1]).toMatch(/^\d+, child of \d+/);
    const vmas = /\((\d+) VMAs\)/.exec(options[1] ?? '')?.[1];
    await process.selectOption({ index: 1 });
    await view.locator('.log-map-head .verdict', { hasText: `${vmas} VMAs now` }).waitFor();
  });

  it('shows parent and child side by side after a fork, then the caller, or the one that is chosen', async () => {
    const files = ['trace.strace', 'initial.smaps'].map((name) => ofProgram('forking-server', name));
    const sim = createForkSim();
    const [log, initial] = files as [TestFile, TestFile];
    const { length } = await sim.loadStrace({ source: log.bytes.toString(), initial: initial.bytes.toString() });
    const fork = (await sim.findStep({ from: 0, mark: 'fork' })) ?? 0;
    const processesAt = async (step: number): Promise<readonly LogProcess[]> =>
      (await sim.jump(step)).log?.processes ?? [];
    const [parent, child] = (await processesAt(fork)) as [LogProcess, LogProcess];
    const { page, view, faults } = await opened(files);
    const maps = view.locator('.log-map');
    const titles = view.locator('.log-map .pane-title');
    const beside = view.getByLabel('beside it');
    // At the end of this log the first process is alone.
    await page.locator('h1').click();
    await page.keyboard.press('End');
    await expect.poll(() => maps.count()).toBe(1);
    await expect.poll(() => beside.count()).toBe(0);
    const goTo = async (step: number): Promise<void> => {
      await view.getByLabel('call', { exact: true }).fill(String(step));
      await page.keyboard.press('Enter');
      await count(view)
        .filter({ hasText: `${step} / ${length}` })
        .waitFor();
    };
    await goTo(fork);
    await expect
      .poll(() => titles.allTextContents())
      .toEqual([
        `process ${parent.logPid}: forking-server (${parent.vmas} VMAs), whose call it is`,
        `process ${child.logPid}, child of ${parent.logPid}: forking-server (${child.vmas} VMAs)`,
      ]);
    const boxes = await Promise.all([0, 1].map((at) => maps.nth(at).locator('canvas').first().boundingBox()));
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    expect(boxes[1]?.x).toBeGreaterThan((boxes[0]?.x ?? 0) + (boxes[0]?.width ?? 0));
    await expect
      .poll(() => maps.nth(1).locator('canvas').first().getAttribute('aria-label'))
      .toContain(`${child.vmas} VMAs of process ${child.logPid}, child of ${parent.logPid}`);
    // What calls later than the fork is seen beside the parent.
    let step = fork;
    let caller: LogProcess | undefined;
    let living = 0;
    for (; step < length && (living < 4 || caller?.logPid === parent.logPid); step++) {
      const { log } = await sim.jump(step + 1);
      caller = log?.processes.find(({ pid }) => pid === log.caller);
      living = log?.processes.length ?? 0;
    }
    await goTo(step);
    await expect
      .poll(() => titles.nth(1).textContent())
      .toContain(`process ${caller?.logPid}, child of ${parent.logPid}`);
    await expect.poll(() => titles.nth(1).textContent()).toContain('whose call it is');
    // Two that do not call: said, and one click away.
    const [, two, three] = (await processesAt(step)).filter(({ logPid }) => logPid !== caller?.logPid);
    await view.getByRole('combobox', { name: /^Process/ }).selectOption(String(two?.logPid));
    await beside.selectOption(String(three?.logPid));
    await expect.poll(() => titles.nth(0).textContent()).toContain(`process ${two?.logPid},`);
    await expect.poll(() => titles.nth(1).textContent()).toContain(`process ${three?.logPid},`);
    await view.getByText(`The call is of process ${caller?.logPid},`).waitFor();
    await view.getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => titles.nth(0).textContent()).toContain(`process ${caller?.logPid},`);
    await beside.selectOption('none');
    await expect.poll(() => maps.count()).toBe(1);
    // The chart is of the chosen process.
    const history = await sim.readHistory({ logPid: caller?.logPid ?? 0 });
    const chart = view.locator('.timeline');
    await expect
      .poll(() => chart.getByRole('slider').getAttribute('aria-valuetext'))
      .toContain(`of process ${caller?.logPid}, from call ${history?.from} to ${(history?.to ?? 0) - 1}`);
    await expect
      .poll(() => chart.locator('.key-vmas .timeline-most').textContent())
      .toBe(`of at most ${history?.peakVmas}`);
    const here = (await processesAt(step)).find(({ logPid }) => logPid === caller?.logPid);
    await expect.poll(() => chart.locator('.key-vmas strong').textContent()).toBe(String(here?.vmas));
    // Page tables are drawn where the log lets the process have some.
    const hasTables = (history?.tablesKb ?? []).some((kb) => kb > 0);
    await expect
      .poll(() => chart.locator('.key-tables strong').allTextContents())
      .toEqual(hasTables ? [`${here?.tablesKb} kB`] : []);
    const peak = chart.getByRole('button', { name: 'peak' });
    await expect.poll(() => peak.getAttribute('title')).toBe(`${history?.peakVmas} VMAs after call ${history?.peak}`);
    await peak.click();
    await count(view)
      .filter({ hasText: `${history?.peak} / ${length}` })
      .waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await sim.dispose();
  });

  it('shows them one above the other at 360 pixels', async () => {
    const files = ['trace.strace', 'initial.smaps'].map((name) => ofProgram('forking-server', name));
    const { page, view } = await opened(files, { width: 360, height: 760 });
    await page.locator('h1').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('k');
    const maps = view.locator('.log-map');
    await maps.nth(1).locator('canvas').first().waitFor();
    const [above, below] = await Promise.all([0, 1].map((at) => maps.nth(at).boundingBox()));
    expect(below?.x).toBe(above?.x);
    expect(below?.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0) - 1);
    expect(await overflow(page)).toBe(0);
  });

  it('on two kernels: the results and the maps that differ', async () => {
    const { view } = await opened(POOL);
    await openTab(view, 'Another kernel');
    await view.locator('.kernels select').selectOption('6.12');
    await view.locator('.kernels', { hasText: '80 calls with another result' }).waitFor();
    const row = view.locator('.compare-table tr', { hasText: 'results unlike the log' });
    await expect.poll(() => row.textContent()).toBe('results unlike the log0≠ 80');
    await expect.poll(() => view.locator('.compared-maps canvas').count()).toBe(2);
    await view.locator('.results-list button').first().click();
    await count(view).filter({ hasText: '16 / 150' }).waitFor();
  });

  it('tells what differs from the real map in groups, and takes another assumption of what was written', async () => {
    const initial = ofProgram('guard-pool', 'initial.smaps');
    const files = [ofProgram('guard-pool', 'trace.strace'), initial, { ...initial, name: 'final.smaps' }];
    const { view } = await opened(files);
    const select = view.getByLabel('Private memory counts as written');
    await expect.poll(() => select.inputValue()).toBe('');
    await select.selectOption('on-map');
    await openTab(view, 'Checks');
    const groups = view.locator('.final-map .difference-groups li');
    await groups.first().waitFor();
    const told = (await groups.allTextContents()).map((text) => Number(/^[\d,]+/.exec(text)?.[0]));
    const all = Number(/[\d,]+/.exec((await figure(view, 'the real map at the end').textContent()) ?? '')?.[0]);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(all);
    // What is chosen goes into the saved figures, and stands in the link.
    await select.selectOption('never');
    await view.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => decodeShare(new URL(view.page().url()).hash).faults).toBe('never');
  });

  it('lists the lines that cannot be read, each with its place', async () => {
    const { bytes } = ofProgram('guard-pool', 'trace.strace');
    const lines = bytes.toString().split('\n');
    lines.splice(4, 0, 'mmap(this is no call', 'nor is this');
    const { view } = await opened([{ name: 'bad.strace', bytes: lines.join('\n') }]);
    const [first] = await view.locator('.figures dt').allTextContents();
    expect(first).toBe('lines not read');
    await expect.poll(() => figure(view, 'lines not read').textContent()).toBe('2 of 163');
    await openTab(view, 'Checks');
    await view.locator('.unreadable summary', { hasText: '2 lines could not be read' }).click();
    await expect
      .poll(() => view.locator('.unreadable li').allTextContents())
      .toEqual([expect.stringMatching(/^bad\.strace:5:\d+: /), expect.stringMatching(/^bad\.strace:6:\d+: /)]);
  });

  it('fits a link, with the maps that came along and the call that is shown', async () => {
    const { page, view, faults } = await opened(POOL);
    await page.locator('h1').click();
    await page.keyboard.press('Home');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await count(view).filter({ hasText: '5 / 150' }).waitFor();
    await view.locator('.log-where', { hasText: 'call 5,' }).waitFor();
    const shown = await view.locator('.log-call').textContent();
    await view.getByRole('button', { name: 'Copy link' }).click();
    // The address may still hold the link of another test.
    await expect
      .poll(() => decodeShare(new URL(page.url()).hash))
      .toMatchObject({ step: 5, files: [{ name: 'trace.strace' }, {}, {}] });
    await expect.poll(() => view.locator('.share-said').textContent()).toContain('holds the files');

    const again = await site.visit(page.url().slice(site.base.length));
    const linked = again.page.locator('.file-view');
    await linked.locator('.bigmap > canvas').first().waitFor();
    await count(linked).filter({ hasText: '5 / 150' }).waitFor();
    await expect.poll(() => linked.locator('.log-call').textContent()).toBe(shown);
    await openTab(linked, 'Checks');
    await expect.poll(() => linked.locator('.final-map summary').textContent()).toContain('final.smaps');

    // Closed, the editor is back, and the link says nothing of files.
    await linked.getByRole('button', { name: 'Close' }).click();
    await again.page.locator('.cm-content').waitFor();
    await expect.poll(() => decodeShare(new URL(again.page.url()).hash).files).toBeUndefined();
    expect([...faults, ...again.faults]).toEqual([]);
  });

  it('that is too long for a link says so, and leaves the address alone', async () => {
    // Lines that all differ do not pack.
    const lines = Array.from({ length: 12_000 }, (_, i) => {
      const at = 0x7f00_0000_0000 - 4096 * ((i * 2_654_435_761) % 2 ** 24);
      return `mmap(0x${at.toString(16)}, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x${at.toString(16)}\n`;
    });
    const { page, view } = await opened([{ name: 'long.strace', bytes: lines.join('') }]);
    const url = page.url();
    await view.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => view.locator('.share-said').textContent()).toContain('too long for a link');
    expect(page.url()).toBe(url);
  });

  it('is saved as JSON', async () => {
    const { page, view } = await opened(POOL);
    const [download] = await Promise.all([page.waitForEvent('download'), view.getByText('save JSON').click()]);
    const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(saved).toMatchObject({ file: 'trace.strace', lines: 161, outcome: { peakVmas: 32 }, final: { equal: 32 } });
    expect(saved.history.most).toHaveLength(150);
  });
});

describe('a smaps', () => {
  const SMAPS = [ofProgram('guard-pool', 'final.smaps')];

  it('zooms, pans and is looked through by keys; the chosen VMA says what the rules say of it', async () => {
    const { page, view, faults } = await opened(SMAPS);
    const canvas = view.locator('.bigmap > canvas').first();
    await canvas.focus();
    for (const key of ['+', 'ArrowRight', '-', '0', 'PageDown', 'PageDown']) await page.keyboard.press(key);
    await view.locator('.vma-info', { hasText: 'VMA 2' }).waitFor();
    await view.locator('.vma-info', { hasText: 'fork leaves it to refault'.slice(5) }).waitFor();
    await view.locator('.vma-info', { hasText: 'turns refault into copy' }).waitFor();
    await view.locator('.table-tree summary').click();
    await view.locator('.table-tree', { hasText: 'pgd' }).waitFor();
    await canvas.hover({ position: { x: 30, y: 70 } });
    await view.locator('.bigmap-vma', { hasText: /^[0-9a-f]+-[0-9a-f]+ / }).waitFor();
    for (const scale of ['by page', 'to scale', 'log']) {
      await view.getByLabel(scale).check();
      await expect.poll(() => canvas.getAttribute('aria-label')).toContain(scale === 'log' ? 'logarithm' : scale);
    }
    expect(faults).toEqual([]);
  });

  it('is searched by an address and by the name of a file, and its tabs go by keys', async () => {
    const { page, view } = await opened(SMAPS);
    const find = view.getByLabel('Find');
    await find.fill('libc.so.6');
    await page.keyboard.press('Enter');
    const head = view.locator('.vma-info-head');
    await expect.poll(() => head.textContent()).toContain('libc.so.6');
    const first = await head.textContent();
    await find.press('Enter');
    await expect.poll(() => head.textContent()).not.toBe(first);
    const address = / ([0-9a-f]+)-/.exec(first ?? '')?.[1] ?? '';
    await find.fill(`0x${address}`);
    await find.press('Enter');
    await expect.poll(() => head.textContent()).toBe(first);
    await find.fill('no such file');
    await find.press('Enter');
    await view.getByText('No VMA holds this address or has this name.').waitFor();
    const vmas = view.getByRole('tab', { name: 'VMAs' });
    await vmas.press('ArrowRight');
    const why = view.getByRole('tab', { name: 'Why not merged' });
    expect([await why.getAttribute('aria-selected'), await vmas.getAttribute('tabindex')]).toEqual(['true', '-1']);
    await view.getByRole('tabpanel', { name: 'Why not merged' }).waitFor();
    await page.keyboard.press('Home');
    await view.getByRole('tabpanel', { name: 'Report' }).waitFor();
  });

  it('is a table too, with each pair and each decision', async () => {
    const { view } = await opened(SMAPS);
    await openTab(view, 'VMAs');
    await view.locator('.map-table summary').click();
    await view.locator('.map-table tbody tr').nth(31).waitFor();
    await expect.poll(() => view.locator('.map-table [role="status"]').textContent()).toBe('VMAs 1 to 32 of 32');
    await expect
      .poll(() => view.locator('.map-table tbody tr').first().textContent())
      .toMatch(/r--p.*refault.*‖ flags differ by ex/);
  });

  it('says what could merge, what a fork copies, and what guards as markers would save', async () => {
    const { view } = await opened(SMAPS);
    await openTab(view, 'Why not merged');
    const neighbours = view.getByRole('region', { name: 'Neighbours' });
    await expect.poll(() => neighbours.textContent()).toMatch(/^\d+ pairs touch: \d+ stay apart/);
    await neighbours.locator('tbody tr', { hasText: 'is_mergeable_vma()' }).first().waitFor();
    // One picture of them, not two.
    await expect.poll(() => neighbours.locator('li').count()).toBe(0);
    await openTab(view, 'Fork');
    await view.locator('.map-figures .lab-table tbody tr').first().waitFor();
    await expect.poll(() => view.locator('.map-figures .lab-table tbody tr').count()).toBeGreaterThan(1);
    await expect.poll(() => figure(view, 'guards as markers').textContent()).toBe('32 → 25');
  });

  it('is saved as a picture', async () => {
    const { page, view } = await opened(SMAPS);
    const [download] = await Promise.all([page.waitForEvent('download'), view.getByText('save SVG').click()]);
    const svg = readFileSync(await download.path(), 'utf8');
    expect(svg).toMatch(/^<svg [\s\S]*<title>final\.smaps: 32 VMAs<\/title>[\s\S]*libc\.so\.6[\s\S]*<\/svg>\n$/);
  });
});

describe('much', () => {
  it('65,000 VMAs are drawn, and panning draws a frame for each key', async () => {
    const { page, faults } = await site.visit('/playground', { viewport: WIDE });
    await dropFiles(page, [manyVmas(65_000)]);
    const view = page.locator('.file-view');
    const canvas = view.locator('.bigmap > canvas').first();
    await canvas.waitFor();
    await expect.poll(() => canvas.getAttribute('aria-label')).toContain('65,000 VMAs');
    const pictures = await page.evaluate(async () => {
      const map = document.querySelector<HTMLCanvasElement>('.bigmap > canvas');
      const seen = new Set<string>();
      for (let frame = 0; frame < 60; frame++) {
        map?.dispatchEvent(new KeyboardEvent('keydown', { key: frame < 20 ? '+' : 'ArrowRight', bubbles: true }));
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        seen.add(map?.toDataURL() ?? '');
      }
      return seen.size;
    });
    expect(pictures).toBeGreaterThan(55);
    await openTab(view, 'VMAs');
    await view.locator('.map-table summary').click();
    await view.locator('.map-table tbody tr').nth(99).waitFor();
    await expect.poll(() => view.locator('.map-table [role="status"]').textContent()).toBe('VMAs 1 to 100 of 65,000');
    expect(faults).toEqual([]);
  });

  it('a log of 300,000 lines opens with progress, is cancelled in the middle and usable, and opens to its end', async () => {
    const log = longLog('python-imports', 300_000);
    const { page, faults } = await site.visit('/playground', { viewport: WIDE });
    await page.evaluate(() => {
      const counter = window as unknown as { frames: number };
      counter.frames = 0;
      const tick = (): void => {
        counter.frames++;
        requestAnimationFrame(tick);
      };
      tick();
    });
    const frames = (): Promise<number> => page.evaluate(() => (window as unknown as { frames: number }).frames);
    await dropFiles(page, [log]);
    const view = page.locator('.file-view');
    const progress = view.locator('.file-progress [role="status"]');
    await progress.filter({ hasText: /replaying: [1-9][\d,]{4,} lines/ }).waitFor();
    await view.getByRole('button', { name: 'Cancel' }).click();
    await view.getByText(/^Cancelled after [\d,]+ calls/).waitFor();
    const calls = Number(((await count(view).textContent()) ?? '').split(' / ')[1]?.replaceAll(',', ''));
    expect(calls).toBeGreaterThan(1000);
    expect(calls).toBeLessThan(log.lines);
    await page.locator('h1').click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await count(view)
      .filter({ hasText: `${(calls - 1).toLocaleString('en')} / ` })
      .waitFor();

    const before = await frames();
    await dropFiles(page, [{ ...log, name: 'again.strace' }]);
    await progress.filter({ hasText: /replaying: [1-9][\d,]{4,} lines/ }).waitFor();
    await figure(view, 'VMAs at the peak').waitFor();
    expect((await frames()) - before).toBeGreaterThan(60);
    await openTab(view, 'Report');
    await expect
      .poll(() => view.locator('.figure-notes').textContent())
      .toContain(`of ${log.lines.toLocaleString('en')} lines`);
    await openTab(view, 'Calls');
    const options = view.locator('.call-row');
    await options.last().waitFor();
    await expect.poll(() => options.count()).toBeLessThan(80);
    const size = await options.first().getAttribute('aria-setsize');
    await count(view)
      .filter({ hasText: `/ ${Number(size).toLocaleString('en')}` })
      .waitFor();
    await page.keyboard.press('m');
    await page.locator('h1').click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await view.locator('.call-row-now', { hasText: String(Number(size) - 1) }).waitFor();
    expect(faults).toEqual([]);
  }, 900_000);
});

describe('for everybody', () => {
  const FILES: readonly (readonly [string, readonly TestFile[]])[] = [
    ['a log', POOL],
    ['a smaps', [ofProgram('python-imports', 'final.smaps')]],
  ];
  it.each(FILES)('axe finds nothing in %s, light and dark, with everything open', async (_, files) => {
    const { page, view } = await opened(files);
    await view.locator('.bigmap > canvas').first().focus();
    await page.keyboard.press('PageDown');
    await view.locator('.vma-info .sentences').waitFor();
    const tabs = await view.getByRole('tab').allTextContents();
    for (const name of tabs) {
      await openTab(view, name);
      const closed = view.locator('.tab-panel:not([hidden]) details:not([open]) > summary');
      while ((await closed.count()) > 0) await closed.first().click();
    }
    await view.locator('.map-table tbody tr').first().waitFor({ state: 'attached' });
    await view.locator('.compare-table').waitFor({ state: 'attached' });
    // axe looks at what is seen: at the call, at a VMA and at the kernels.
    for (const name of ['Another kernel', 'VMAs', tabs[0] ?? '']) {
      await openTab(view, name);
      expect([name, await axeFaults(page)]).toEqual([name, []]);
    }
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
    expect(await axeFaults(page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
  });

  it.each(FILES)('%s fits into 360 pixels', async (_, files) => {
    const { page, view } = await opened(files, { width: 360, height: 760 });
    for (const name of await view.getByRole('tab').allTextContents()) {
      await openTab(view, name);
      if (name === 'Another kernel') await view.locator('.compare-table').waitFor();
      expect([name, await overflow(page)]).toEqual([name, 0]);
    }
  });
});
