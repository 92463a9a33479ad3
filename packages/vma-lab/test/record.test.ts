import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { cutLog } from '../src/record/cutLog.ts';
import { findPerf } from '../src/record/faultRecorder.ts';
import { newsOf } from '../src/record/logLine.ts';
import { ProcessList } from '../src/record/processList.ts';
import { readRecordingMeta } from '../src/record/recordingMeta.ts';
import { straceOptions } from '../src/record/traceTools.ts';
import { cli } from './cli.ts';

const folder = tempFolder('vma-lab-record-');
const canRecordFaults = 'version' in findPerf();
const canTrace = spawnSync('strace', ['-o', '/dev/null', '/bin/true']).status === 0;

it.runIf(canTrace)('records a program that execs again, and its child, and ends as it does', async () => {
  const to = join(folder, 'twice');
  const script = '/bin/true; exec /bin/sh -c "exit 3"';
  const { status, err } = await cli(['record', '-o', to, '--', '/bin/sh', '-c', script]);
  expect(status).toBe(3);
  expect(err).toContain(`in ${to}: 2 processes, 2 with a map at the end, exit status 3`);
  expect(err).toContain(`next: vma-lab report ${to}`);
  const meta = readRecordingMeta(readFileSync(join(to, 'meta.json'), 'utf8'));
  expect(meta).toMatchObject({
    command: ['/bin/sh', '-c', script],
    exit: { status: 3 },
    processes: [{ initial: ['initial.smaps', 'initial-2.smaps'], final: 'final.smaps' }, {}],
  });
  expect(readFileSync(join(to, 'trace.strace'), 'utf8')).toMatch(/^\d+ +[\d.]+ execve\("\/bin\/sh", \["\/bin\/sh"/);
  const verified = await cli(['verify', to]);
  expect(verified.out).toContain(`✓ ${to}: 2 of 2 processes`);
  const replayed = await cli(['replay', to]);
  const final = expect.stringMatching(/final map +✓ all \d+ VMAs as in final\.smaps/);
  expect([replayed.status, replayed.out]).toEqual([0, final]);
});

it.runIf(canTrace && canRecordFaults)('records page faults where perf may, so that nothing is assumed', async () => {
  const to = join(folder, 'faults');
  const { err } = await cli(['record', '-o', to, '--', '/bin/sh', '-c', 'x=$(echo 1)']);
  expect(err).not.toContain('not recorded');
  expect(gunzipSync(readFileSync(join(to, 'faults.perf.gz'))).toString()).toMatch(
    /page_fault_user: address=0x.* error_code=0x6\n/,
  );
  expect(existsSync(join(to, 'perf.data'))).toBe(false);
  expect((await cli(['verify', to])).out).toContain('2 of 2 processes');
  expect((await cli(['replay', to])).out).toContain('assumed      nothing about anon_vma: page faults were recorded');
  const assumed = await cli(['replay', to, '--faults', 'never']);
  expect(assumed.out).toContain('memory counts as never written');
  const alone = await cli(['replay', join(to, 'trace.strace'), '--fault-log', join(to, 'faults.perf.gz')]);
  expect(alone.out).toContain('page faults were recorded');
});

it.runIf(canTrace)('compares a vfork child’s map with what there was when it ended', async () => {
  const to = join(folder, 'vfork');
  // The shell makes a child for a command that it does not find, and grows its heap later.
  const script = '/nonexistent 2>/dev/null; x=$(seq 1 100000)';
  await cli(['record', '--no-faults', '-o', to, '--', '/bin/dash', '-c', script]);
  expect(readFileSync(join(to, 'trace.strace'), 'utf8')).toContain('vfork');
  expect(readRecordingMeta(readFileSync(join(to, 'meta.json'), 'utf8'))).toMatchObject({ assumption: 'auto' });
  expect((await cli(['verify', to])).out).toContain('3 of 3 processes');
});

it.runIf(canTrace && canRecordFaults)('keeps the faults of a vfork parent and of its child apart', async () => {
  const to = join(folder, 'vfork-faults');
  const script = '/nonexistent 2>/dev/null; x=$(seq 1 100000)';
  await cli(['record', '-o', to, '--', '/bin/dash', '-c', script]);
  expect(readFileSync(join(to, 'trace.strace'), 'utf8')).toContain('vfork');
  expect((await cli(['verify', to])).out).toContain('3 of 3 processes');
  expect((await cli(['replay', to])).out).toContain('assumed      nothing about anon_vma: page faults were recorded');
});

it.runIf(canTrace)('leaves a recording of a program that is killed, and says what it lacks', async () => {
  const to = join(folder, 'killed');
  const { status, err } = await cli(['record', '-o', to, '--', '/bin/sh', '-c', 'kill -KILL $$']);
  expect(status).toBe(128 + 9);
  expect(err).toMatch(/1 process, 0 with a map at the end, killed by SIGKILL\n {2}pid \d+: killed by SIGKILL: no map/);
  expect((await cli(['replay', to])).status).toBe(0);
});

it.runIf(canTrace)('records a process that runs, for a while', async () => {
  const to = join(folder, 'attached');
  const sleeper = spawn('/bin/sleep', ['60']);
  const { status, err } = await cli(['record', '-o', to, '-p', String(sleeper.pid), '--for', '0.1']);
  sleeper.kill();
  expect(status).toBe(0);
  expect(err).toContain(`recorded /bin/sleep 60 in ${to}: 1 process, 1 with a map at the end\n`);
  const [verified, reported] = [await cli(['verify', to]), await cli(['report', to])];
  expect([verified.status, verified.err]).toEqual([2, expect.stringContaining('so there is nothing to replay')]);
  expect(reported.err).toContain('made no call about memory while it was recorded; this is its map');
  expect(reported.out).toMatch(/^\d+ VMAs, /);
  expect((await cli(['record', '-o', to, '--', '/bin/true'])).err).toBe(
    `vma-lab: the folder ${to} is not empty: remove it, or name another one with -o\n`,
  );
});

it.runIf(process.platform === 'linux' && canTrace).each([
  [['no-such-program'], 'no-such-program: command not found'],
  [['/etc/passwd'], '/etc/passwd: may not be executed (permission denied)'],
  [[], 'record what? vma-lab record -- COMMAND..., or vma-lab record -p PID'],
])('says in one line why it cannot record %j', async (command, message) => {
  const { status, err } = await cli(['record', '-o', join(folder, 'none'), '--', ...command]);
  expect([status, err]).toEqual([2, `vma-lab: ${message}\n`]);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

it.runIf(canTrace)('says that a folder cannot be made, also below /proc', async () => {
  const { status, err } = await cli(['record', '-o', '/proc/none/here', '--', '/bin/true']);
  expect([status, err]).toEqual([2, expect.stringContaining('the folder /proc/none/here cannot be made: ENOENT')]);
});

it('asks strace for every call that is read', () => {
  const traced = straceOptions('log', 1).find((option) => option.startsWith('trace='));
  for (const name of ['mmap', 'dup3', 'userfaultfd', 'memfd_create', 'prlimit64', 'shmat', 'process_madvise', 'ipc']) {
    expect(traced).toContain(`?${name},`);
  }
  // Of maps alone, and there would be one for everything a program reads.
  expect(traced).not.toContain('?read');
});

it.each([
  ['7 1.5 execve("/bin/sh", ["sh"], 0x7ffc /* 3 vars */) = 0', { kind: 'exec', pid: 7, failed: false }],
  ['7 1.5 <... execve resumed>)            = -1 ENOENT (No such file)', { kind: 'exec', pid: 7, failed: true }],
  ['7 1.5 execve("/bin/sh", ["sh"], 0x7ffc /* 3 vars */', null],
  ['7 1.5 exit_group(0', { kind: 'ending', pid: 7 }],
  ['7 1.5 clone(child_stack=NULL, flags=SIGCHLD) = 8', { kind: 'child', pid: 7, child: 8, begun: true }],
  ['7 1.5 <... vfork resumed>)             = 8', { kind: 'child', pid: 7, child: 8, begun: false }],
  ['7 1.5 clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x7}, 88) = 8', null],
  ['7 1.5 clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x7} <unfinished ...>', { kind: 'cloning', pid: 7 }],
  ['7 1.5 +++ exited with 3 +++', { kind: 'ended', pid: 7, status: 3 }],
  ['7 1.5 +++ killed by SIGSEGV (core dumped) +++', { kind: 'ended', pid: 7, signal: 'SIGSEGV' }],
  ['7 1.5 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f', null],
])('reads %s', (line, news) => {
  expect(newsOf(line)).toEqual(news);
});

it('tells a thread from a process whose clone is on two lines', () => {
  const list = new ProcessList();
  list.of(7);
  // Thread 6 of process 7.
  list.clonesThread(6);
  expect(list.born(8, 6, 7, false)).toBe(false);
  expect(list.born(9, 6, 7, false)).toBe(true);
  expect(list.list()).toEqual([{ pid: 7 }, { pid: 9, parent: 7 }]);
});

it('cuts off what begins before the program, and what threads did after their map was read', async () => {
  const before = '7 1.0 execve("/bin/sh") = 0\n';
  const kept = '7 1.1 brk(NULL) = 0x1000\n8 1.2 munmap(0x1000, 4096 <unfinished ...>\n7 1.3 exit_group(0)  = ?\n';
  const late = '8 1.4 <... munmap resumed>) = 0\n';
  const rest = '9 1.5 brk(NULL) = 0x2000 \xff\n8 1.6 +++ exited with 0 +++\n7 1.6 +++ exited with 0 +++\n';
  const raw = join(folder, 'raw');
  const to = join(folder, 'cut');
  writeFileSync(raw, before + kept + late + rest, 'latin1');
  await cutLog(raw, to, before.length, [{ at: before.length + kept.length, tids: new Set([7, 8]) }]);
  expect(readFileSync(to, 'latin1')).toBe(kept + rest);
  expect(existsSync(raw)).toBe(false);
});
