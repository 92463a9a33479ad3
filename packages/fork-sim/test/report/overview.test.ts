import { readFileSync } from 'node:fs';
import { parseSmaps, parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { LogReplayer, type Overview, type ReplayRequest, smapsOverview, smapsReport } from '../../src/index.ts';
import { smapsSight } from '../../src/report/smapsReport.ts';
import {
  consumerText,
  failureTitle,
  failureWhy,
  growthText,
  headline,
  helpText,
  makerText,
  stackText,
} from '../../src/words/index.ts';

const ANON = 'MAP_PRIVATE|MAP_ANONYMOUS';
const RW = 'PROT_READ|PROT_WRITE';
const AT = 0x7f00_0000_0000;
const EXEC = 'execve("/bin/a", ["a"], 0x7ffd1000 /* 9 vars */) = 0';

const NOBODY = { pid: null, program: null, maxMapCount: 65_530 };

const fieldCase = (name: string): string =>
  readFileSync(new URL(`../../../../conformance/cases/field/${name}`, import.meta.url), 'utf8');

const hex = (address: number): string => `0x${address.toString(16)}`;

/** `mmap` of `kB` at an address, as the log has it. */
function mmap(at: number, kB: number, prot: string = RW, flags: string = ANON): string {
  return `mmap(NULL, ${kB * 1024}, ${prot}, ${flags}, -1, 0) = ${hex(at)}`;
}

function overviewOf(lines: readonly string[], options: ReplayRequest['options'] = {}): Overview {
  const replayer = new LogReplayer({ profiles: [kernelProfile('6.19')], final: new Map(), limits: false, options });
  for (const event of parseStrace(`${lines.join('\n')}\n`)) replayer.feed(event);
  const { overview } = replayer.report().kernels[0]!;
  if (overview === null) throw new Error('no overview');
  return structuredClone(overview);
}

/** The map of a process that has two pages, far from all that the logs here map. */
const START = {
  initial: new Map([['first' as const, parseSmaps('00400000-00402000 r-xp 00000000 08:01 7 /bin/a\n').entries]]),
};

/** Why the last call of a log failed. */
function reason(line: string, before: readonly string[] = [], options: ReplayRequest['options'] = START): string {
  const { failures, maxMapCount } = overviewOf([...before, line], options);
  const last = failures.find(({ lines }) => lines.includes(before.length + 1));
  return last === undefined ? 'it did not fail' : `${last.reason}: ${failureWhy(last, maxMapCount)}`;
}

describe('calls that failed', () => {
  const three = [0, 1, 2].map((at) => mmap(AT - at * 0x10000, 4, 'PROT_READ', `${ANON}`));
  const full = { ...START, maxMapCount: 3 };

  it.each([
    [
      'a mapping above the limit',
      `mmap(NULL, 4096, ${RW}, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`,
      'limit: ',
    ],
    [
      'a new thread',
      'clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = -1 EAGAIN (Resource)',
      'outside: not VMAs: RLIMIT_NPROC',
    ],
    ['a fork', 'fork() = -1 ENOMEM (Cannot allocate memory)', 'outside: not VMAs: memory ran out'],
  ])('%s', (_, line, said) => {
    expect(reason(line, three, full)).toContain(said);
  });

  it('a cut at the limit, and not below it', () => {
    const before = [mmap(AT, 64), mmap(AT + 0x10_0000, 4, 'PROT_READ')];
    const munmap = `munmap(${hex(AT + 0x4000)}, 4096) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(munmap, before, full)).toMatch(/^limit: at the limit of 3, with 3 VMAs: a cut/);
    expect(reason(munmap, before)).toMatch(/^differs: /);
  });

  it('memory that is not to be had: how much was asked for', () => {
    const line = `mmap(NULL, ${3 * 2 ** 30}, ${RW}, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(line)).toContain('outside: not VMAs: the call asks for 3 GiB of accounted memory');
  });

  it('no hole: in all of the address space, or in the low 2 GiB', () => {
    const all = `mmap(NULL, ${2 ** 47}, PROT_NONE, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(all)).toContain('noHole: ');
    const low = `mmap(NULL, ${2 ** 31}, PROT_NONE, ${ANON}|MAP_32BIT, -1, 0) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(low)).toContain('noLowHole: ');
  });

  it('no room above a mapping that may not move', () => {
    const before = [mmap(AT, 64), mmap(AT + 0x10000, 64, 'PROT_READ')];
    const line = `mremap(${hex(AT)}, 65536, 131072, 0) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(line, before)).toContain('noRoom: ');
  });

  it('a hole in the range', () => {
    const line = `mprotect(${hex(AT)}, 131072, PROT_READ) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(line, [mmap(AT, 64)])).toContain('notMapped: ');
  });

  it('without the map at the start: what cuts a VMA may have met the limit, what cuts none has not', () => {
    const before = [mmap(AT, 64)];
    const cut = `mprotect(${hex(AT + 4096)}, 4096, PROT_NONE) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(cut, before, {})).toContain('maybeLimit: the call cuts a VMA and needs one VMA more');
    const large = `mmap(NULL, ${2 ** 33}, ${RW}, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`;
    expect(reason(large, before, {})).toContain('outside: not VMAs: the call asks for 8 GiB');
  });

  it('are counted, those alike together; the shortage comes first', () => {
    const bad = 'munmap(0x7f0000000001, 4096) = -1 EINVAL (Invalid argument)';
    const big = `mmap(NULL, ${2 ** 33}, ${RW}, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`;
    const { failures } = overviewOf([mmap(AT, 64), bad, bad, bad, big, big], START);
    expect(failures.map(failureTitle)).toEqual(['2 × mmap, lines 5, 6: ENOMEM', '3 × munmap, lines 2, 3, 4: EINVAL']);
  });

  it('of another process are told too, by its pid', () => {
    const lines = [
      `7 ${mmap(AT, 64)}`,
      '7 fork() = 8',
      `8 mmap(NULL, ${2 ** 33}, ${RW}, ${ANON}, -1, 0) = -1 ENOMEM (Cannot allocate memory)`,
    ];
    expect(overviewOf(lines).failures.map(({ pid, name }) => [pid, name])).toEqual([[8, 'mmap']]);
  });
});

describe('what takes VMAs', () => {
  /** Stacks of 1 MiB with a guard of 16 kB, one below the other, each made by two calls. */
  const stacks = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => AT - at * 0x10_4000).flatMap((at) => [
      mmap(at, 1040, 'PROT_NONE', `${ANON}|MAP_STACK`),
      `mprotect(${hex(at + 0x4000)}, ${1 << 20}, ${RW}) = 0`,
      `clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0, stack=${hex(at + 0x4000)}, stack_size=0x100000}, 88) = ${at % 1000}`,
    ]);

  it('like VMAs are one line, with the call that mapped them and the number that fills the limit', () => {
    const { consumers, vmas } = overviewOf([EXEC, ...stacks(20)], { maxMapCount: 100 });
    const [first] = consumers;
    expect(vmas.peak).toBe(40);
    expect(first && [consumerText(first), growthText(first)]).toEqual([
      '20 × none 16k + rw 1M (thread stacks)',
      '2 each, full at 50',
    ]);
    expect(first?.made).toMatchObject({ line: 2, calls: 20 });
  });

  it('they are those of the peak, however many were there before and after', () => {
    const gone = [`munmap(${hex(AT - 19 * 0x10_4000)}, ${20 * 0x10_4000}) = 0`, mmap(AT, 4)];
    const { consumers, vmas } = overviewOf([EXEC, ...stacks(20), ...gone]);
    expect(vmas).toEqual({ start: 0, peak: 40, now: 1 });
    expect(consumers[0]?.vmas).toBe(40);
  });

  it('what is mapped once more has another maker', () => {
    const over = `mmap(${hex(AT)}, 4096, PROT_READ, ${ANON}|MAP_FIXED, -1, 0) = ${hex(AT)}`;
    const { consumers } = overviewOf([EXEC, mmap(AT, 64), over]);
    expect(consumers.map(({ made }) => made?.line)).toEqual([3, 2]);
  });

  it('what one place of the program maps is one line, where the log has stacks', () => {
    const from = (place: string): string[] => [
      ' > /usr/lib/libc.so.6(mmap64+0x23) [0x11ba43]',
      ` > /opt/a(std::vector<int>::${place}(int)+0x10) [0x1139]`,
      ' > /opt/a(main+0x20) [0x1200]',
    ];
    const lines = Array.from({ length: 9 }, (_, at) => [
      mmap(AT - at * 0x10_0000, 64),
      ...from(at < 6 ? 'push' : 'pop'),
      'read(3, "", 1) = 0',
      ' > /usr/lib/libc.so.6(read+0x1) [0x1]',
    ]).flat();
    const { consumers } = overviewOf([EXEC, ...lines]);
    expect(consumers.map((one) => [consumerText(one), makerText(one), stackText(one)])).toEqual([
      ['6 × rw 64k', 'line 2 mmap × 6', 'std::vector<int>::push(int) ← main'],
      ['3 × rw 64k', 'line 38 mmap × 3', 'std::vector<int>::pop(int) ← main'],
    ]);
  });

  it('many mappings of one file are a line of their own, libraries are one line', () => {
    const library = (at: number): string =>
      [0, 1, 2]
        .map(
          (part) =>
            `${hex(0x7f10_0000_0000 + at * 0x10000 + part * 4096).slice(2)}-${hex(0x7f10_0000_0000 + at * 0x10000 + part * 4096 + 4096).slice(2)} ${['r--p', 'r-xp', 'rw-p'][part]} 0000${part}000 08:01 ${at + 1} /lib/lib${at}.so`,
        )
        .join('\n');
    const window = (at: number): string =>
      `${hex(AT + at * 8192).slice(2)}-${hex(AT + at * 8192 + 4096).slice(2)} r--s 00000000 08:01 99 /data/index`;
    const text = [...[0, 1, 2, 3].map(library), ...Array.from({ length: 30 }, (_, at) => window(at))]
      .join('\n')
      .replace(/^(.*)$/gm, '$1');
    const sorted = text.split('\n').sort().join('\n');
    const sight = smapsSight(parseSmaps(`${sorted}\n`), kernelProfile('6.19'));
    const { consumers, helps } = smapsOverview(sight, NOBODY);
    expect(consumers.map(consumerText)).toEqual(['30 × r shared 4k index', 'the program and its libraries (4 files)']);
    expect(helps.map(({ kind, saves }) => [kind, saves])).toEqual([['oneMapping', 29]]);
  });
});

describe('an overview of a map', () => {
  it.each(['12-jvm-real-100-threads.smaps', '18-redis-24g-thp.smaps', '08-ppc64-64k-pages.smaps'])(
    'is the same from what is asked at first sight of %s as from a whole report',
    (name) => {
      const read = parseSmaps(fieldCase(name));
      const profile = kernelProfile('6.12');
      const overview = smapsOverview(smapsSight(read, profile), NOBODY);
      expect(overview.consumers.length).toBeGreaterThan(0);
      expect(overview).toEqual(smapsOverview(smapsReport(read, profile), NOBODY));
    },
  );
});

describe('what would help', () => {
  it('a flag that alone keeps neighbours apart, with its saving', () => {
    const lines = Array.from({ length: 8 }, (_, at) => [
      mmap(AT - at * 0x10000, 64),
      ...(at % 2 === 0 ? [] : [`madvise(${hex(AT - at * 0x10000)}, 65536, MADV_DONTDUMP) = 0`]),
    ]).flat();
    const overview = overviewOf([EXEC, ...lines]);
    expect(overview.vmas.now).toBe(8);
    expect(overview.helps.map((help) => helpText(help, overview))).toEqual([
      // Every second pair was one VMA before madvise cut it; the others have anon_vmas of their own.
      '4 VMAs less: only the flag dd (not in a core dump) keeps 4 pairs of neighbours apart',
    ]);
  });
});

describe('the first sentence', () => {
  it('says the number, the call and the limit', () => {
    expect(headline(overviewOf([mmap(AT, 64), mmap(AT - 0x10000, 64, 'PROT_READ')], START))).toBe(
      '3 VMAs at the peak (line 2), 65,527 below the limit of 65,530.',
    );
  });

  it('says nothing of room where the map at the start is not known', () => {
    expect(headline(overviewOf([mmap(AT, 64)]))).toBe('At least 1 VMA at the peak (line 1).');
  });

  it('says so at the limit, where nothing failed', () => {
    const lines = [mmap(AT, 64), mmap(AT - 0x10000, 64, 'PROT_READ')];
    expect(headline(overviewOf(lines, { ...START, maxMapCount: 3 }))).toContain(
      '3 VMAs at the peak (line 2), which is the limit of 3',
    );
    expect(headline(overviewOf(lines, { ...START, maxMapCount: 2 }))).toContain(
      'more than the limit of 2: no call may add one',
    );
  });

  it('says that a log shows no mapping', () => {
    expect(headline(overviewOf(['brk(NULL) = 0x55d000000000']))).toBe('The log shows no mapping of the process.');
  });
});
