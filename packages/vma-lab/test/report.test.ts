import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LinkedFile } from '../src/html/playgroundLink.ts';
import { cli, file, programFile } from './cli.ts';

const log = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const MMAP = 'mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000';

/** The page that `--html` writes. */
async function pageOf(...args: readonly string[]): Promise<string> {
  const path = file('report.html', '');
  const { status, err } = await cli(['report', ...args, '--html', path]);
  expect([status, err]).toEqual([0, '']);
  return readFileSync(path, 'utf8');
}

/** Names of the elements of a page that are opened, and those that are closed; void elements left out. */
function tags(page: string): { readonly opened: string[]; readonly closed: string[] } {
  const body = page.replace(/<!doctype html>|<(?:meta|br|rect|line|path)\b[^>]*>/g, '');
  const opened = [...body.matchAll(/<([a-z][\w]*)\b[^>]*?(?<!\/)>/gi)].map(([, name]) => name!);
  const closed = [...body.matchAll(/<\/([a-z][\w]*)>/gi)].map(([, name]) => name!);
  return { opened: opened.sort(), closed: closed.sort() };
}

describe('the page of a report', () => {
  it('stands alone: no script, no other file, no network; every element is closed', async () => {
    const page = await pageOf(programFile('node-threads', '.'));
    expect(page).not.toMatch(/<script|<link|<img|@import|src=|url\((?!#hatch)/);
    expect([...page.matchAll(/https?:\/\/[^\s"']+/g)].map(([link]) => link)).toEqual(
      Array(2).fill('http://www.w3.org/2000/svg'),
    );
    const { opened, closed } = tags(page);
    expect(opened).toEqual(closed);
  });

  it('says what the screen says, and draws the map, the history and what takes VMAs', async () => {
    const folder = programFile('node-threads', '.');
    const [page, { out }] = [await pageOf(folder), await cli(['report', folder])];
    const said = out.split('\n').slice(0, 2).join(' ');
    expect(page).toContain(`<h1>${said}</h1>`);
    for (const what of ['VMAs over the calls', 'What takes VMAs at the peak', 'The map at the end', 'A fork now'])
      expect(page).toContain(`<h2>${what}`);
    expect(page.match(/<svg/g)?.length).toBe(3);
  });

  it('is light or dark as the reader has it, by the colours of the site', async () => {
    const page = await pageOf(programFile('true', '.'));
    expect(page).toContain('prefers-color-scheme:dark');
    expect(page).toContain('--anonymous:#0072b2');
    expect(page).toContain('fill="var(--file-soft)"');
  });

  it('shows names as text', async () => {
    const evil = '/tmp/<img src=x onerror=alert(1)>&"';
    const smaps = `00400000-00402000 r--p 00000000 08:01 7 ${evil}\n00500000-00900000 rw-p 00000000 00:00 0\n`;
    const page = await pageOf(file('evil.smaps', smaps));
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img');
  });

  it('that cannot be written is said so', async () => {
    const { status, err } = await cli(['report', file('one.strace', log(MMAP)), '--html', '/nonexistent/a.html']);
    expect(status).toBe(2);
    expect(err).toContain('--html: /nonexistent/a.html: ENOENT');
  });
});

describe('--link', () => {
  it('opens the same files in the playground: the log, and the maps of its recording', async () => {
    const { out } = await cli(['report', programFile('thread-stacks', '.'), '--link'], {
      env: { VMA_LAB_SITE: 'https://example.org/lab/' },
    });
    const [site, fragment = ''] = out.trim().split('#');
    expect(site).toBe('https://example.org/lab/playground');
    // The format of the site's page "Links".
    expect(fragment.slice(0, 3)).toBe('v1.');
    const packed = inflateRawSync(Buffer.from(fragment.slice(3), 'base64url'));
    const { text, profile, files } = JSON.parse(packed.toString()) as {
      text: string;
      profile: string;
      files: LinkedFile[];
    };
    expect([text, profile]).toEqual(['', '6.19']);
    expect(files.map(({ name }) => name)).toEqual(['trace.strace', 'initial.smaps', 'final.smaps']);
    expect(files[0]?.text).toBe(readFileSync(programFile('thread-stacks', 'trace.strace'), 'utf8'));
  });

  it('says so where a log is too long for a link', async () => {
    // Random addresses do not pack.
    const lines = Array.from(
      { length: 9000 },
      (_, at) =>
        `brk(0x${((at * 0x9e37_79b9) % 2 ** 40).toString(16)}) = 0x${((at * 0x85eb_ca6b) % 2 ** 40).toString(16)}`,
    );
    const { status, err } = await cli(['report', file('long.strace', log(MMAP, ...lines)), '--link']);
    expect(status).toBe(2);
    expect(err).toMatch(/is too long for a link: [\d,]+ characters packed, 65,536 at most/);
  });

  it('cannot read standard input twice', async () => {
    const { err } = await cli(['report', '-', '--link'], { stdin: log(MMAP) });
    expect(err).toContain('--link reads its file twice');
  });
});

describe('a litmus file without a command', () => {
  it('is known by what is in it, not by its name', async () => {
    const text = 'mmap 4+2 rw => ok\nvmas 1\n';
    const { status, out } = await cli(['report', file('claims.txt', text)]);
    expect([status, out]).toEqual([0, expect.stringContaining('claims')]);
    const smaps = '55d000000000-55d000001000 rw-p 00000000 00:00 0 [heap]\n';
    expect((await cli([file('map.litmus', smaps)])).out).toContain('1 VMA');
    expect(await cli([file('wrong.litmus', 'mmapp 4+2\n')])).toMatchObject({ status: 2, out: '' });
  });
});
