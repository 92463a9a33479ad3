import { createForkSim } from 'fork-sim/same-thread';
import { overviewFacts } from 'fork-sim/words';
import type { LoadStraceInput } from 'fork-sim/worker';
import { describeInput } from 'proc-io';
import { expect } from 'vitest';
import type { Report, WhatIfReport } from '../../src/json/index.ts';
import { cli, file } from '../cli.ts';
import { rightCase } from './rightCase.ts';

const DAY = Date.parse('2026-11-28T00:00:00Z') / 1000;
const ANON = 'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0';
/** Two ranges with a hole between them, which is filled last: it merges with both only where one of them has no anon_vma. */
const LOG = `7 ${DAY}.000000 mmap(0x10000, 4096, ${ANON}) = 0x10000
7 ${DAY + 1}.000000 mmap(0x12000, 4096, ${ANON}) = 0x12000
7 ${DAY + 2}.000000 mmap(0x11000, 4096, ${ANON}) = 0x11000
`;
const fault = (second: number, address: string): string =>
  `7 2026-11-28 00:00:0${second}.500000 exceptions:page_fault_user: address=${address} ip=0x1 error_code=0x6\n`;
const STACK = `7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]
Anonymous: 4 kB
VmFlags: rd wr mr mw me gd ac
`;
const ONE = fault(0, '0x10000');
const BOTH = `${ONE}${fault(1, '0x12000')}`;

async function report(...args: readonly string[]): Promise<Report> {
  const { out, err } = await cli(['report', ...args, '--json']);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

/** What the worker finds: VMAs at the end, faults recorded, and what it says of page faults. */
async function inWorker(
  input: Partial<LoadStraceInput>,
): Promise<readonly [number | undefined, number | null, string]> {
  const sim = createForkSim();
  const { outcome, faultsRecorded } = await sim.loadStrace({ source: LOG, initial: STACK, ...input });
  const overview = await sim.overview();
  await sim.dispose();
  const fact = overview === null ? undefined : overviewFacts(overview).find(([label]) => label === 'page faults');
  return [outcome?.endVmas, faultsRecorded, fact?.[1] ?? ''];
}

rightCase(
  'a log and the page faults beside it, in report, why, fork, what-if and the worker',
  {
    right: 'two VMAs besides the stack where both ranges were written, one where one was; nothing assumed',
    before: 'replay alone took --fault-log; the worker and the site had no faults',
  },
  async () => {
    const args = [file('log.strace', LOG), '--initial', file('initial.smaps', STACK)];
    const [one, both] = [file('one.perf', ONE), file('both.perf', BOTH)];
    expect((await report(...args, '--fault-log', one)).vmas.now).toBe(2);
    const written = await report(...args, '--fault-log', both);
    expect([written.vmas.now, written.faults?.recorded]).toEqual([3, true]);
    expect(await inWorker({ faultLog: ONE })).toEqual([2, 1, 'recorded by perf, nothing is assumed']);
    expect(await inWorker({ faultLog: BOTH })).toEqual([3, 2, 'recorded by perf, nothing is assumed']);
    const { out } = await cli(['what-if', ...args, '--fault-log', one, '--max-map-count', '9', '--json']);
    expect((JSON.parse(out) as WhatIfReport).before.endVmas).toBe(2);
    for (const command of ['why', 'fork']) {
      const said = await cli([command, ...args, '--fault-log', both, '--json']);
      expect((JSON.parse(said.out) as { readonly notes?: readonly string[] }).notes ?? []).toEqual([]);
    }
  },
);

rightCase(
  'a log with its real map at the end, and no page faults',
  { right: 'the assumption that leads there is named, and what the asked one costs', before: 'replay alone said it' },
  async () => {
    const real = `00010000-00013000 rw-p 00000000 00:00 0\nVmFlags: rd wr mr mw me ac\n${STACK}`;
    const args = [file('end.strace', LOG), '--initial', file('initial.smaps', STACK)];
    const { out } = await cli(['report', ...args, '--final', file('final.smaps', real)]);
    const said = out.replace(/\s+/g, ' ');
    expect(said).toContain(
      'page faults not recorded; these lead to the real map: never (with on-map, 3 differences); with auto, 3 differences',
    );
    const [vmas, recorded, fact] = await inWorker({ final: real });
    expect([vmas, recorded]).toEqual([2, null]);
    expect(said).toContain(fact);
  },
);

rightCase(
  'page faults without their log',
  { right: 'what they are, and how they are given', before: '"not a strace log"' },
  async () => {
    expect(describeInput(BOTH).kind).toBe('faults');
    const { status, err } = await cli(['report', file('alone.perf', BOTH)]);
    expect([
      status,
      err.includes('this is page faults of perf script: give it beside its log: --fault-log FILE'),
    ]).toEqual([2, true]);
    const both = await cli(['report', file('a.strace', LOG), '--fault-log', file('a.perf', BOTH), '--faults', 'never']);
    expect(both.err).toContain('--faults is an assumption, and --fault-log needs none: give one of them');
  },
);

rightCase(
  'the maps of a process after its second execve, in the worker',
  { right: 'the second one for the second program', before: 'the last one given, for both' },
  async () => {
    const log = `5 execve("/bin/sh", ["sh"], 0x7ffc /* 1 var */) = 0
5 clone(child_stack=NULL, flags=SIGCHLD) = 6
6 execve("/bin/env", ["env"], 0x7ffc /* 1 var */) = 0
6 execve("/bin/ls", ["ls"], 0x7ffc /* 1 var */) = 0
6 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
`;
    const later = `00400000-00402000 r--p 00000000 08:01 7 /bin/ls\nVmFlags: rd mr mw me\n${STACK}`;
    const sim = createForkSim();
    const maps = [
      { map: 'initial' as const, pid: 6, exec: 2, source: later },
      { map: 'initial' as const, pid: 6, source: STACK },
    ];
    await sim.loadStrace({ source: log, initial: STACK, maps });
    const overview = await sim.overview({ process: 6 });
    await sim.dispose();
    expect(overview?.vmas).toEqual({ start: 2, peak: 3, now: 3 });
  },
);
