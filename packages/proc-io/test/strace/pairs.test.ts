import { describe, expect, it } from 'vitest';
import type { StraceEvent } from '../../src/index.ts';
import { countedLines, readLines } from '../readLog.ts';

/** One word an event, for short expectations. */
function words(events: readonly StraceEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'call') return `${event.name} ${event.line}-${event.endLine} of ${event.pid} = ${event.ret}`;
    if (event.kind === 'unfinished') return `${event.name} ${event.line} of ${event.pid}: ${event.why}`;
    if (event.kind === 'unreadable') return `unreadable ${event.line}:${event.column}`;
    return `${event.kind} ${event.line}`;
  });
}

describe('calls on two lines', () => {
  it.each([
    '<... mmap resumed>) = 0x1000',
    '<... mmap resumed> ) = 0x1000',
    '<... mmap resumed> )               = 0x1000 <0.1>',
    '<... resumed>) = 0x1000',
    '<... resumed> ) = 0x1000',
  ])('%s', (end) => {
    const { events, stats } = readLines(
      '7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>',
      '8 munmap(0x1000, 4096) = 0',
      `7 ${end}`,
    );
    expect(words(events)).toEqual(['munmap 2-2 of 8 = 0', 'mmap 1-3 of 7 = 4096']);
    expect(countedLines(stats)).toBe(3);
  });

  it('each call says since when another is open that concerns memory', () => {
    const { calls } = readLines(
      '6 brk(NULL) = 0x1000',
      '6 wait4(-1,  <unfinished ...>',
      '7 munmap(0x1000, 4096) = 0',
      '7 munmap(0x2000, 4096 <unfinished ...>',
      '8 munmap(0x3000, 4096 <unfinished ...>',
      '9 munmap(0x4000, 4096) = 0',
      '7 <... munmap resumed>) = 0',
      '8 <... munmap resumed>) = 0',
    );
    expect(calls.map(({ line, openSince }) => [line, openSince])).toEqual([
      [1, null],
      [3, null],
      [6, 4],
      [4, 5],
      [5, null],
    ]);
  });

  it('arguments printed with the result', () => {
    const { events } = readLines(
      '7 clone(child_stack=NULL, flags=CLONE_VM|SIGCHLD <unfinished ...>',
      '7 <... clone resumed>, child_tidptr=0x7f12) = 9',
      '7 clone3({flags=CLONE_VM, exit_signal=0, stack=0x1000, stack_size=0x1000} <unfinished ...>',
      '7 <... clone3 resumed> => {parent_tid=[10]}, 88) = 10',
    );
    expect(words(events)).toEqual(['clone 1-2 of 7 = 9', 'clone3 3-4 of 7 = 10']);
  });

  it('the time is that of the beginning, the duration that of the end', () => {
    const { calls } = readLines('7 1.5 brk(NULL <unfinished ...>', '7 2.5 <... brk resumed>) = 0x1000 <1.000000>');
    expect(calls[0]).toMatchObject({ time: '1.5', duration: 1 });
  });

  it('a call of no interest is resumed in silence, each of its lines counted', () => {
    const { events, stats } = readLines('7 wait4(-1,  <unfinished ...>', '7 <... wait4 resumed>NULL, 0, NULL) = 9');
    expect(events).toEqual([]);
    expect(stats).toMatchObject({ irrelevantLines: 2, irrelevant: new Map([['wait4', 1]]) });
    const pair = readLines('7 prctl(PR_GET_DUMPABLE <unfinished ...>', '7 <... prctl resumed>) = 1');
    expect(pair.stats).toMatchObject({ irrelevantLines: 2, irrelevant: new Map([['prctl', 1]]) });
  });

  it('a call that never ends: the process exits, is detached, calls again, or the log ends', () => {
    const { events, stats } = readLines(
      '7 munmap(0x1000, 4096 <unfinished ...>',
      '7 +++ killed by SIGKILL +++',
      '8 munmap(0x1000, 4096 <detached ...>',
      '9 munmap(0x1000, 4096 <unfinished ...>',
      '9 munmap(0x2000, 4096 <unfinished ...>',
      '5 mmap(NULL, 4096 <unfinished ...>) = ?',
      '5 exit_group(0 <unfinished ...>) = ?',
      '5 futex(0x1000, FUTEX_WAIT <unfinished ...>) = ?',
    );
    expect(words(events)).toEqual([
      'munmap 1 of 7: exited',
      'exit 2',
      'munmap 3 of 8: detached',
      'munmap 4 of 9: another call began',
      'mmap 6 of 5: exited',
      'exit_group 7-7 of 5 = null',
      'munmap 5 of 9: end of log',
    ]);
    expect(countedLines(stats)).toBe(8);
  });

  it('a resumed line without its beginning, or with another name, is listed', () => {
    const { events } = readLines(
      '7 brk(NULL) = 0x1000',
      '7 <... futex resumed>) = 0',
      '7 munmap(0x1000, 4096 <unfinished ...>',
      '7 <... mmap resumed>) = 0x1000',
      '7 <... munmap resumed>) = 0',
    );
    expect(words(events)).toEqual(['brk 1-1 of 7 = 4096', 'unreadable 2:3', 'unreadable 4:3', 'munmap 3-5 of 7 = 0']);
  });

  it('both lines of a pair that cannot be read are listed, the reason with the line it is on', () => {
    const { events } = readLines(
      '7 brk(NULL) = 0x1000',
      '7 munmap(zzz, 4096 <unfinished ...>',
      '7 <... munmap resumed>) = 0',
      '7 munmap(0x1000, 4096 <unfinished ...>',
      '7 <... munmap resumed>) - 0',
    );
    expect(words(events).slice(1)).toEqual(['unreadable 2:10', 'unreadable 3:23', 'unreadable 4:3', 'unreadable 5:25']);
    expect(events[1]).toMatchObject({ why: 'a number is expected here' });
    expect(events[2]).toMatchObject({ why: 'line 2, where this call began, cannot be read' });
    expect(events[4]).toMatchObject({ why: 'the result (= ...) is expected here' });
  });

  it('execve in a thread goes on under the pid of the process', () => {
    const { events } = readLines(
      '7 pause( <unfinished ...>',
      '9 execve("/bin/true", ["true"], 0x7ffd /* 1 var */ <unfinished ...>',
      '7 +++ superseded by execve in pid 9 +++',
      '7 <... execve resumed>) = 0',
    );
    expect(words(events)).toEqual(['superseded 3', 'execve 2-4 of 7 = 0']);
  });
});

describe('logs written to a terminal', () => {
  it('a message in the middle of a call does not break it', () => {
    const { events, stats } = readLines(
      'clone(child_stack=NULL, flags=CLONE_VM|SIGCHLDstrace: Process 9 attached',
      ', child_tidptr=0x7f12) = 9',
      '[pid     9] brk(NULL) = 0x1000',
      '[pid     7] vfork(strace: Process 10 attached',
      ' <unfinished ...>',
      '[pid    10] exit(0) = ?',
      '[pid     7] <... vfork resumed>) = 10',
    );
    expect(words(events)).toEqual([
      'attach 1',
      'clone 2-2 of null = 9',
      'brk 3-3 of 9 = 4096',
      'pidKnown 4',
      'attach 4',
      'exit 6-6 of 10 = null',
      'vfork 5-7 of 7 = 10',
    ]);
    expect(countedLines(stats)).toBe(7);
  });

  it('a call that is not continued is listed', () => {
    const { events, stats } = readLines(
      'brk(NULL) = 0x1000',
      'mmap(NULL, strace: Process 9 attached',
      'brk(NULL) = 0x1000',
    );
    expect(words(events)).toEqual(['brk 1-1 of null = 4096', 'attach 2', 'unreadable 2:12', 'brk 3-3 of null = 4096']);
    expect(countedLines(stats)).toBe(3);
  });

  it('lines without a pid belong to the process that is left', () => {
    const { events } = readLines(
      'brk(NULL) = 0x1000',
      'strace: Process 9 attached',
      '[pid     7] brk(NULL) = 0x1000',
      '[pid     7] +++ exited with 0 +++',
      'brk(NULL) = 0x1000',
    );
    expect(words(events)).toEqual([
      'brk 1-1 of null = 4096',
      'attach 2',
      'pidKnown 3',
      'brk 3-3 of 7 = 4096',
      'exit 4',
      'brk 5-5 of 9 = 4096',
    ]);
  });

  it('a process that strace -p attached to is known from the start', () => {
    const { calls } = readLines('strace: Process 9 attached', 'brk(NULL) = 0x1000');
    expect(calls[0]?.pid).toBe(9);
  });
});
