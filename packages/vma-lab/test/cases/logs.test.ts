import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import { detectInput, parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../../../scripts/cpuTime.ts';
import { textOf } from '../../src/input/openInput.ts';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `replay --json` says of a log. */
async function replayed(path: string, ...more: string[]): Promise<ReplayReport> {
  const { status, out, err } = await cli(['replay', path, ...more, '--json']);
  expect(err).toBe('');
  expect(status).toBe(0);
  return JSON.parse(out) as ReplayReport;
}

/** The figures of the first process on the first kernel. */
async function figures(path: string, ...more: string[]): Promise<unknown> {
  const { log, kernels } = await replayed(path, ...more);
  const first = kernels[0]?.processes[0];
  return { calls: log.calls, unreadable: log.unreadable, peak: first?.vmas.peak };
}

describe('logs of perf trace', () => {
  const path = caseFile('field/34-perf-trace.txt');

  rightCase('field/34-perf-trace.txt', { right: '12 calls, 12 VMAs', before: 'refused' }, async () => {
    expect(await figures(path)).toEqual({ calls: 12, unreadable: 0, peak: 12 });
    expect((await cli(['smaps', path])).err).toContain('this is a log of perf trace: vma-lab replay reads it');
  });

  it('says of page faults that they are not used, and why', async () => {
    const fault = '     0.600 ( 0.000 ms): ls/9644 minfault [f+0x1] => //anon@0x7f5e362ae008 (d.)\n';
    const mixed = file('faults.perf-trace', readFileSync(path, 'utf8') + fault);
    expect(await figures(mixed)).toEqual({ calls: 12, unreadable: 0, peak: 12 });
    for (const command of ['replay', 'report']) {
      const { out } = await cli([command, mixed]);
      expect(out.replace(/\s+/g, ' ')).toContain(
        'page faults 1 page fault of perf trace, not used: perf trace does not say whether a fault was a write',
      );
      expect((await cli([command, path])).out).not.toContain('of perf trace, not used');
    }
  });
});

describe('logs that went through other hands', () => {
  const right = '4 calls, 3 VMAs at the peak, nothing unread: the clean log says so';
  const dirty = (form: number): string => caseFile(`field/45-dirty-strace-${form}.strace`);

  for (const [form, before] of [
    [3, 'quoted: refused'],
    [5, 'HTML: 3 of 4 calls'],
    [8, 'colours: refused'],
    [9, 'quoted-printable: "no call in this log concerns memory"'],
  ] as const) {
    rightCase(`field/45-dirty-strace-${form}`, { right, before }, async () => {
      expect(detectInput(readFileSync(dirty(form)))).toBe('strace');
      expect(await figures(dirty(form))).toEqual({ calls: 4, unreadable: 0, peak: 3 });
      const sim = createForkSim();
      const answer = await sim.loadStrace({ source: readFileSync(dirty(form), 'utf8') });
      await sim.dispose();
      expect(answer).toMatchObject({ calls: 4, unread: 0, mended: expect.any(Number) });
      expect(answer.mended).toBeGreaterThan(0);
      expect(answer.outcome?.peakVmas).toBe(3);
    });
  }

  rightCase(
    'the log of 45, wrapped by mail at 72 characters',
    { right, before: 'form 10: no call could be read' },
    async () => {
      const clean = readFileSync(dirty(3), 'utf8').replace(/^> /gm, '');
      const wrapped = clean.replace(/^.{73,}$/gm, (line) => line.replace(/^(.{40,72}) /, '$1\n'));
      expect(wrapped.split('\n').length).toBeGreaterThan(clean.split('\n').length);
      expect(await figures(file('wrapped.strace', wrapped))).toEqual({ calls: 4, unreadable: 0, peak: 3 });
    },
  );

  rightCase(
    'the log of 45 in a report, behind 40 lines of prose and in a fence',
    { right: '4 calls, the 42 other lines listed', before: 'refused: the first 25 lines are no log' },
    async () => {
      const clean = readFileSync(dirty(3), 'utf8').replace(/^> /gm, '');
      const report = `${'Some words of a report.\n'.repeat(40)}\`\`\`\n${clean}\`\`\`\n`;
      expect(await figures(file('report.md', report))).toEqual({ calls: 4, unreadable: 42, peak: 3 });
    },
  );

  rightCase(
    'field/14-exec-stack-probe-2005-mail.strace',
    {
      right: '7 calls: PROT_GROWSDOWN EINVAL, then page by page, ENOMEM below the start of the stack; nothing unread',
      before: '3 of 7 calls, 4 lines unread',
    },
    async () => {
      const { log } = await replayed(caseFile('field/14-exec-stack-probe-2005-mail.strace'));
      expect(log).toMatchObject({ lines: 10, calls: 7, unreadable: 0, mended: 8 });
    },
  );

  rightCase('hostile/bom.strace', { right: 'the first line is read', before: 'the first line is lost' }, async () => {
    const { log } = await replayed(caseFile('hostile/bom.strace'));
    expect(log).toMatchObject({ unreadable: 0, mended: 0 });
  });

  rightCase(
    'a log of which no call can be read',
    { right: 'says how many lines could not be read, and why', before: '"no call in this log concerns memory"' },
    async () => {
      const log = file('none.strace', `1 getpid() = 1\n${'1 mmap(what, ever) = 0x1000\n'.repeat(30)}`);
      const { status, err } = await cli(['replay', log]);
      expect(status).toBe(2);
      expect(err).toContain('none.strace:2:8: no call that concerns memory or processes could be read: 30 of 31 lines');
    },
  );
});

describe('files of another kind', () => {
  const refuses = async (args: readonly string[], message: string): Promise<void> => {
    const { status, out, err } = await cli(args);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(status).toBe(2);
  };
  const refused = { before: '"this begins neither a call nor a message of strace"' };

  for (const [name, message] of [
    ['field/32-gvisor-strace.txt', "this is gVisor's strace log: record with strace"],
    [
      'field/34-perf-script-mmap.txt',
      'this is perf script, which shows mappings but not their ends: record with strace',
    ],
    ['field/18-redis-24g.smaps', 'this is a smaps file: vma-lab smaps reads it'],
  ] as const) {
    rightCase(name, { right: `replay says: ${message}`, ...refused }, () =>
      refuses(['replay', caseFile(name)], message),
    );
  }

  rightCase(
    'field/01-coroutine-guard-enomem.strace as a map',
    { right: 'smaps says that replay reads it', before: '"no line of maps or smaps"' },
    async () => {
      const log = caseFile('field/01-coroutine-guard-enomem.strace');
      await refuses(['smaps', log], 'this is a strace log: vma-lab replay reads it');
      await refuses(['verify', log], 'this is a strace log: vma-lab replay reads it');
      await refuses(['replay', log, '--initial', log], 'this is a strace log: vma-lab replay reads it');
    },
  );

  rightCase(
    'hostile/win.jsonl, peers/situations.jsonl for the wrong command',
    { right: 'the command that reads it', before: 'what its first line is not' },
    async () => {
      const scenarios = file('some.jsonl', '{"id":"a","ops":[]}\n');
      await refuses(['replay', scenarios], 'this is a file of scenarios: vma-lab run reads it');
      await refuses(['smaps', scenarios], 'this is a file of scenarios: vma-lab run reads it');
      const recording = file('header.jsonl', '{"kind":"header","format":1,"kernel":"6.19.14"}\n');
      await refuses(['run', recording], 'this is a recording: vma-lab verify reads it');
      const maps = caseFile('field/03-maps-as-initial.maps');
      await refuses(['run', maps], 'this is a maps file: vma-lab smaps reads it');
    },
  );

  rightCase('a packed log, a program', { right: 'what it is, and what to do', before: '"binary data"' }, async () => {
    const xz = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4);
    await refuses(['replay', file('log.xz', xz)], 'this is packed by xz: only gzip is unpacked here; unpack it first');
    const elf = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0);
    await refuses(['smaps', file('core', elf)], 'this is an ELF file, a program or a core');
  });
});

describe('hostile logs', () => {
  for (const [name, lines] of [
    ['redos', [2]],
    ['redosfirst', [1]],
    ['bigint', [2]],
  ] as const) {
    rightCase(
      `hostile/${name}.strace`,
      { right: `line ${lines[0]} is unreadable, at once`, before: 'minutes, or an internal error' },
      async () => {
        const started = cpuTime();
        const { log } = await replayed(caseFile(`hostile/${name}.strace`));
        expect(log.unreadableLines.map(({ line }) => line)).toEqual(lines);
        expect(cpuTime() - started).toBeLessThan(5000);
      },
    );
  }

  rightCase(
    'hostile/deep.jsonl',
    { right: 'an operation is an object: its line and column', before: 'internal error' },
    async () => {
      const { status, err } = await cli(['run', caseFile('hostile/deep.jsonl')]);
      expect(status).toBe(2);
      expect(err).toMatch(/deep\.jsonl:1:18: an operation is an object/);
    },
  );
});

describe('process_madvise', () => {
  const calls = (name: string): unknown[] => {
    const events = [...parseStrace(readFileSync(caseFile(`peers/${name}.strace`)))];
    return events.flatMap((event) => (event.kind === 'call' && event.name === 'process_madvise' ? [event.args] : []));
  };

  rightCase(
    'peers/pm.strace',
    { right: 'its vector, and PIDFD_SELF, which is -10000 (6.18.44)', before: 'PIDFD_SELF is unreadable' },
    () => {
      expect(calls('pm')).toMatchObject([
        { pidfd: { fd: -10_000 }, ranges: [{ addr: 0x7fa5_164b_1000, length: 4096 }], count: 1, advice: 0x66 },
        { pidfd: { fd: -10_000 }, ranges: [{ addr: 0x7fa5_164b_2000, length: 4096 }], count: 1, advice: 0x66 },
      ]);
    },
  );

  rightCase('peers/pm3.strace', { right: 'one range of one page', before: 'decoded' }, () => {
    expect(calls('pm3')).toMatchObject([{ pidfd: { fd: -10_000 }, ranges: [{ length: 4096 }], count: 1 }]);
  });
});

it('a text longer than can be read is refused', async () => {
  const bytes = (async function* () {
    for (;;) yield new Uint8Array(1000).fill(0x61);
  })();
  const input = { name: 'endless', bytes, head: () => new Uint8Array(0) };
  await expect(textOf(input, 10_000)).rejects.toThrow('more than 10000 characters');
});

describe('values of 64 bits', () => {
  rightCase(
    'peers/fl.strace',
    { right: 'every call of line 14 on ends with EINVAL, in the model too', before: 'mseal with all bits is 0' },
    async () => {
      const { log, kernels } = await replayed(caseFile('peers/fl.strace'), '--kernel', '6.18');
      expect(log.unreadable).toBe(0);
      const wrong = kernels[0]?.processes[0]?.results.examples.map(({ line }) => line);
      expect(wrong).not.toContain(19);
    },
  );

  rightCase(
    'mseal(NULL, 0, 0xffffffffffffffff)',
    { right: 'EINVAL: flags must be 0 (6.18.44)', before: 'the model answers 0' },
    async () => {
      const log = file(
        'mseal.strace',
        '1 brk(NULL) = 0x1000\n1 mseal(NULL, 0, 0xffffffffffffffff) = -1 EINVAL (Invalid argument)\n',
      );
      const { kernels } = await replayed(log, '--kernel', '6.18');
      expect(kernels[0]?.processes[0]?.results.wrong).toBe(0);
    },
  );
});

describe('logs of other machines', () => {
  rightCase(
    'field/26-i386-mmap2.strace',
    {
      right: 'a 32-bit process is said; no place, no result and no page table is judged (6.18.44, i386)',
      before: '2 of 2 placements wrong, line 8 mapped',
    },
    async () => {
      const path = caseFile('field/26-i386-mmap2.strace');
      const { kernels } = await replayed(path);
      expect(kernels[0]?.processes[0]).toMatchObject({
        machine: 'a 32-bit process',
        places: { checked: 0, wrong: 0 },
        results: { wrong: 0 },
      });
      const { out } = await cli(['replay', path]);
      expect(out).toMatch(/machine +a 32-bit process: its addresses, its refused calls and its page\s+tables are not/);
      expect(out).not.toMatch(/✓|A fork now|kB of page tables/);
    },
  );

  rightCase(
    'hostile/arm.strace',
    { right: 'addresses above 47 bits are said, and no number of VMAs', before: '0 VMAs at the peak, status 0' },
    async () => {
      const { out, status } = await cli(['replay', caseFile('hostile/arm.strace')]);
      expect(status).toBe(0);
      expect(out).toMatch(/machine +a process with addresses above 47 bits \(arm64, or five levels of page/);
      expect(out).not.toMatch(/at the peak|to spare/);
      const sim = createForkSim();
      const source = readFileSync(caseFile('hostile/arm.strace'), 'utf8');
      const { outcome } = await sim.loadStrace({ source });
      await sim.dispose();
      expect(outcome?.machine).toMatch(/^a process with addresses above 47 bits/);
    },
  );

  rightCase(
    'a log of x86-64 with a mapping below 4 GiB',
    { right: 'is of this machine', before: 'the same' },
    async () => {
      const line = '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_32BIT, -1, 0) = 0x40000000\n';
      const { kernels } = await replayed(file('low.strace', `1 brk(NULL) = 0x55c8c1e74000\n${line}`));
      expect(kernels[0]?.processes[0]?.machine).toBeNull();
    },
  );
});
