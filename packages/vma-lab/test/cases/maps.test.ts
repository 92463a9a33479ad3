import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect } from 'vitest';
import type { ReplayReport, SmapsReport } from '../../src/json/index.ts';
import { cli, file, recording } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `vma-lab smaps --json` says of a file. */
async function smaps(path: string, ...more: readonly string[]): Promise<SmapsReport> {
  const { status, out, err } = await cli(['smaps', path, '--json', ...more]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out) as SmapsReport;
}

/** What `vma-lab replay --json` says of a log. */
async function replayed(...args: readonly string[]): Promise<ReplayReport> {
  const { out, err } = await cli(['replay', ...args, '--json']);
  expect(err).toBe('');
  return JSON.parse(out) as ReplayReport;
}

const rowsOf = ({ map }: { readonly map: readonly { start: string; end: string; perms: string }[] }): string[] =>
  map.map(({ start, end, perms }) => `${start.slice(2)}-${end.slice(2)} ${perms}`);

describe('a plain /proc/PID/maps shows no flags', () => {
  const MAPS = caseFile('field/03-maps-as-initial.maps');
  const LOG = caseFile('field/03-maps-as-initial.strace');
  const AT_END = [
    '55d000000000-55d000001000 r-xp',
    '55d000200000-55d000242000 rw-p',
    '7f73baf9c000-7f73bafbd000 rw-p',
    '7fff0f000000-7fff0f021000 rw-p',
  ];

  rightCase(
    'field/03-maps-as-initial.strace',
    { right: 'at the end 4 VMAs (03-maps-as-initial.judge.c on 6.18.44)', before: '7 VMAs, all "refused: ac"' },
    async () => {
      for (const kernel of ['6.12', '6.18', '6.19', '7.3']) {
        const { kernels } = await replayed(LOG, '--initial', MAPS, '--kernel', kernel);
        const first = kernels[0]!.processes[0]!;
        expect(rowsOf(first)).toEqual(AT_END);
        expect(first.assumptions.join(' ')).toContain('shows no flags (maps does not, smaps would)');
      }
    },
  );

  rightCase(
    'the same map as the final one',
    { right: 'what it shows is equal, and it is said that flags are not compared', before: '"flags" differ' },
    async () => {
      const final = file('03-final.maps', `${AT_END.map((row) => `${row} 00000000 00:00 0 `).join('\n')}\n`);
      const args = [LOG, '--initial', MAPS, '--final', final];
      const { kernels } = await replayed(...args);
      expect(kernels[0]!.processes[0]!.final).toMatchObject({ real: 4, equal: 4, flagsUnknown: 4, differences: [] });
      expect((await cli(['replay', ...args])).out.replaceAll(/\s+/g, ' ')).toContain(
        'range, permissions, offset; a maps shows no flags, smaps would',
      );
    },
  );

  rightCase(
    'field/03-maps-as-initial.maps',
    {
      right: 'the two rw-p are taken as written: a fork copies 3 VMAs; no flag is claimed; said what smaps would show',
      before: 'writable memory "left to refault"; "resident 0 pages"',
    },
    async () => {
      const report = await smaps(MAPS);
      expect(report.forks.map(({ copy, residentPages }) => [copy, residentPages])).toEqual(Array(7).fill([3, null]));
      expect(report.map.map(({ flags }) => flags)).toEqual(['rd ex', 'rd wr', '', 'rd wr', 'rd wr']);
      expect(report.map[2]!.above).toMatchObject({ answer: 'never', text: 'flags differ by rd wr' });
      expect(report.notes[0]).toContain('maps shows no flags; smaps would');
      const sim = createForkSim();
      const { notes } = await sim.loadSmaps({ source: readFileSync(MAPS, 'utf8') });
      await sim.dispose();
      expect(notes).toEqual(report.notes);
    },
  );
});

describe('maps as people paste them', () => {
  const CLEAN = readFileSync(caseFile('field/03-maps-as-initial.maps'), 'utf8');
  const FIVE = [
    '55d000000000-55d000001000 r-xp',
    '55d000200000-55d000221000 rw-p',
    '7f73baf9c000-7f73baf9d000 ---p',
    '7f73baf9d000-7f73bafad000 rw-p',
    '7fff0f000000-7fff0f021000 rw-p',
  ];
  const NAMES = ['/srv/daemon', '[heap]', '', '', '[stack]'];
  const each = (change: (line: string, at: number) => string): string =>
    `${CLEAN.trimEnd().split('\n').map(change).join('\n')}\n`;

  for (const n of [1, 2, 3, 4, 5]) {
    rightCase(`field/44-dirty-maps-${n}.maps`, { right: '5 VMAs', before: 'none' }, async () => {
      const report = await smaps(caseFile(`field/44-dirty-maps-${n}.maps`));
      expect(rowsOf(report)).toEqual(FIVE);
      expect(report.map.map(({ name }) => name)).toEqual(NAMES);
    });
  }

  const FORMS: Readonly<Record<string, string>> = {
    'what is left out is marked': each((line, at) => (at === 1 ? `${line}\n...` : line)),
    'in colours': each((line) => `\u001b[01;31m\u001b[K${line.slice(0, 12)}\u001b[m\u001b[K${line.slice(12)}`),
    'behind a debugger': `(gdb) shell cat /proc/4242/maps\n${CLEAN}(gdb) \n`,
    'with tabs': each((line) => line.replace(/ +/g, '\t')),
    'with single blanks': each((line) => line.replace(/ +/g, ' ')),
    'quoted in a web page': each((line) => `&gt; ${line}`),
    'quoted twice': each((line) => `> > ${line}`),
    'with line numbers': each((line, at) => `     ${at + 1}\t${line}`),
    'by grep -n': each((line, at) => `${at + 1}:${line}`),
    'in the kernel log': each((line) => `[12345.678901] daemon[4242]: ${line}`),
    'with CRLF': CLEAN.replaceAll('\n', '\r\n'),
    'behind a byte order mark': `\ufeff${CLEAN}`,
    'with names wrapped by mail': each((line) => line.replace(/ {10,}(?=\S)/, '\n')),
    'with blank lines and prose': `Hello,\nthis is the map:\n\n${each((line) => `${line}\n`)}\nThanks`,
  };
  for (const [form, text] of Object.entries(FORMS)) {
    rightCase(`a map ${form}`, { right: '5 VMAs', before: 'none, or refused' }, async () => {
      const path = file(`dirty-${form.replaceAll(/\W/g, '-')}.maps`, text);
      const report = await smaps(path);
      expect(rowsOf(report)).toEqual(FIVE);
      expect(report.map.map(({ name }) => name)).toEqual(NAMES);
      const { kernels } = await replayed(caseFile('field/03-maps-as-initial.strace'), '--initial', path);
      expect(kernels[0]!.processes[0]!.vmas.end).toBe(4);
    });
  }

  rightCase('a smaps with the prefix of a log', { right: '10 VMAs, with their flags', before: 'refused' }, async () => {
    const text = readFileSync(caseFile('field/52-odd-names-and-flags.smaps'), 'utf8');
    const report = await smaps(
      file(
        'log.smaps',
        text.replace(/^/gm, (_, at) => `08-15 21:17:48.${100 + (Number(at) % 900)} A art: x] `),
      ),
    );
    const clean = await smaps(caseFile('field/52-odd-names-and-flags.smaps'));
    expect(report.map).toEqual(clean.map);
    expect(clean.vmas).toBe(10);
  });

  rightCase(
    'field/44-dirty-maps-1.maps, what is left out',
    { right: 'the prompt is listed with its line', before: 'refused' },
    async () => {
      const report = await smaps(caseFile('field/44-dirty-maps-1.maps'));
      expect(report.notes[0]).toBe('1 line is no part of a map and left out: line 1 ("$ cat /proc/4242/maps").');
    },
  );

  rightCase(
    'field/49-truncated.smaps',
    { right: 'the 27 mappings that are whole; said that the one at 7f2ce5e00000 is not', before: 'refused' },
    async () => {
      const report = await smaps(caseFile('field/49-truncated.smaps'));
      expect(report.vmas).toBe(27);
      expect(report.notes).toEqual([
        'The file breaks off in line 681: the mapping at 7f2ce5e00000 is not whole, and left out.',
      ]);
      const { kernels } = await replayed(
        caseFile('field/03-maps-as-initial.strace'),
        '--initial',
        caseFile('field/49-truncated.smaps'),
      );
      expect(kernels[0]!.processes[0]!.assumptions.join(' ')).toContain(
        'The initial map: the file breaks off in line 681',
      );
    },
  );
});

describe('files of another kind', () => {
  /** One line on standard error and status 2. */
  async function refused(command: string, path: string, message: string): Promise<void> {
    const { status, out, err } = await cli([command, path]);
    expect({ status, out, err }).toEqual({ status: 2, out: '', err: `vma-lab: ${path}:1:1: ${message}\n` });
  }
  const ROLLUP = 'this is smaps_rollup, the sum of all mappings: give /proc/PID/smaps';

  rightCase('field/27-smaps-rollup.smaps', { right: 'refuse, ask for smaps', before: '"1 VMA", 88,742,140 kB' }, () =>
    refused('smaps', caseFile('field/27-smaps-rollup.smaps'), ROLLUP),
  );
  rightCase('field/31-android-showmap.txt', { right: 'no addresses: refuse by name', before: 'refused' }, () =>
    refused(
      'smaps',
      caseFile('field/31-android-showmap.txt'),
      "this is Android's showmap, which has no addresses: give /proc/PID/smaps",
    ),
  );
  for (const [name, message] of [
    ['32-gvisor-strace.txt', "this is gVisor's strace log"],
    ['34-perf-script-mmap.txt', 'this is perf script, which shows mappings but not their ends'],
  ] as const) {
    rightCase(`field/${name}, given to smaps`, { right: 'named', before: 'not named' }, () =>
      refused('smaps', caseFile(`field/${name}`), `${message}: record with strace -f -y -e trace=%memory,%process`),
    );
  }

  const OTHERS: Readonly<Record<string, readonly [text: string, what: string]>> = {
    numa_maps: [
      '55e7e42ee000 default file=/usr/bin/sleep mapped=2 N0=2 kernelpagesize_kB=4\n7ffe820c0000 default stack anon=3\n',
      'numa_maps, which shows neither ends nor permissions: give /proc/PID/smaps',
    ],
    valgrind: ['==14364== Memcheck, a memory error detector\n==14364== Copyright (C)\n', 'the output of valgrind: '],
    'pmap -x': [
      '14316:   sleep 300\nAddress           Kbytes     RSS   Dirty Mode  Mapping\n000055e7e42ee000       8       8       0 r---- sleep\n',
      'the short output of pmap, without offsets: ',
    ],
    pmap: ['14316:   sleep 300\n000055e7e42ee000      8K r---- sleep\n', 'the short output of pmap, without offsets: '],
    'lldb image list': [
      '(lldb) image list\n[  0] 9B8B4D5F-13AA-2B1D 0x0000555555554000 /bin/cat \n',
      "lldb's image list, which has no mappings: ",
    ],
    'an old gdb': [
      'process 7\nMapped address spaces:\n\n  Start Addr   End Addr       Size     Offset objfile\n  0x400000     0x401000     0x1000        0x0 /bin/x\n',
      "an older gdb's info proc mappings, without permissions: ",
    ],
    'a core': ['\x7fELF\x02\x01\x01\0\0\0', 'an ELF file, a program or a core: '],
  };
  for (const [name, [text, what]] of Object.entries(OTHERS)) {
    rightCase(name, { right: 'refused by name', before: '"the start of a mapping in hex is expected"' }, async () => {
      for (const command of ['smaps', 'replay', 'run', 'verify']) {
        const { status, err } = await cli([command, file(`other-${name.replaceAll(' ', '-')}`, text)]);
        expect(status).toBe(2);
        expect(err).toContain(`:1:1: this is ${what}`);
      }
    });
  }

  rightCase(
    'every command, given a file for another',
    { right: 'it says which command reads it', before: 'only what was expected' },
    async () => {
      const strace = caseFile('field/10-mpk-stripes.strace');
      const maps = caseFile('field/03-maps-as-initial.maps');
      const hsErr = caseFile('field/28-hs-err-dynamic-libraries.txt');
      const recorded = recording('recordings/kernels/scenarios.jsonl.gz');
      for (const command of ['smaps', 'run', 'verify']) {
        await refused(command, strace, 'this is a strace log: vma-lab replay reads it');
      }
      for (const command of ['replay', 'run', 'verify']) {
        await refused(command, maps, 'this is a maps file: vma-lab smaps reads it');
        await refused(command, hsErr, "this is a JVM's hs_err file: vma-lab smaps reads it");
      }
      for (const command of ['smaps', 'replay', 'verify']) {
        await refused(command, recorded, 'this is a file of scenarios: vma-lab run reads it');
      }
      const { err } = await cli(['replay', strace, '--initial', strace]);
      expect(err).toBe(`vma-lab: ${strace}:1:1: this is a strace log: vma-lab replay reads it\n`);
    },
  );
});

describe('maps that other tools print', () => {
  rightCase(
    'field/28-hs-err-dynamic-libraries.txt',
    { right: 'its section is /proc/PID/maps: 79 mappings, no flags', before: 'refused' },
    async () => {
      const path = caseFile('field/28-hs-err-dynamic-libraries.txt');
      const report = await smaps(path);
      const lines = readFileSync(path, 'utf8').match(/^[0-9a-f]+-[0-9a-f]+ [-rwxps]{4} .*/gm) ?? [];
      expect(report.vmas).toBe(lines.filter((line) => !line.includes('[vsyscall]')).length);
      expect(report.notes[0]).toBe('Read from the section "Dynamic libraries" of a JVM\'s hs_err file.');
      expect(report.notes[1]).toContain('maps shows no flags; smaps would');
    },
  );

  rightCase('field/29-pmap-X.txt', { right: '18 mappings, with sizes', before: 'refused' }, async () => {
    const report = await smaps(caseFile('field/29-pmap-X.txt'));
    expect(report.vmas).toBe(18);
    expect(report.map[0]).toMatchObject({
      start: '0x55c07d696000',
      end: '0x55c07d6c5000',
      resident: 47,
      perms: 'r--p',
    });
    expect(report.map.find(({ start }) => start === '0x55c0b1924000')!.name).toBe('[heap]');
    expect(report.notes.join(' ')).toContain('maps shows no flags; smaps would');
  });

  const TWO = ['55e7e42f7000-55e7e42f8000 r--p', '55e7e42f8000-55e7e42f9000 rw-p'];
  rightCase('pmap -XX', { right: 'with the flags that it shows', before: 'refused' }, async () => {
    const text = [
      '14316:   sleep 300',
      '         Address Perm   Offset Device  Inode Size KernelPageSize Rss Anonymous ProtectionKey              VmFlags Mapping',
      '    55e7e42f7000 r--p 00009000  fe:00 260875    4              4   4         4             0    rd mr mw me ac sd sleep',
      '    55e7e42f8000 rw-p 0000a000  fe:00 260875    4              4   4         0             0 rd wr mr mw me ac sd sh 7',
      '                                             ==== ============== === ========= ============= ',
      '                                                8              8   8         4             0 KB ',
    ];
    const report = await smaps(file('pmap-XX.txt', `${text.join('\n')}\n`));
    expect(rowsOf(report)).toEqual(TWO);
    expect(report.map.map(({ flags, name }) => [flags, name])).toEqual([
      ['rd mr mw me ac sd', 'sleep'],
      ['rd wr mr mw me ac sd', 'sh 7'],
    ]);
    expect(report.map[0]!.anonymousPages).toBe(1);
    expect(report.notes).toEqual(['Read from the output of pmap, which shows only the last part of a path.']);
  });

  const TOOLS: Readonly<Record<string, readonly string[]>> = {
    "gdb's info proc mappings": [
      'process 14316',
      'Mapped address spaces:',
      '',
      '          Start Addr           End Addr       Size     Offset  Perms  objfile',
      '      0x55e7e42f7000     0x55e7e42f8000     0x1000     0x9000  r--p   /usr/bin/sleep',
      '      0x55e7e42f8000     0x55e7e42f9000     0x1000     0xa000  rw-p   /usr/bin/sleep',
    ],
    "lldb's memory region --all": [
      '(lldb) memory region --all',
      '[0x0000000000000000-0x000055e7e42f7000) ---',
      '[0x000055e7e42f7000-0x000055e7e42f8000) r-- /usr/bin/sleep PT_LOAD[3]',
      '[0x000055e7e42f8000-0x000055e7e42f9000) rw- /usr/bin/sleep PT_LOAD[3]',
      '[0x000055e7e42f9000-0xffffffffffffffff) ---',
    ],
    'an Android tombstone': [
      '*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***',
      "Build fingerprint: 'google/x/y:14/Z'",
      'signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x8',
      'memory map (2 entries): (fault address prefixed with --->)',
      "    000055e7'e42f7000-000055e7'e42f7fff r--      9000      1000  /usr/bin/sleep (BuildId: 0a1b) (load bias 0x1000)",
      "--->000055e7'e42f8000-000055e7'e42f8fff rw-      a000      1000  /usr/bin/sleep (BuildId: 0a1b)",
    ],
  };
  for (const [tool, lines] of Object.entries(TOOLS)) {
    rightCase(tool, { right: 'the mappings that it lists', before: 'refused' }, async () => {
      const report = await smaps(file(`tool-${tool.length}.txt`, `${lines.join('\n')}\n`));
      expect(rowsOf(report)).toEqual(TWO);
      expect(report.map.map(({ name }) => name)).toEqual(['/usr/bin/sleep', '/usr/bin/sleep']);
      expect(report.notes.join(' ')).toMatch(/^Read from .*maps shows no flags; smaps would/);
    });
  }
});

describe('flags that no table here knows, and protection keys', () => {
  rightCase(
    'field/10-mpk-stripes.smaps',
    { right: '3 VMAs, keys 0 | 1 | 2: neither pair can merge', before: '"could merge" twice' },
    async () => {
      const report = await smaps(caseFile('field/10-mpk-stripes.smaps'));
      expect(report.map.map(({ above }) => above)).toEqual([
        { answer: 'never', rule: 'vmFlags', text: 'pkey 0 ≠ 1' },
        { answer: 'never', rule: 'vmFlags', text: 'pkey 1 ≠ 2' },
        null,
      ]);
      expect(report.map.map(({ flags }) => flags.split(' ').at(-1))).toEqual(['sd', 'pkey1', 'pkey2']);
    },
  );

  rightCase(
    'field/10-mpk-stripes.strace',
    { right: 'the 3 VMAs of the smaps (Debian 6.1.192 in qemu -cpu max)', before: '1 VMA, "keys not modelled"' },
    async () => {
      const final = caseFile('field/10-mpk-stripes.smaps');
      const { kernels } = await replayed(caseFile('field/10-mpk-stripes.strace'), '--final', final, '--soft-dirty');
      const [first] = kernels[0]!.processes;
      expect(first!.final).toMatchObject({ real: 3, equal: 3 });
      expect(first!.notModelled).toEqual([]);
    },
  );

  rightCase(
    'maps/pkeys.strace',
    { right: '33 VMAs, keys and execute-only memory as on 6.18.44 (pkeys.judge.c)', before: 'keys left out' },
    async () => {
      const of = (name: string): string => caseFile(`maps/pkeys.${name}`);
      const args = ['--initial', of('initial.smaps'), '--final', of('final.smaps'), '--kernel', '6.18.44'];
      const { kernels } = await replayed(of('strace'), ...args, '--faults', 'never');
      const [first] = kernels[0]!.processes;
      expect(first!.final).toMatchObject({ real: 33, equal: 33, differences: [] });
      expect(first!.results.wrong).toBe(0);
    },
  );

  rightCase(
    'field/52-odd-names-and-flags.smaps',
    { right: '10 VMAs; ?? and zz are kept, and keep VMAs apart', before: 'dropped silently' },
    async () => {
      const path = caseFile('field/52-odd-names-and-flags.smaps');
      const report = await smaps(path);
      expect(report.vmas).toBe(10);
      expect(report.map.flatMap(({ flags }) => /\?\?|zz/.exec(flags)?.[0] ?? [])).toEqual(['??', 'zz']);
      const pair = (flags: string): string =>
        `7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \nSize: 4 kB\nVmFlags: rd wr mr mw me ac ${flags}\n` +
        '7f0000001000-7f0000002000 rw-p 00000000 00:00 0 \nSize: 4 kB\nVmFlags: rd wr mr mw me ac \n';
      for (const word of ['??', 'mt', 'bt', 'zz', 'qx']) {
        const [lower] = (await smaps(file(`word-${word}.smaps`, pair(word)))).map;
        expect(lower!.above).toMatchObject({ answer: 'never', text: `${word} ≠ none` });
      }
    },
  );

  rightCase(
    'an unknown flag in the real map at the end',
    { right: 'compared like any other: equal where it was there at the start', before: '"flags" differ always' },
    async () => {
      const text = (flags: string): string =>
        `7f73baf9d000-7f73bafad000 rw-p 00000000 00:00 0 \nSize: 64 kB\nVmFlags: rd wr mr mw me ac ${flags} \n`;
      const log = file('unmap.strace', 'munmap(0x7f73baf9d000, 4096) = 0\n');
      const at = text('mt').replace('7f73baf9d000-', '7f73baf9e000-');
      const args = [log, '--initial', file('mt.smaps', text('mt')), '--final'];
      expect((await replayed(...args, file('mt-end.smaps', at))).kernels[0]!.processes[0]!.final!.equal).toBe(1);
      const other = (await replayed(...args, file('bt-end.smaps', at.replace('mt', 'bt')))).kernels[0]!.processes[0]!;
      expect(other.final!.differences[0]!.fields).toEqual(['flags']);
    },
  );

  rightCase(
    'PROT_MTE and PROT_BTI in a log',
    { right: 'flags mt and bt, by the arm64 rules: mprotect takes bt away, and leaves mt', before: 'left out' },
    async () => {
      const log = [
        'mmap(0x200000000000, 4096, PROT_READ|PROT_WRITE|PROT_MTE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000000000',
        'mmap(0x200000001000, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000001000',
        'mmap(0x200000003000, 8192, PROT_READ|PROT_EXEC|PROT_BTI, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000003000',
        'mprotect(0x200000004000, 4096, PROT_READ|PROT_EXEC|PROT_MTE) = 0',
      ];
      const { kernels } = await replayed(file('arm.strace', `${log.join('\n')}\n`));
      const map = kernels[0]!.processes[0]!.map;
      expect(map.map(({ flags }) => flags)).toEqual([
        'rd wr mr mw me ac mt',
        'rd wr mr mw me ac',
        'rd ex mr mw me bt',
        'rd ex mr mw me mt',
      ]);
    },
  );
});

describe('maps of other machines', () => {
  const NOT_X86 = 'This is not x86-64 with four levels: ';

  rightCase(
    'field/08-ppc64-64k-pages.smaps',
    { right: 'resident 8 pages = 512 kB; no figure of page tables; verdicts stand', before: '128 pages, x86 tables' },
    async () => {
      const path = caseFile('field/08-ppc64-64k-pages.smaps');
      const report = await smaps(path);
      expect(report.pageSize).toBe(65_536);
      for (const fork of report.forks) expect(fork).toMatchObject({ copy: 7, residentPages: 8, tablesKbAtMost: null });
      expect(report.map.map(({ fork }) => fork.tablesKb)).toEqual(Array(10).fill(null));
      expect(report.map[0]).toMatchObject({ pages: 2, resident: 2, above: { answer: 'never' } });
      expect(report.notes[0]).toBe(
        `${NOT_X86}pages of 64 kB, addresses of 47 bits. What may merge is said by the same rules; its page tables are not known, and not counted.`,
      );
      expect((await cli(['smaps', path])).out).toContain('8 pages, 512 kB');
      const sim = createForkSim();
      expect((await sim.loadSmaps({ source: readFileSync(path, 'utf8') })).notes).toEqual(report.notes);
      expect(await sim.sumUp()).toMatchObject({ childTablesKbAtMost: null, forkTotals: { copy: { vmas: 7 } } });
      await sim.dispose();
    },
  );

  rightCase(
    'hostile/arm.smaps',
    { right: '3 VMAs of arm64, 64 kB pages, 48 bits: 3 PTE and 2 PMD tables of 64 kB', before: '"0 VMAs", status 0' },
    async () => {
      const path = caseFile('hostile/arm.smaps');
      const report = await smaps(path);
      expect(report.vmas).toBe(3);
      expect(report.map[1]!.flags).toBe('rd wr mr mw me ac bt mt');
      expect(report.forks[0]!.tablesKbAtMost).toBe(5 * 64);
      expect(report.notes[0]).toContain(`${NOT_X86}pages of 64 kB, addresses of 48 bits`);
      const sim = createForkSim();
      expect(await sim.loadSmaps({ source: readFileSync(path, 'utf8') })).toMatchObject({ vmas: 3 });
      expect((await sim.readMap()).count).toBe(3);
      await sim.dispose();
    },
  );

  rightCase(
    'hostile/mmap5.smaps',
    { right: '1 VMA; said that its addresses are none of four levels', before: 'internal error' },
    async () => {
      const path = caseFile('hostile/mmap5.smaps');
      const report = await smaps(path);
      expect(report.vmas).toBe(1);
      expect(report.notes[0]).toContain(NOT_X86);
      const { status, err } = await cli(['replay', caseFile('field/03-maps-as-initial.strace'), '--initial', path]);
      expect(status).toBe(2);
      expect(err).toContain('beyond the 47 bits of x86-64 with four levels: a log cannot be replayed on it');
    },
  );

  const mapping = (range: string, name: string, page: number, flags = 'rd wr mr mw me ac'): string =>
    `${range} rw-p 00000000 00:00 0                          ${name}\nSize: 64 kB\nKernelPageSize: ${page} kB\nRss: 64 kB\nAnonymous: 64 kB\nVmFlags: ${flags} \n`;
  const MACHINES: Readonly<Record<string, readonly [text: string, kB: number | null]>> = {
    '4 kB, 48 bits': [mapping('fffff5f00000-fffff5f10000', '[stack]', 4), 12],
    '4 kB, 57 bits': [mapping('fffffff5f00000-fffffff5f10000', '[stack]', 4), 12],
    '4 kB, 39 bits, three levels': [mapping('7fd5a0b000-7fd5a1b000', '[stack]', 4), 8],
    '16 kB, 47 bits, three levels': [mapping('7ffff5f00000-7ffff5f10000', '[stack]', 16), 32],
    '16 kB, 48 bits, four levels': [mapping('fffff5f00000-fffff5f10000', '[stack]', 16), 48],
    '64 kB, 42 bits, two levels': [mapping('3fff5f00000-3fff5f10000', '', 64, 'rd wr mr mw me ac mt'), 64],
    '64 kB, nothing says whose': [mapping('7ffff5f00000-7ffff5f10000', '[stack]', 64), null],
    '8 kB': [mapping('7ffff5f00000-7ffff5f10000', '[stack]', 8), null],
  };
  for (const [machine, [text, kB]] of Object.entries(MACHINES)) {
    rightCase(
      `a smaps of ${machine}`,
      { right: `${kB ?? 'no'} kB of tables, said`, before: '12 kB, or 0 VMAs' },
      async () => {
        const report = await smaps(file(`machine-${machine.replaceAll(/\W/g, '-')}.smaps`, text));
        expect(report.vmas).toBe(1);
        expect(report.forks[0]!.tablesKbAtMost).toBe(kB);
        expect(report.notes[0]).toContain(NOT_X86);
      },
    );
  }

  rightCase('field/26-i386-mmap2.final.smaps', { right: 'a 32-bit process, named', before: 'the same' }, async () => {
    const path = caseFile('field/26-i386-mmap2.final.smaps');
    const { status, err } = await cli(['smaps', path]);
    expect({ status, err }).toEqual({
      status: 2,
      err: `vma-lab: ${path}:1:1: these are the mappings of a 32-bit process: only 64-bit ones can be used here\n`,
    });
  });
});

describe('what a fork copies', () => {
  rightCase(
    'field/18-redis-24g-thp.smaps',
    { right: '12,288 entries to copy instead of 6,291,456; the same tables', before: 'nothing of AnonHugePages' },
    async () => {
      const huge = await smaps(caseFile('field/18-redis-24g-thp.smaps'));
      const small = await smaps(caseFile('field/18-redis-24g.smaps'));
      for (const { entries, hugeEntries, tablesKbAtMost } of huge.forks) {
        expect([entries, hugeEntries, tablesKbAtMost]).toEqual([12_288, 12_288, 49_252]);
      }
      expect(small.forks[0]).toMatchObject({ entries: 6_291_456, hugeEntries: 0, tablesKbAtMost: 49_252 });
      expect(huge.notes[0]).toContain('12,288 huge pages, each one entry for a fork to copy instead of 6,291,456');
    },
  );

  rightCase(
    'a smaps half of huge pages, with swap',
    { right: 'small pages and swapped ones an entry each, 2 MiB one entry', before: 'all as small pages' },
    async () => {
      const text =
        '7f0000000000-7f0000400000 rw-p 00000000 00:00 0 \nSize: 4096 kB\nRss: 2560 kB\nAnonymous: 2560 kB\n' +
        'AnonHugePages: 2048 kB\nSwap: 100 kB\nVmFlags: rd wr mr mw me ac \n';
      const report = await smaps(file('half-huge.smaps', text));
      expect(report.forks[0]).toMatchObject({ residentPages: 640, entries: 128 + 25 + 1, hugeEntries: 1 });
    },
  );

  rightCase(
    'a reserve of a terabyte',
    { right: 'cannot fault: in no figure of fork, listed apart', before: '"up to 2,101,252 kB" of tables' },
    async () => {
      const log =
        'mmap(0x200000000000, 1099511627776, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0) = 0x200000000000\n' +
        'mmap(0x100000000000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x100000000000\n';
      const path = file('reserve.strace', log);
      const { kernels } = await replayed(path);
      const { fork } = kernels[0]!.processes[0]!;
      expect(fork.refault).toEqual({ vmas: 1, pages: 1 });
      expect(fork.reserves).toEqual({ vmas: 1, pages: 2 ** 28 });
      expect(fork.refaultTablesKb).toBe(12);
      const { out } = await cli(['replay', path]);
      expect(out.replaceAll(/\s+/g, ' ')).toContain('no page of them can be faulted in');
    },
  );
});

describe('texts of somebody else', () => {
  /** No sign that a terminal obeys but the end of a line. */
  const RAW = /[^\P{Cc}\n]/u;

  for (const [command, name, shown] of [
    ['smaps', 'esc.smaps', '\\033[31mred'],
    ['replay', 'esc.strace', '\\033[2J'],
  ] as const) {
    rightCase(`hostile/${name}`, { right: 'printed escaped, as ls -b', before: 'raw escape sequences' }, async () => {
      const path = caseFile(`hostile/${name}`);
      for (const more of [['--all'], ['--ascii'], ['--json']]) {
        const { out } = await cli([command, path, ...more]);
        expect(out).not.toMatch(RAW);
        if (more[0] === '--all') expect(out).toContain(shown);
      }
    });
  }

  rightCase('an id of a scenario with a new line in it', { right: 'one line', before: 'two lines' }, async () => {
    const ops = [{ op: 'mmap', page: 1, pages: 1, prot: 'rw' }];
    const text = JSON.stringify({ id: 'a\u001b[2J\u009bb\nforged', ops });
    const { out } = await cli(['run', file('esc.jsonl', `${text}\n`)]);
    expect(out).not.toMatch(RAW);
    expect(out.split('\n')[0]).toContain('a\\033[2J\\233b\\nforged');
  });

  rightCase('the name of a file in an error', { right: 'escaped, one line', before: 'raw, two lines' }, async () => {
    const { err } = await cli(['smaps', '/nowhere/x\u001b[2J\nvma-lab: all is well']);
    expect(err).toBe('vma-lab: /nowhere/x\\033[2J\\nvma-lab: all is well:1:1: no such file\n');
    expect((await cli(['replay', '--x\u001b[2J', 'a'])).err).not.toMatch(RAW);
  });

  rightCase('hostile/win.jsonl', { right: 'InputError', before: 'TypeError' }, async () => {
    const { status, err } = await cli(['run', caseFile('hostile/win.jsonl')]);
    expect(status).toBe(2);
    expect(err).toMatch(/win\.jsonl:1:\d+: .*__proto__/);
    expect(err).not.toContain('internal');
  });
});
