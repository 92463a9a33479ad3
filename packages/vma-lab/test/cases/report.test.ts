import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/json/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const field = (name: string): string => caseFile(`field/${name}`);

/** What a report prints, as one line of words. */
async function text(...args: readonly string[]): Promise<string> {
  const { out, err, status } = await cli(args);
  if (status !== 0) throw new Error(err);
  const lines = out.split('\n');
  expect(lines.length).toBeLessThanOrEqual(41);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  return out;
}

/** The first five lines. */
async function first(...args: readonly string[]): Promise<string> {
  const lines = (await text('report', ...args)).split('\n').slice(0, 5);
  return lines.map((line) => line.trim()).join(' ');
}

async function json(...args: readonly string[]): Promise<Report> {
  return JSON.parse((await cli(['report', ...args, '--json'])).out) as Report;
}

const BEFORE = { before: 'no report; smaps and replay said it in parts, on several screens' };

describe('the first five lines of a report', () => {
  rightCase(
    'field/12-jvm-real-100-threads.smaps',
    { right: '385 VMAs, with markers at best 157 (.expect.txt; guards of up to 64 kB)', ...BEFORE },
    async () => {
      const said = await first(field('12-jvm-real-100-threads.smaps'));
      expect(said).toContain(
        '385 VMAs; 118 PROT_NONE guards cost 228 of them; as guard markers there would be, at best, 157.',
      );
    },
  );

  rightCase(
    'field/12-jvm-real-100-threads.strace.gz',
    { right: '374 VMAs that the log shows, 148 with markers; a stack costs two', ...BEFORE },
    async () => {
      const log = field('12-jvm-real-100-threads.strace.gz');
      expect(await first(log)).toContain(
        'At least 374 VMAs at the peak (line 1,133); 119 PROT_NONE guards cost 226 of them; as guard markers the peak would be 148.',
      );
      expect(await text(log)).toMatch(/110 × none 16k \+ rw 1008k \(thread stacks\) +line 76 mmap × 110 +2 each/);
    },
  );

  rightCase(
    'field/12-jvm-thread-guards',
    { right: '100 stacks cost 200 VMAs, 223 in all; 24 with guard markers (judge program, 6.18.44)', ...BEFORE },
    async () => {
      const at = (kind: string): string => field(`12-jvm-thread-guards.${kind}`);
      const said = await first(at('strace'), '--initial', at('initial.smaps'), '--final', at('final.smaps'));
      expect(said).toContain('223 VMAs at the peak');
      expect(said).toContain('100 PROT_NONE guards cost 199 of them; as guard markers the peak would be 24.');
    },
  );

  rightCase(
    'field/37-at-the-limit.strace',
    { right: '65,531 at the peak; munmap in the middle ENOMEM, madvise EAGAIN, brk refused, for the limit', ...BEFORE },
    async () => {
      const log = field('37-at-the-limit.strace');
      const initial = field('37-at-the-limit.initial.smaps.gz');
      const said = await first(log, '--initial', initial);
      expect(said).toContain('10 calls failed at the limit, max_map_count 65,530');
      for (const name of ['mmap', 'munmap', 'mprotect', 'madvise', 'brk']) expect(said).toContain(name);
      expect(said).toContain('the first in line 106: ENOMEM; 65,531 VMAs at the peak (line 105)');
    },
    120_000,
  );

  rightCase(
    'field/06-overcommit-4g.strace',
    { right: 'ENOMEM is overcommit, not VMAs: 4 GiB of accounted memory; far from the limit', ...BEFORE },
    async () => {
      const said = await first(field('06-overcommit-4g.strace'));
      expect(said).toContain('Line 4, mmap, failed with ENOMEM: not VMAs: the call asks for 4 GiB of accounted memory');
      expect(said).toContain('overcommit limit');
      expect(said).toContain('far below the limit of 65,530');
    },
  );

  rightCase(
    'field/18-redis-24g.smaps',
    { right: '24 GiB: 48 MiB of PTE tables and 100 kB above them, 6,291,456 entries', ...BEFORE },
    async () => {
      const said = await first(field('18-redis-24g.smaps'));
      expect(said).toContain('a fork copies 6,291,456 page-table entries and up to 49,252 kB of page tables');
      // Redis measures 10 to 13 ms for each GB: 240 to 312 ms.
      const [, from, to] = /in some (\d+)–(\d+) ms/.exec(said) ?? [];
      expect([Number(from) <= 240, Number(to) >= 312]).toEqual([true, true]);
    },
  );

  rightCase(
    'field/18-redis-24g-thp.smaps',
    { right: 'the same tables, and 12,288 entries instead of 6,291,456', ...BEFORE },
    async () => {
      const said = await first(field('18-redis-24g-thp.smaps'));
      expect(said).toContain('12,288 page-table entries (12,288 huge pages; 6,291,456 with small pages alone)');
      expect(said).toContain('49,252 kB of page tables');
    },
  );

  rightCase(
    'field/01-coroutine-guard-enomem.strace',
    { right: 'the call needs one VMA more, so the process was at the limit', ...BEFORE },
    async () => {
      const said = await first(field('01-coroutine-guard-enomem.strace'));
      expect(said).toContain('Line 2, mprotect, failed with ENOMEM: the call cuts a VMA and needs one VMA more');
      expect(said).toContain('the process was at max_map_count, most likely');
      expect(said).not.toMatch(/\d to spare/);
    },
  );
});

describe('the kind of a source', () => {
  it('is found out, with no command', async () => {
    expect(await text(field('18-redis-24g.smaps'))).toContain('1 VMA, 65,529 below the limit');
    expect(await text(field('06-overcommit-4g.strace'))).toContain('not VMAs');
  });

  it('is a recording where a folder has a meta.json: its maps, its kernel and its limit count', async () => {
    const folder = programFile('thread-stacks', '.');
    const { startsFrom, vmas, kernel } = await json(folder);
    expect({ startsFrom, kernel }).toEqual({ startsFrom: 'map', kernel: '6.18.44' });
    expect(vmas.now).toBe(45);
    expect((await cli([folder])).out).toContain('max_map_count 65,530: 65,485 to spare at the peak');
  });

  it('may be a pid of this machine', async () => {
    const { pid, threads, vmas } = await json(String(process.pid));
    expect({ pid, isCounted: vmas.now > 20 && (threads ?? 0) > 1 }).toEqual({ pid: process.pid, isCounted: true });
  });

  it('is read from standard input', async () => {
    const log = 'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n';
    expect((await cli(['report', '-'], { stdin: log })).out).toContain('At least 1 VMA at the peak (line 1).');
  });

  it('that is of another command is named', async () => {
    const { status, err } = await cli([file('ops.txt.jsonl', '{"id":"a","ops":[]}\n')]);
    expect(status).toBe(2);
    expect(err).toContain('this is a file of scenarios: vma-lab run reads it');
  });

  rightCase(
    'a log whose real map at the end has huge pages',
    {
      right: 'one entry for 2 MiB and 3 for small pages, as the file shows; without it at most 1,024',
      before: 'at most 4 MiB, and nothing of huge pages',
    },
    async () => {
      const smaps = (rss: number, huge: number): string =>
        [
          '7f0000000000-7f0000400000 rw-p 00000000 00:00 0 ',
          `Rss:${`${rss}`.padStart(20)} kB`,
          `Anonymous:${`${rss}`.padStart(14)} kB`,
          `AnonHugePages:${`${huge}`.padStart(10)} kB`,
          'VmFlags: rd wr mr mw me ac ',
          '',
        ].join('\n');
      const log = file('huge.strace', '7 madvise(0x7f0000000000, 4194304, MADV_NORMAL) = 0\n');
      const args = ['report', log, '--initial', file('initial.smaps', smaps(4, 0))];
      const withFinal = [...args, '--final', file('final.smaps', smaps(2060, 2048))];
      const [without, shown] = (await Promise.all([args, withFinal].map((some) => cli([...some, '--json'])))).map(
        ({ out }) => (JSON.parse(out) as Report).fork,
      );
      expect(without).toMatchObject({ copy: 1, pages: 1024, resident: false, entries: null });
      expect(shown).toMatchObject({ copy: 1, pages: 515, resident: true, entries: 4, hugeEntries: 1 });
      const { out } = await cli(withFinal);
      expect(out.replace(/\s+/g, ' ')).toContain('4 page-table entries (1 huge page; 515 with small pages alone)');
    },
  );
});
