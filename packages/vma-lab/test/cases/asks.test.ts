// The commands that answer one question, on the field cases.
import { describe, expect, it } from 'vitest';
import type { DiffJson } from '../../src/json/diffJson.ts';
import type { ForkJson } from '../../src/json/forkJson.ts';
import type { WhatIfJson } from '../../src/json/whatIfJson.ts';
import type { WhyJson } from '../../src/json/whyJson.ts';
import { cli, file, programFile, recording } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const BEFORE = 'there was no such command';

/** What a command prints with `--json`. */
async function asked<T>(...args: readonly string[]): Promise<T> {
  const { out, err, status } = await cli([...args, '--json']);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  return JSON.parse(out) as T;
}

describe('why', () => {
  const jvm = caseFile('field/12-jvm-real-100-threads.smaps');

  rightCase(
    'why field/12-jvm-real-100-threads.smaps',
    { right: 'no pair could merge; a stack and its guard differ by access, ac and nh', before: BEFORE },
    async () => {
      const { vmas, touching, groups } = await asked<WhyJson>('why', jvm, '--kernel', '6.18');
      expect({ vmas, touching }).toEqual({ vmas: 385, touching: 374 });
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(374);
      expect(groups.every(({ answer }) => answer === 'never')).toBe(true);
      expect(groups.toSorted((a, b) => b.count - a.count)[0]).toMatchObject({
        count: 217,
        rule: 'vmFlags',
        values: "none ≠ VM_READ VM_WRITE VM_ACCOUNT VM_NOHUGEPAGE 'rd wr ac nh'",
        kernelFunction: 'is_mergeable_vma()',
        assumes: [],
      });
    },
  );

  rightCase(
    'why field/12-jvm-real-100-threads.maps',
    { right: 'a maps shows no flags: what could merge rests on them, and it says so', before: BEFORE },
    async () => {
      const { groups, notes } = await asked<WhyJson>('why', caseFile('field/12-jvm-real-100-threads.maps'));
      const could = groups.filter(({ answer }) => answer === 'could');
      expect(could.length).toBeGreaterThan(0);
      expect(could.every(({ assumes }) => assumes.includes('flags'))).toBe(true);
      expect(notes.join()).toContain('maps shows no flags');
    },
  );

  rightCase(
    'why field/10-mpk-stripes.smaps',
    { right: 'neither pair can merge: keys 0 | 1 | 2', before: BEFORE },
    async () => {
      const { pairs } = await asked<WhyJson>('why', caseFile('field/10-mpk-stripes.smaps'));
      expect(pairs.map(({ answer, values }) => `${answer}: ${values}`)).toEqual([
        'never: pkey 0 ≠ 1',
        'never: pkey 1 ≠ 2',
      ]);
    },
  );

  it('an address in a VMA asks about both its neighbours, one where two meet about these', async () => {
    const inside = await asked<WhyJson>('why', jvm, '7f2ce5604100');
    expect(inside.pairs.map(({ upper }) => upper.start)).toEqual(['0x7f2ce5604000', '0x7f2ce5700000']);
    const border = await asked<WhyJson>('why', jvm, '0x7f2ce5604000');
    expect(border.pairs.map(({ upper }) => upper.start)).toEqual(['0x7f2ce5604000']);
  });

  it('an address that no VMA holds: the holes around it', async () => {
    const { out, status } = await cli(['why', jvm, '1000']);
    expect(status).toBe(0);
    expect(out).toContain('no VMA holds this address');
    expect(out).toContain('above: a hole of');
  });

  it('of a log: its last map, with the anon_vmas that the log proves or leaves open', async () => {
    const { out } = await cli(['why', caseFile('field/24-mremap-merge-student.strace')]);
    expect(out).toContain('is_mergeable_anon_vma()');
    expect(out).toContain('A log does not show page faults');
    const { groups } = await asked<WhyJson>('why', caseFile('field/24-mremap-merge-student.strace'));
    expect(groups.find(({ rule }) => rule === 'anonVma')?.assumes).toEqual(['anonVma']);
    expect(groups.find(({ rule }) => rule === 'pgoff')?.assumes).toEqual([]);
  });

  it('of a recording: its kernel and its maps', async () => {
    const { kernel, vmas } = await asked<WhyJson>('why', recording('programs/guard-pool'));
    expect({ kernel, vmas }).toEqual({ kernel: '6.18.44', vmas: 32 });
  });

  it('--all lists each pair, within one line', async () => {
    const { out } = await cli(['why', programFile('guard-pool', 'final.smaps'), '--all']);
    expect(out.split('\n').filter((line) => line.includes(' | ')).length).toBe(26);
  });

  it('one screen, in at most 100 columns', async () => {
    for (const args of [
      ['why', jvm],
      ['why', recording('programs/guard-pool')],
    ]) {
      // The first line has the path, which may be long.
      const [, ...lines] = (await cli(args)).out.split('\n');
      expect(lines.length).toBeLessThan(40);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });
});

describe('fork', () => {
  rightCase(
    'fork field/18-redis-24g.smaps',
    { right: '48 MiB of PTE tables and what is above them; 9 to 23 ms a GB, as Redis measures', before: BEFORE },
    async () => {
      const { kernels, others } = await asked<ForkJson>('fork', caseFile('field/18-redis-24g.smaps'));
      const [one] = kernels;
      expect(one?.copy).toMatchObject({ vmas: 1, entries: 6_291_456, hugeEntries: 0, tablesKbAtMost: 49_252 });
      expect(one?.time.known).toBe(true);
      expect(one?.time.fromMs).toBeGreaterThan(24 * 8);
      expect(one?.time.toMs).toBeLessThan(24 * 25);
      expect(others.map(({ profile }) => profile)).toContain('6.12');
    },
  );

  rightCase(
    'fork field/18-redis-24g-thp.smaps',
    { right: '12,288 entries instead of 6,291,456, the same tables; a hundredth of the time', before: BEFORE },
    async () => {
      const [one] = (await asked<ForkJson>('fork', caseFile('field/18-redis-24g-thp.smaps'))).kernels;
      expect(one?.copy).toMatchObject({ entries: 12_288, hugeEntries: 12_288, tablesKbAtMost: 49_252 });
      expect(one?.time.toMs).toBeLessThan(10);
    },
  );

  rightCase(
    'fork field/12-jvm-real-100-threads.smaps',
    { right: '184 VMAs copied, the 111 stacks as one, guards and reserves apart', before: BEFORE },
    async () => {
      const [one] = (await asked<ForkJson>('fork', caseFile('field/12-jvm-real-100-threads.smaps'))).kernels;
      expect({ copy: one?.copy.vmas, left: one?.refault.vmas, reserves: one?.reserves.vmas }).toEqual({
        copy: 184,
        left: 55,
        reserves: 146,
      });
      expect(one?.groups.find(({ what }) => what === '111 × rw 1008k')).toMatchObject({
        action: 'copy',
        why: 'anon_vma',
      });
      const copied = one?.groups.filter(({ action }) => action === 'copy') ?? [];
      expect(copied.reduce((sum, { vmas }) => sum + vmas, 0)).toBe(184);
    },
  );

  rightCase(
    'fork field/39-v8-dontfork.strace --kernel 6.12,6.18',
    { right: '24 VMAs that the child does not get; both kernels alike', before: BEFORE },
    async () => {
      const log = caseFile('field/39-v8-dontfork.strace');
      const args = ['fork', log, '--initial', caseFile('field/39-v8-dontfork.initial.smaps'), '--kernel', '6.12,6.18'];
      const { kernels } = await asked<ForkJson>(...args);
      expect(kernels.map(({ profile, skip }) => [profile, skip.vmas])).toEqual([
        ['6.12', 24],
        ['6.18', 24],
      ]);
      expect(kernels[0]?.time.known).toBe(false);
      const { out } = await cli(args);
      expect(out).toContain('nothing: 6.12 and 6.18 do the same');
      expect(out).toContain('from no page present to all copied pages present');
    },
  );

  it('a guard makes a kernel that keeps the flag copy what another refaults', async () => {
    const args = ['fork', programFile('guard-pool', 'trace.strace'), '--initial'];
    const { out } = await cli([
      ...args,
      programFile('guard-pool', 'initial.smaps'),
      '--kernel',
      '6.12,6.19',
      '--faults',
      'never',
    ]);
    expect(out).toMatch(/What differs, 6\.12 against 6\.19 {2}\d+ VMA/);
    expect(out).toContain('copy (flags gu)');
  });

  it('one screen, in at most 100 columns', async () => {
    const { out } = await cli(['fork', caseFile('field/12-jvm-real-100-threads.smaps')]);
    const [, ...lines] = out.split('\n');
    expect(lines.length).toBeLessThan(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('diff', () => {
  /** What `diff --json` says of two maps, and the exit status. */
  async function difference(from: string, to: string): Promise<DiffJson & { readonly status: number }> {
    const { out, err, status } = await cli(['diff', from, to, '--json']);
    expect(err).toBe('');
    return { ...(JSON.parse(out) as DiffJson), status };
  }

  rightCase(
    'diff field/12-jvm-thread-guards.{initial,final}.smaps',
    { right: '100 stacks, each a guard of 16 kB and 1008 kB, and nothing else', before: BEFORE },
    async () => {
      const of = (which: string): string => caseFile(`field/12-jvm-thread-guards.${which}.smaps`);
      const { vmas, same, groups, status } = await difference(of('initial'), of('final'));
      expect({ vmas, same, status }).toEqual({ vmas: { from: 23, to: 223 }, same: 23, status: 1 });
      expect(groups.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['added 100 × none 16k + rw 1008k']);
    },
  );

  rightCase(
    'diff field/12-jvm-real-100-threads.smaps .maps',
    { right: 'the same: what maps does not show is not compared', before: BEFORE },
    async () => {
      const of = (which: string): string => caseFile(`field/12-jvm-real-100-threads.${which}`);
      const { equal, same, status } = await difference(of('smaps'), of('maps'));
      expect({ equal, same, status }).toEqual({ equal: true, same: 385, status: 0 });
    },
  );

  rightCase(
    'diff field/42-mlock-onfault.{initial,final}.smaps',
    { right: 'one VMA grew, by brk or mmap beside it', before: BEFORE },
    async () => {
      const of = (which: string): string => caseFile(`field/42-mlock-onfault.${which}.smaps`);
      const { groups } = await difference(of('initial'), of('final'));
      expect(groups.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['grown rw 8k → rw 32k']);
    },
  );

  const line = (range: string, perms: string, rest = '00000000 00:00 0', flags = ''): string =>
    `${range} ${perms} ${rest}\n${flags === '' ? '' : `Rss: 0 kB\nVmFlags: ${flags}\n`}`;
  const MAPS: readonly (readonly [string, string, string])[] = [
    ['merged', line('1000-2000', 'rw-p') + line('2000-4000', 'rw-p'), line('1000-4000', 'rw-p')],
    [
      'split',
      line('1000-4000', 'rw-p'),
      line('1000-2000', 'rw-p') + line('2000-3000', '---p') + line('3000-4000', 'rw-p'),
    ],
    [
      'reshaped',
      line('1000-2000', 'rw-p') + line('2000-9000', '---p'),
      line('1000-4000', 'rw-p') + line('4000-9000', '---p'),
    ],
    ['shrunk', line('1000-4000', 'rw-p'), line('1000-2000', 'rw-p')],
    ['moved', line('1000-4000', 'rw-p'), line('11000-14000', 'rw-p')],
    ['lost', line('1000-4000', 'rw-p') + line('5000-6000', 'r--p'), line('5000-6000', 'r--p')],
    ['changed', line('1000-4000', 'rw-p'), line('1000-4000', 'r--p')],
    [
      'changed',
      line('1000-4000', 'rw-p', undefined, 'rd wr mr mw me ac'),
      line('1000-4000', 'rw-p', undefined, 'rd wr mr mw me ac gu'),
    ],
  ];

  it.each(MAPS)('%s', async (kind, from, to) => {
    const { groups, changes, status } = await difference(file('from.maps', from), file('to.maps', to));
    expect({ status, kinds: groups.map((one) => one.kind) }).toEqual({ status: 1, kinds: [kind] });
    expect(changes).toHaveLength(1);
  });

  it('a flag that was gained is named', async () => {
    const [, from, to] = MAPS.at(-1)!;
    const { groups } = await difference(file('from.maps', from), file('to.maps', to));
    expect(groups[0]).toMatchObject({ text: 'rw 12k: gained gu', gained: 'gu', lost: '' });
  });

  it('a range that another file has now is not the same mapping', async () => {
    const a = line('1000-4000', 'r--p', '00000000 08:01 7 /a');
    const b = line('1000-4000', 'r--p', '00000000 08:01 8 /b');
    const { groups } = await difference(file('from.maps', a), file('to.maps', b));
    expect(groups.map((one) => one.kind).sort()).toEqual(['added', 'lost']);
  });

  it('status 2 where one is no map, and what to do instead', async () => {
    const { err, status } = await cli([
      'diff',
      programFile('guard-pool', 'trace.strace'),
      programFile('guard-pool', 'final.smaps'),
    ]);
    expect(status).toBe(2);
    expect(err).toContain('this is no map: diff compares two smaps or maps');
  });
});

describe('what-if', () => {
  rightCase(
    'what-if field/12-jvm-real-100-threads.smaps --guards markers',
    { right: '385 VMAs become 157 at best', before: BEFORE },
    async () => {
      const answer = await asked<WhatIfJson>(
        'what-if',
        caseFile('field/12-jvm-real-100-threads.smaps'),
        '--guards',
        'markers',
      );
      expect({ before: answer.before.endVmas, after: answer.after.endVmas }).toEqual({ before: 385, after: 157 });
      expect(answer.saved).toEqual({ peak: 228, end: 228 });
    },
  );

  rightCase(
    'what-if field/12-jvm-real-100-threads.strace.gz --max-map-count 200',
    { right: 'mmap fails from line 572 on, 251 times; nothing else', before: BEFORE },
    async () => {
      const args = ['what-if', caseFile('field/12-jvm-real-100-threads.strace.gz'), '--max-map-count', '200'];
      const { calls } = await asked<WhatIfJson>(...args);
      expect(calls).toMatchObject([{ name: 'mmap', before: null, after: 'ENOMEM', count: 251, first: { line: 572 } }]);
      const { out } = await cli(args);
      expect(out).toContain('251 calls would fail that succeeded before, the first on line 572.');
      expect(out).toContain('The log begins without a map');
    },
  );

  rightCase(
    'what-if field/04-mremap-fixed-unmaps-dest.strace --kernel 6.12,6.18',
    { right: 'mremap is EFAULT on 6.12 and succeeds on 6.18: 25 and 27 VMAs at the end', before: BEFORE },
    async () => {
      const of = (which: string): string => caseFile(`field/04-mremap-fixed-unmaps-dest.${which}`);
      const answer = await asked<WhatIfJson>(
        'what-if',
        of('strace'),
        '--initial',
        of('initial.smaps'),
        '--kernel',
        '6.12,6.18',
      );
      expect({ before: answer.before.endVmas, after: answer.after.endVmas }).toEqual({ before: 25, after: 27 });
      expect(answer.calls).toMatchObject([{ name: 'mremap', before: 'EFAULT', after: null, count: 1 }]);
    },
  );

  it('of a recording, with guards as markers: what the replay says', async () => {
    const answer = await asked<WhatIfJson>('what-if', recording('programs/guard-pool'), '--guards', 'markers');
    expect(answer).toMatchObject({
      before: { peakVmas: 32, endVmas: 32 },
      after: { peakVmas: 26, endVmas: 25 },
      guards: { count: 4, tablesKb: 32 },
      calls: [],
    });
  });

  it('one kernel is compared with the own one', async () => {
    const answer = await asked<WhatIfJson>('what-if', recording('programs/guard-pool'), '--kernel', '6.12');
    expect([answer.before.profile, answer.after.profile]).toEqual(['6.19', '6.12']);
  });

  it('without a change there is nothing to try', async () => {
    const { err, status } = await cli(['what-if', recording('programs/guard-pool')]);
    expect(status).toBe(2);
    expect(err).toContain('nothing to try: give --guards markers, --kernel A,B or --max-map-count N');
  });
});

it('a large map shows progress on a terminal, and leaves none behind', async () => {
  const { err } = await cli(['why', caseFile('field/12-jvm-real-100-threads.smaps')], { terminal: true, columns: 400 });
  expect(err).toMatch(/asking the rules of \d+ VMAs/);
  expect(err.endsWith('\r\u001b[2K')).toBe(true);
});

describe('files of other kinds', () => {
  const OTHERS: readonly (readonly [what: string, text: string | Uint8Array, says: string])[] = [
    [
      'vmmap of macOS',
      'REGION TYPE                    START - END         [ VSIZE  RSDNT\n__TEXT 100e2c000-100eb4000\n',
      "this is macOS's vmmap: only processes of Linux",
    ],
    [
      'dtruss of macOS',
      'SYSCALL(args) \t\t = return\nopen(".\\0", 0x0, 0x1)\t\t = 3 0\n',
      "this is macOS's dtruss: only processes of Linux",
    ],
    [
      'procstat of FreeBSD',
      '  PID              START                END PRT  RES PRES REF SHD FLAG  TP PATH\n 1234           0x200000           0x21e000 r--   30   71\n',
      "this is FreeBSD's procstat -v: only processes of Linux",
    ],
    [
      'truss of FreeBSD',
      'mmap(0x0,32768,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANON,-1,0x0) = 34366431232 (0x800665000)\nissetugid()\t\t = 0 (0x0)\n',
      "this is FreeBSD's truss: only processes of Linux",
    ],
    [
      'xz',
      new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]),
      'this is packed by xz: only gzip is unpacked here; unpack it first: xz -dc FILE > UNPACKED',
    ],
    ['zstd', new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 4, 0x58]), 'zstd -dc FILE > UNPACKED'],
    ['no file of any kind', 'Dear reader,\nhello.\n', 'give a copy of /proc/PID/smaps, or a log of strace'],
    ['an empty file', '', 'empty'],
  ];

  it.each(OTHERS)('%s: one line with what to do next', async (name, content, says) => {
    const path = file(`${name.replaceAll(' ', '-')}.txt`, content);
    for (const args of [['report'], ['why'], ['fork'], ['what-if', '--guards', 'markers'], ['smaps'], ['replay']]) {
      const { out, err, status } = await cli([...args, path]);
      expect({ out, status }).toEqual({ out: '', status: 2 });
      expect(err).toContain(says);
      expect(err.trimEnd()).not.toContain('\n');
    }
  });

  it('a folder with neither a recording nor logs in it', async () => {
    const { err, status } = await cli(['why', recording('recordings')]);
    expect(status).toBe(2);
    expect(err).toContain('with neither a recording (meta.json) nor files of strace -ff in it');
  });

  it.each([[['wyh', 'a.smaps']], [['wyh']]])('%s is no command', async (args) => {
    const { err, status } = await cli(args);
    expect(status).toBe(2);
    expect(err).toContain("unknown command 'wyh'");
  });

  it('a file of text is no recording', async () => {
    const { err, status } = await cli(['verify', file('dear.txt', '**Dear** reader,\n')]);
    expect({ status, err: err.replace(/.*dear/, 'dear') }).toEqual({
      status: 2,
      err: 'dear.txt:1:1: this is no JSON\n',
    });
  });
});
