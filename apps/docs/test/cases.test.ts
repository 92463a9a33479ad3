import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { faultsUseOf, LogReplayer, type RealMap, type SmapsReport, smapsReport } from 'fork-sim';
import { formatCount } from 'fork-sim/words';
import type { Locator, Page } from 'playwright';
import { parseSmaps, type StraceEvent, StraceParser } from 'proc-io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { conformance, dropFiles, type TestFile } from './support/droppedFiles.ts';
import { openSite, type Site } from './support/site.ts';

// The site draws what the command line prints: both ask `fork-sim` for a report. Here each case is dropped on the built page, and its
// figures are held against the report that Node makes of the same file.

const CASES = conformance('cases');
/** A log beside which the maps of its beginning and end stand is dropped together with them. */
const WITH_MAPS = /^(04|05|12-jvm-thread|19|21|22|23|24|36|39|41|42)/;
const KERNEL = '6.19';

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  ({ page } = await site.open('/playground'));
  await page.locator('.cm-content').waitFor();
});
afterAll(() => site.close());

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** A case: a log with the maps that go with it, or a map. */
interface Case {
  readonly name: string;
  readonly log: string;
  readonly initial?: string;
  readonly final?: string;
}

/**
 * The logs of a folder, but for one that touches half a million pages: here each access to an import costs. The test of every case, of
 * the command line and the worker, has it too.
 */
function logsOf(folder: string): Case[] {
  return readdirSync(join(CASES, folder))
    .filter((name) => /\.strace(\.gz)?$/.test(name) && !/^48-|^slow/.test(name))
    .map((name) => {
      const beside = (end: string): string => join(CASES, folder, name.replace(/\.strace(\.gz)?$/, end));
      const maps = WITH_MAPS.test(name);
      const start = name.startsWith('19-') ? '-initial.smaps' : '.initial.smaps';
      return {
        name: `${folder}/${name}`,
        log: join(CASES, folder, name),
        ...(maps ? { initial: beside(start), final: beside(start.replace('initial', 'final')) } : {}),
      };
    })
    .map((one) => (one.name.startsWith('field/26') ? { ...one, initial: undefined } : one)) as Case[];
}

/** What a report in Node says, as the figures of the page are written; a string: why there is none. */
function figuresOf({ log, initial, final }: Case): Readonly<Record<string, string>> | string {
  const name = basename(log);
  const entries = (path: string | undefined) => (path === undefined ? null : parseSmaps(textOf(path)).entries);
  const [start, end] = [entries(initial), entries(final)];
  const real = new Map<number | 'first', RealMap>(end === null ? [] : [['first', { file: name, entries: end }]]);
  const replayer = new LogReplayer({
    profiles: [kernelProfile(KERNEL)],
    final: real,
    faultsUse: faultsUseOf(undefined),
    options: start === null ? {} : { initial: new Map([['first' as const, start]]) },
  });
  const parser = new StraceParser({ file: name });
  let calls = 0;
  const feed = (events: readonly StraceEvent[]): void => {
    for (const event of events) {
      replayer.feed(event);
      if (event.kind === 'call') calls++;
    }
  };
  try {
    feed(parser.push(textOf(log)));
    feed(parser.end());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (calls === 0) return 'no call';
  const [first] = replayer.report().kernels[0]?.processes ?? [];
  if (first === undefined) return 'no process';
  const wrong = first.wrongResults.count + first.wrongPlaces.count;
  return {
    peak: formatCount(first.peakVmas),
    end: formatCount(first.endVmas),
    'merges, splits': `${formatCount(first.merges)}, ${formatCount(first.splits)}`,
    wrong: formatCount(wrong),
    ...(first.final === null ? {} : { differing: formatCount(first.final.differing) }),
  };
}

/** The figures of the page, in the same form. */
async function shownFigures(view: Locator): Promise<Readonly<Record<string, string>>> {
  await view.getByRole('tab', { name: 'Report' }).click();
  await view.locator('.figure-notes').waitFor();
  const shown = await view
    .locator('.figure-notes > div')
    .evaluateAll((all) =>
      all.map((one) => [
        one.querySelector('dt')?.textContent ?? '',
        one.querySelector('dd > strong')?.textContent ?? '',
        one.querySelector('dd')?.textContent ?? '',
      ]),
    );
  const find = (name: string): readonly string[] => shown.find(([title]) => title?.startsWith(name)) ?? [];
  const number = (text: string | undefined): string => /[\d,]+/.exec(text ?? '')?.[0] ?? '0';
  const final = find('the real map');
  return {
    peak: number(find('VMAs at the peak')[1]),
    end: /([\d,]+) at the end/.exec(find('VMAs at the peak')[2] ?? '')?.[1] ?? '',
    'merges, splits': find('merges')[1] ?? '',
    wrong: find('as the log says')[1]?.startsWith('≠') ? number(find('as the log says')[1]) : '0',
    ...(final.length === 0 ? {} : { differing: final[1]?.startsWith('≠') ? number(final[1]) : '0' }),
  };
}

/** What a report in Node says of a map; a string: why there is none. */
function reportOf(path: string): SmapsReport | string {
  try {
    return smapsReport(parseSmaps(textOf(path)), kernelProfile(KERNEL));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function drop(files: readonly TestFile[]): Promise<Locator> {
  const close = page.getByRole('button', { name: 'Close' });
  if ((await page.locator('.file-view').count()) > 0) await close.click();
  await page.locator('.cm-content').waitFor();
  await dropFiles(page, files);
  return page.locator('.file-view');
}

describe('a log says the same on the page and in Node', () => {
  const cases = ['field', 'hostile', 'peers'].flatMap(logsOf);
  it('of every case that there is', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  it.each(cases)('$name', async (one) => {
    const wanted = figuresOf(one);
    const files = [one.log, one.initial, one.final].flatMap((path) =>
      path === undefined ? [] : [{ name: basename(path), bytes: readFileSync(path) }],
    );
    const view = await drop(files);
    if (typeof wanted === 'string') {
      // Refused as a whole: the page says why, and shows no figure.
      await page.locator('[role="alert"], .verdict').filter({ hasText: /\S/ }).first().waitFor();
      await expect.poll(() => view.locator('.figures').count()).toBe(0);
      return;
    }
    await view.locator('.figures').first().waitFor();
    expect(await shownFigures(view)).toEqual(wanted);
  });
});

describe('a map says the same on the page and in Node', () => {
  const maps = readdirSync(join(CASES, 'field')).filter((name) =>
    /^(10|12-jvm-real|18|27|03|52).*\.(smaps|maps)$/.test(name),
  );
  it.each(maps)('field/%s', async (name) => {
    const path = join(CASES, 'field', name);
    const report = reportOf(path);
    const view = await drop([{ name, bytes: readFileSync(path) }]);
    if (typeof report === 'string') {
      await page.locator('[role="alert"]').filter({ hasText: /\S/ }).first().waitFor();
      await expect.poll(() => view.locator('.figures').count()).toBe(0);
      return;
    }
    const { map, guards } = report;
    await view.locator('.figures').first().waitFor();
    const figure = (title: string): Locator =>
      view.locator('.figures > div', { has: page.locator('dt', { hasText: title }) }).locator('.figure-value');
    await expect.poll(() => figure('VMAs').first().textContent()).toBe(formatCount(map.length));
    const best = figure('guards as markers');
    if ((await best.count()) > 0)
      await expect.poll(() => best.textContent()).toBe(`${formatCount(map.length)} → ${formatCount(guards.endVmas)}`);
  });
});
