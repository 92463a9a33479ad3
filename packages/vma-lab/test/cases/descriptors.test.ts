import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { ForkReport, ReplayReport } from '../../src/json/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const of = (name: string, what: string): string => caseFile(`field/${name}.${what}`);

/** What `replay --json` says of the first process of a case below `cases/field`, with its maps. */
async function replayed(name: string, log: string = of(name, 'strace')) {
  const maps = ['--initial', of(name, 'initial.smaps'), '--final', of(name, 'final.smaps')];
  const { out } = await cli(['replay', log, ...maps, '--kernel', '6.18.44', '--json']);
  return (JSON.parse(out) as ReplayReport).kernels[0]!.processes[0]!;
}

describe('descriptors that no path opens', () => {
  const DESCRIPTORS = { before: 'ordinary shared memory: 4 VMAs with other flags, and a wrong result' };

  rightCase(
    'field/62-descriptors.strace, of strace without -y',
    { right: 'all 34 VMAs (6.18.44): io_uring, perf, a packet socket by the calls that open them', ...DESCRIPTORS },
    async () => {
      const process = await replayed('62-descriptors');
      expect(process.final).toMatchObject({ real: 34, equal: 34, differences: [] });
      expect(process.results.wrong).toBe(0);
      const why = process.outside.examples.find(({ line }) => line === 6)?.why;
      expect(why).toBe('the driver of the file refused the length, the offset, or a second mapping');
    },
  );

  rightCase(
    'the same as strace -yy prints the socket, and its open left out',
    { right: 'the flags of a socket', before: 'those of an ordinary file' },
    async () => {
      const lines = readFileSync(of('62-descriptors', 'strace'), 'utf8').split('\n');
      const text = lines
        .filter((line) => !/\b(?:socket|setsockopt)\(/.test(line))
        .map((line) => line.replace('MAP_SHARED, 8,', 'MAP_SHARED, 8<PACKET:[48470]>,'));
      const process = await replayed('62-descriptors', file('yy.strace', text.join('\n')));
      expect(process.final).toMatchObject({ real: 34, equal: 34 });
    },
  );

  rightCase(
    'field/63-memfd-secret-seals.strace',
    { right: 'secret memory is lo dd, and is listed; all 34 VMAs (6.18.44)', before: 'ordinary memory, no note' },
    async () => {
      const process = await replayed('63-memfd-secret-seals');
      expect(process.final).toMatchObject({ real: 34, equal: 34 });
      expect(process.results.wrong).toBe(0);
      expect(process.notModelled[0]?.why).toContain('memory that the kernel itself cannot read');
    },
  );

  rightCase(
    '/proc/self/exe, mapped',
    {
      right: 'a link to an ordinary file (6.18.44): nothing that is not modelled',
      before: '"its driver may give it flags"',
    },
    async () => {
      const log = 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</proc/self/exe>, 0) = 0x7f0000000000\n';
      const { out } = await cli(['replay', file('exe.strace', log), '--json']);
      expect((JSON.parse(out) as ReplayReport).kernels[0]!.processes[0]!.notModelled).toEqual([]);
    },
  );

  rightCase(
    'openat2',
    {
      right: 'a file opened for reading only: MAP_SHARED of it may not be written, EACCES',
      before: 'mapped, an assumption',
    },
    async () => {
      const log = [
        'openat2(AT_FDCWD, "/etc/passwd", {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_NO_SYMLINKS}, 24) = 3',
        'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0) = -1 EACCES (Permission denied)',
        'mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0) = 0x7f0000000000',
      ];
      const { out } = await cli(['replay', file('openat2.strace', `${log.join('\n')}\n`), '--json']);
      const process = (JSON.parse(out) as ReplayReport).kernels[0]!.processes[0]!;
      expect(process).toMatchObject({ failedAlike: 1, results: { wrong: 0 }, outside: { count: 0 } });
      expect(process.map[0]?.flags).toBe('rd mr me ms');
      expect(process.assumptions.join()).not.toContain('whose open the log does not show');
    },
  );
});

describe('huge pages of hugetlbfs', () => {
  rightCase(
    'field/61-hugetlb.strace: MAP_HUGETLB, MFD_HUGETLB, SHM_HUGETLB, cuts within a huge page',
    {
      right: 'all 30 VMAs, 7 places, and EINVAL for each cut (6.18.44)',
      before: '28 VMAs, 3 results and 1 place wrong',
    },
    async () => {
      const process = await replayed('61-hugetlb');
      expect(process.final).toMatchObject({ real: 30, equal: 30, differences: [] });
      expect(process).toMatchObject({ results: { wrong: 0 }, places: { checked: 7, wrong: 0 }, failedAlike: 3 });
    },
  );

  rightCase(
    'a smaps of a process with private huge pages, and one of which it has none',
    {
      right:
        '2 huge entries, the VMA is copied; the other one is left to refault (a fork on 6.18.44 makes 40 kB of tables)',
      before: '"refault", and a machine with pages of 2 MiB: Rss and Anonymous leave hugetlb out',
    },
    async () => {
      const vma = (at: string, end: string, kB: number): string =>
        `${at}-${end} rw-p 00000000 00:0f 7 /anon_hugepage (deleted)\nSize: 4096 kB\nKernelPageSize: 2048 kB\nMMUPageSize: 2048 kB\nRss: 0 kB\nAnonymous: 0 kB\nShared_Hugetlb: 0 kB\nPrivate_Hugetlb: ${kB} kB\nVmFlags: rd wr mr mw me de ht \n`;
      const text = `${vma('7f0000000000', '7f0000400000', 4096)}${vma('7f0000800000', '7f0000c00000', 0)}`;
      const { out } = await cli(['fork', file('hugetlb.smaps', text), '--json']);
      const [kernel] = (JSON.parse(out) as ForkReport).kernels;
      expect(kernel?.copy).toMatchObject({ vmas: 1, resident: 1024, entries: 2, hugeEntries: 2 });
      expect(kernel?.refault).toMatchObject({ vmas: 1 });
    },
  );
});

describe('a fork after a log whose last map is known', () => {
  rightCase(
    'field/42-mlock-onfault.strace',
    {
      right: 'the pages that the final smaps has, in replay as in fork of that smaps',
      before: '"sizes are upper bounds"',
    },
    async () => {
      const name = '42-mlock-onfault';
      const maps = ['--initial', of(name, 'initial.smaps'), '--final', of(name, 'final.smaps')];
      const args = ['replay', of(name, 'strace'), ...maps, '--kernel', '6.18.44', '--faults', 'never'];
      const { fork } = (JSON.parse((await cli([...args, '--json'])).out) as ReplayReport).kernels[0]!.processes[0]!;
      const { out } = await cli(['fork', of(name, 'final.smaps'), '--kernel', '6.18.44', '--json']);
      const [kernel] = (JSON.parse(out) as ForkReport).kernels;
      expect(fork.entries).toBeGreaterThan(10);
      expect([fork.copy.vmas, fork.resident, fork.entries, fork.hugeEntries]).toEqual([
        kernel?.copy.vmas,
        kernel?.copy.resident,
        kernel?.copy.entries,
        kernel?.copy.hugeEntries,
      ]);
      const drawn = (await cli(args, { columns: 400 })).out;
      expect(drawn).toMatch(/A fork now .*pages as the final smaps has them/);
      expect(drawn).toMatch(/copy +\d+ VMAs, \d+ pages, \d+ kB resident: \d+ entries/);
      // Without a final map they are bounds.
      expect((await cli(['replay', of(name, 'strace'), '--initial', of(name, 'initial.smaps')])).out).toMatch(
        /copy +\d+ VMAs, at most /,
      );
    },
  );
});
