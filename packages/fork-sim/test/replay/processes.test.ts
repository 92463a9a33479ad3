import { describe, expect, it } from 'vitest';
import { mapOf, replayText, smapsOf } from './replayText.ts';

const FIRST = '1 mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000';

describe('processes of a log', () => {
  it('threads share a map', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM) = 2
      2 munmap(0x7f0000010000, 4096) = 0`);
    expect(mapOf(replay)).toEqual(['7f0000011000-7f0000014000 rw-p']);
    expect(replay.processesSeen).toBe(1);
  });

  it('a fork copies it', () => {
    const replay = replayText(`
      ${FIRST}
      1 fork() = 2
      2 munmap(0x7f0000010000, 4096) = 0
      1 munmap(0x7f0000013000, 4096) = 0`);
    const [parent, child] = replay.processes.map(({ space }) =>
      space.process.mm.vmas().map(({ vmStart, vmEnd }) => [vmStart, vmEnd]),
    );
    expect(parent).toEqual([[0x7f0000010000, 0x7f0000013000]]);
    expect(child).toEqual([[0x7f0000011000, 0x7f0000014000]]);
    expect(replay.first?.space.notes.forks.examples).toMatchObject([{ child: 2, copy: 1, refault: 0 }]);
  });

  it('a child of vfork works in the map of its parent until it execs', () => {
    const replay = replayText(`
      ${FIRST}
      1 vfork( <unfinished ...>
      2 mprotect(0x7f0000010000, 4096, PROT_READ) = 0
      2 execve("/bin/true", ["true"], 0x7ffd /* 0 vars */) = 0
      1 <... vfork resumed>) = 2
      2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f1111111000`);
    expect(mapOf(replay)).toEqual(['7f0000010000-7f0000011000 r--p', '7f0000011000-7f0000014000 rw-p']);
    expect(replay.processes[1]?.program).toBe('/bin/true');
    expect(replay.processes[1]?.space.process.mm.mapCount).toBe(1);
  });

  it('a child that the log shows before its parent’s clone has returned is its child all the same', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
      2 munmap(0x7f0000010000, 4096) = 0
      1 <... clone resumed>) = 2`);
    expect(mapOf(replay)).toEqual(['7f0000010000-7f0000014000 rw-p']);
    expect(replay.processes[1]?.space.process.mm.mapCount).toBe(1);
    expect(replay.processes[1]?.space.process.mm.vmas()[0]?.vmStart).toBe(0x7f0000011000);
  });

  it('an execve of a thread goes on under the pid of the process', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 2
      2 execve("/bin/true", ["true"], 0x7ffd /* 0 vars */ <unfinished ...>
      1 +++ superseded by execve in pid 2 +++
      1 <... execve resumed>) = 0
      1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f1111111000`);
    expect(mapOf(replay)).toEqual(['7f1111111000-7f1111112000 r--p']);
    expect([replay.processesSeen, replay.pidsKnown]).toEqual([1, 1]);
  });

  it.each([
    ['as strace translates it', "2 /* 9 in strace's PID NS */"],
    ['which no line is of', '2'],
  ])('a child in a container has another pid than its clone answers with, %s', (_how, answer) => {
    const replay = replayText(`
      ${FIRST.replace('1', '7')}
      7 clone(child_stack=NULL, flags=SIGCHLD) = ${answer}
      9 munmap(0x7f0000010000, 4096) = 0
      9 clone(child_stack=NULL, flags=SIGCHLD) = 3
      10 munmap(0x7f0000012000, 8192) = 0`);
    const maps = replay.processes.map(({ pid, parent, space }) => [pid, parent, space.process.mm.mapCount]);
    expect(maps).toEqual([
      [7, null, 1],
      [9, 7, 1],
      [10, 9, 1],
    ]);
    expect(replay.processes[2]?.space.process.mm.vmas()[0]).toMatchObject({
      vmStart: 0x7f0000011000,
      vmEnd: 0x7f0000012000,
    });
  });

  it('a thread that ran before the log is no child in a container', () => {
    const replay = replayText(`
      ${FIRST.replace('1', '7')}
      7 clone(child_stack=NULL, flags=SIGCHLD) = 12
      8 munmap(0x7f0000010000, 4096) = 0`);
    expect(mapOf(replay)).toEqual(['7f0000011000-7f0000014000 rw-p']);
  });

  it('what a child maps shows what was there when it was forked', () => {
    // The mapping of thread 3 is where the child's is: it comes behind the fork, though it began before and ended first.
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 3
      3 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
      1 fork( <unfinished ...>
      3 <... mmap resumed>) = 0x7f000000f000
      2 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000e000
      1 <... fork resumed>) = 2`);
    expect(mapOf(replay)).toEqual(['7f000000f000-7f0000010000 r--p', '7f0000010000-7f0000014000 rw-p']);
    const child = replay.processes[1]!.space;
    expect(child.process.mm.vmas().map(({ vmStart }) => vmStart)).toEqual([0x7f000000e000, 0x7f0000010000]);
    expect(child.notes.wrongPlaces.count).toBe(0);
  });

  it('a child that maps below a mapping of its parent was forked behind that', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 3
      1 fork( <unfinished ...>
      3 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000f000
      2 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000e000
      1 <... fork resumed>) = 2`);
    const child = replay.processes[1]!.space;
    expect(child.process.mm.vmas().map(({ vmStart }) => vmStart)).toEqual([
      0x7f000000e000, 0x7f000000f000, 0x7f0000010000,
    ]);
    expect(child.notes.wrongPlaces.count).toBe(0);
  });

  it('a fork copies what is mapped as it begins, where nothing shows otherwise', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 3
      1 fork( <unfinished ...>
      3 munmap(0x7f0000010000, 4096) = 0
      1 <... fork resumed>) = 2`);
    expect(replay.processes[1]?.space.process.mm.vmas()[0]?.vmStart).toBe(0x7f0000010000);
  });

  it('calls that overlap are put into an order that fits the addresses of the log', () => {
    // Thread 2's mapping fills the hole that thread 1 makes, although the log has it end first.
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 2
      1 munmap(0x7f0000011000, 4096 <unfinished ...>
      2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
      2 <... mmap resumed>) = 0x7f0000011000
      1 <... munmap resumed>) = 0`);
    expect(replay.first?.space.notes.wrongPlaces.count).toBe(0);
    expect(mapOf(replay)).toContain('7f0000011000-7f0000012000 r--p');
  });

  it('and the other way round where that fits', () => {
    const replay = replayText(`
      ${FIRST}
      1 clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 2
      1 munmap(0x7f0000011000, 4096 <unfinished ...>
      2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000f000
      1 <... munmap resumed>) = 0`);
    expect(replay.first?.space.notes.wrongPlaces.count).toBe(0);
    expect(mapOf(replay)).toContain('7f000000f000-7f0000010000 r--p');
  });

  it('what exits is dropped, unless it is to be kept', () => {
    const log = `${FIRST}\n1 fork() = 2\n2 exit_group(0) = ?\n1 fork() = 3\n3 exit_group(0) = ?`;
    expect(replayText(log).processes.map(({ pid }) => pid)).toEqual([1]);
    expect(replayText(log, { keep: new Set([3]) }).processes.map(({ pid, exited }) => [pid, exited])).toEqual([
      [1, false],
      [3, true],
    ]);
    expect(replayText(log).world.processes.size).toBe(1);
  });

  it('what is killed is gone as if it had exited, when its last thread is', () => {
    const thread = 'clone(child_stack=0x7f0000010000, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD)';
    const log = `${FIRST}\n1 fork() = 2\n2 ${thread} = 3\n3 +++ killed by SIGKILL +++`;
    expect(replayText(log).processes.map(({ pid, exited }) => [pid, exited])).toEqual([
      [1, false],
      [2, false],
    ]);
    const { processes, world } = replayText(`${log}\n2 +++ killed by SIGKILL +++`);
    expect(processes.map(({ pid }) => pid)).toEqual([1]);
    expect(world.processes.size).toBe(1);
    const first = replayText(`${FIRST}\n1 +++ killed by SIGKILL +++`).first;
    expect(first?.exited).toBe(true);
    expect(first?.space.process.mm.mapCount).toBe(1);
  });

  it('a pid whose line says that it is gone is forgotten, and the next that has it is another', () => {
    const runs = Array.from({ length: 300 }, (_, i) => {
      const pid = 2 + i;
      return `1 fork() = ${pid}\n${pid} exit_group(0) = ?\n${pid} +++ exited with 0 +++`;
    });
    const replay = replayText([FIRST, ...runs].join('\n'));
    expect(replay.processesSeen).toBe(301);
    expect(replay.pidsKnown).toBe(1);
    const again = replayText(
      `${FIRST}\n1 fork() = 2\n2 +++ killed by SIGKILL +++\n1 fork() = 2\n2 munmap(0x7f0000010000, 4096) = 0`,
    );
    expect(again.processes.map(({ pid }) => pid)).toEqual([1, 2]);
    expect(mapOf(again)).toEqual(['7f0000010000-7f0000014000 rw-p']);
  });

  it('a call that still waits for its order when its process has ended is performed first', () => {
    const replay = replayText(`
      ${FIRST}
      1 fork() = 2
      1 munmap(0x7f0000010000, 4096 <unfinished ...>
      2 mmap(0x10000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x10000
      2 +++ killed by SIGKILL +++
      1 <... munmap resumed>) = 0`);
    expect(mapOf(replay)).toEqual(['7f0000011000-7f0000014000 rw-p']);
    expect(replay.processes.map(({ pid }) => pid)).toEqual([1]);
    expect([...(replay.first?.space.notes.assumptions ?? [])].join()).not.toContain('no clone shows');
  });

  it('execve begins with an unknown map, or with the smaps that is given for it', () => {
    const replay = replayText(`${FIRST}\n1 execve("/bin/true", ["true"], 0x7ffd /* 0 vars */) = 0`);
    expect(mapOf(replay)).toEqual([]);
    expect(replay.first?.space.mapKnown).toBe(false);
  });
});

describe('open files', () => {
  const map = (fd: string, offset: string, at: string): string =>
    `mmap(${at}, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, ${fd}, ${offset}) = ${at}`;

  it('two mappings of one descriptor merge', () => {
    const log = `${map('3</lib>', '0', '0x10000')}\n${map('3</lib>', '0x1000', '0x11000')}`;
    expect(mapOf(replayText(log))).toEqual(['10000-12000 r--p']);
  });

  it('a descriptor that was closed and opened again is another file, where the log shows it', () => {
    const log = `
      openat(AT_FDCWD, "/lib", O_RDONLY) = 3</lib>
      ${map('3</lib>', '0', '0x10000')}
      close(3</lib>) = 0
      openat(AT_FDCWD, "/lib", O_RDONLY) = 3</lib>
      ${map('3</lib>', '0x1000', '0x11000')}`;
    expect(mapOf(replayText(log))).toEqual(['10000-11000 r--p', '11000-12000 r--p']);
  });

  it('a duplicate is the same open file', () => {
    const log = `
      openat(AT_FDCWD, "/lib", O_RDONLY) = 3</lib>
      ${map('3</lib>', '0', '0x10000')}
      dup(3</lib>) = 4</lib>
      ${map('4</lib>', '0x1000', '0x11000')}`;
    expect(mapOf(replayText(log))).toEqual(['10000-12000 r--p']);
  });

  it('a descriptor seen with another path is another file', () => {
    const log = `${map('3</a>', '0', '0x10000')}\n${map('3</b>', '0x1000', '0x11000')}`;
    expect(mapOf(replayText(log))).toEqual(['10000-11000 r--p', '11000-12000 r--p']);
  });

  it('ids of files that nothing names are used again', () => {
    const lines = Array.from(
      { length: 500 },
      (_, at) => `${map(`3</lib${at}>`, '0', '0x10000')}\nmunmap(0x10000, 4096) = 0`,
    );
    expect(replayText(lines.join('\n')).world.files.size).toBeLessThan(5);
  });

  it('files that only a smaps names are forgotten with the programs that mapped them', () => {
    const smaps = Array.from(
      { length: 5 },
      (_, at) => `${(at + 1).toString(16)}0000-${(at + 1).toString(16)}1000 r--p 00000000 08:01 ${at + 1} /lib${at}\n`,
    ).join('');
    const initial = new Map([[2, smapsOf(smaps)]]);
    const runs = Array.from(
      { length: 200 },
      () => '1 vfork() = 2\n2 execve("/a", ["a"], 0x1) = 0\n2 exit_group(0) = ?',
    );
    const { world, processesSeen } = replayText(['1 brk(NULL) = 0x1000', ...runs].join('\n'), { initial });
    expect(processesSeen).toBe(201);
    expect(world.files.size).toBeLessThanOrEqual(20);
  });

  it('a shared mapping of a file opened for reading loses SHARED and MAYWRITE', () => {
    const log = (flags: string): string => `
      openat(AT_FDCWD, "/db", ${flags}) = 3</db>
      mmap(0x10000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED, 3</db>, 0) = 0x10000`;
    const flagsOf = (text: string): bigint | undefined => replayText(text).first?.space.process.mm.vmas()[0]?.vmFlags;
    expect((flagsOf(log('O_RDONLY')) ?? 0n) & 0x28n).toBe(0n);
    expect((flagsOf(log('O_RDWR')) ?? 0n) & 0x28n).toBe(0x28n);
  });
});
