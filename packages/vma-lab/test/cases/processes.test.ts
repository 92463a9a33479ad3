import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import type { Overview } from 'fork-sim/worker';
import { expect } from 'vitest';
import type { Report } from '../../src/json/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** A shell that starts a small program by fork and a large one by vfork; the large one runs into the limit on memory. */
const SHELL = `10 execve("/bin/sh", ["sh"], 0x7ffc /* 1 var */) = 0
10 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 11
11 execve("/bin/ls", ["ls"], 0x7ffc /* 1 var */) = 0
11 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
11 exit_group(0) = ?
11 +++ exited with 0 +++
10 vfork() = 12
12 execve("/opt/big", ["big"], 0x7ffc /* 1 var */) = 0
12 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
12 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00000ff000
12 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00000fe000
12 mmap(NULL, 8796093022208, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)
12 exit_group(1) = ?
12 +++ exited with 1 +++
10 exit_group(0) = ?
10 +++ exited with 0 +++
`;

async function json(...args: readonly string[]): Promise<Report> {
  const { out, err } = await cli(['report', ...args, '--json']);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

/** What the worker says of the same log. */
async function inWorker(log: string, process?: number): Promise<Overview> {
  const sim = createForkSim();
  await sim.loadStrace({ source: log });
  const overview = await sim.overview(process === undefined ? {} : { process });
  await sim.dispose();
  if (overview === null) throw new Error('no process');
  return overview;
}

const BEFORE = { before: 'the first process alone, and "2 other processes are in the log"' };

rightCase(
  'a log of a shell and two programs',
  { right: 'each process with its VMAs and failing calls; the one that ran out of memory in detail', ...BEFORE },
  async () => {
    const log = file('shell.strace', SHELL);
    const { out } = await cli(['report', log]);
    const table = out.split('\n').slice(out.split('\n').findIndex((line) => line.startsWith('Processes')));
    expect(table.slice(0, 5).map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      'Processes 3; > is the one below, --process PID another',
      'pid program VMAs at the peak at the end calls that failed',
      '> 12 big ≥ 3 3, exited 1: 1 for memory, not VMAs',
      '10 sh ≥ 1 1, exited',
      '11 ls ≥ 1 1, exited',
    ]);
    expect(out).toContain('/opt/big, pid 12,');
    const { processes, pid, failures } = await json(log);
    expect([pid, failures.map((one) => [one.pid, one.first.line])]).toEqual([12, [[12, 13]]]);
    const worker = await inWorker(SHELL);
    expect([worker.pid, worker.processes, worker.vmas]).toEqual([12, processes, { start: 0, peak: 3, now: 3 }]);
  },
);

rightCase(
  'report --process PID, a process that has ended',
  { right: 'what takes its VMAs, its history; the same in the worker', before: 'no such option' },
  async () => {
    const log = file('chosen.strace', SHELL);
    const said = await json(log, '--process', '11');
    const worker = await inWorker(SHELL, 11);
    expect([said.pid, said.vmas.peak, said.consumers.map(({ vmas }) => vmas)]).toEqual([11, 1, [1]]);
    expect([worker.pid, worker.vmas, worker.consumers]).toEqual([11, said.vmas, expect.any(Array)]);
    expect(worker.consumers.map(({ vmas, made }) => [vmas, made?.line])).toEqual([[1, 5]]);
    const { status, err } = await cli(['report', log, '--process', '99']);
    expect([status, err]).toEqual([
      2,
      `vma-lab: ${log}:1:1: the log shows no process with the pid 99; it shows 10, 11, 12\n`,
    ]);
    expect((await cli(['why', log, '--process', '12'])).out).toContain('2 pairs touch');
    expect((await cli(['fork', log, '--process', '12', '--json'])).status).toBe(0);
  },
);

rightCase(
  'a log of several processes from standard input',
  { right: 'the first in detail: a stream is read once; --process chooses', ...BEFORE },
  async () => {
    const { out } = await cli(['report', '-', '--json'], { stdin: SHELL });
    const { pid, processes } = JSON.parse(out) as Report;
    expect([pid, processes.length]).toEqual([10, 3]);
    const chosen = await cli(['report', '-', '--process', '12', '--json'], { stdin: SHELL });
    expect((JSON.parse(chosen.out) as Report).pid).toBe(12);
  },
);

rightCase(
  'a hundred processes of two programs',
  { right: 'the worst four, and in one line how many of which program there are besides', ...BEFORE },
  async () => {
    const child = (pid: number): string =>
      `10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = ${pid}
${pid} execve("/bin/${pid % 2 === 0 ? 'cc1' : 'as'}", ["x"], 0x7ffc /* 1 var */) = 0
${pid} mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
${pid} exit_group(0) = ?
${pid} +++ exited with 0 +++
`;
    const pids = Array.from({ length: 100 }, (_, at) => 100 + at);
    const log = `10 execve("/bin/make", ["make"], 0x7ffc /* 1 var */) = 0\n${pids.map(child).join('')}`;
    const { out } = await cli(['report', file('make.strace', log)]);
    expect(out).toMatch(/and 97 more, of at most 1 VMA: 48 × cc1, 48 × as, 1 × make/);
    expect(out.split('\n').length).toBeLessThanOrEqual(41);
  },
);

rightCase(
  'a smaps, and --process',
  { right: 'an error that says what to give', before: 'no such option' },
  async () => {
    const { status, err } = await cli(['report', programFile('true', 'final.smaps'), '--process', '7']);
    expect(status).toBe(2);
    expect(err).toContain('--process chooses among the processes of a log, and a map is of one process');
  },
);

rightCase(
  'field/17-attach-two-workers.strace',
  { right: 'two processes, both named', before: '"1 other process is in the log"' },
  async () => {
    const { processes } = await json(caseFile('field/17-attach-two-workers.strace'));
    expect(processes.length).toBe(2);
    expect(new Set(processes.map(({ pid }) => pid)).size).toBe(2);
  },
);

rightCase('the page of a log with several processes', { right: 'the same table', ...BEFORE }, async () => {
  const log = file('page.strace', SHELL);
  const path = file('page.html', '');
  expect((await cli(['report', log, '--html', path])).err).toBe('');
  const page = readFileSync(path, 'utf8');
  expect(page).toContain('<h2>Processes</h2>');
  expect(page).toContain('<tr class="told"><td>12</td><td>big</td>');
});
