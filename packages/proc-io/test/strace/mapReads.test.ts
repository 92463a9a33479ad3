import { describe, expect, it } from 'vitest';
import { mapFileOf } from '../../src/index.ts';
import { readLines } from '../readLog.ts';

/** The calls of a log that are events, and how many are not. */
function callsOf(lines: readonly string[]) {
  const { events, stats } = readLines(...lines);
  const names = events.flatMap((event) => (event.kind === 'call' ? [`${event.line} ${event.name}`] : [event.kind]));
  const irrelevant = [...stats.irrelevant.values()].reduce((sum, count) => sum + count, 0);
  const { lines: all, callLines, irrelevantLines, otherLines, unfinished } = stats;
  expect(callLines + irrelevantLines + otherLines + unfinished).toBe(all);
  return { names, irrelevant };
}

describe('reads of a process map', () => {
  it('are events, and no other read is', () => {
    const { names, irrelevant } = callsOf([
      'read(3, "x", 1) = 1',
      'openat(AT_FDCWD, "/proc/self/maps", O_RDONLY) = 3',
      'read(3, "7f12", 1024) = 4',
      'read(4, "7f12", 1024) = 4',
      'read(3</etc/passwd>, "root", 1024) = 4',
      'dup(3) = 9',
      'pread64(9, "7f12", 1024, 0) = 4',
      'lseek(3, 0, SEEK_SET) = 0',
      'lseek(5, 0, SEEK_SET) = 0',
    ]);
    expect(names).toEqual(['2 openat', '3 read', '6 dup', '7 pread64', '8 lseek']);
    expect(irrelevant).toBe(4);
  });

  it('on two lines are events too, and one that waits for ever holds nothing up', () => {
    const { names } = callsOf([
      '7 openat(AT_FDCWD, "/proc/7/smaps", O_RDONLY) = 3',
      '8 read(0,  <unfinished ...>',
      '7 read(3,  <unfinished ...>',
      '9 munmap(0x1000, 4096) = 0',
      '7 <... read resumed>"7f12", 4096) = 4',
    ]);
    expect(names).toEqual(['1 openat', '4 munmap', '3 read']);
    const { events } = readLines('8 read(0,  <unfinished ...>', '9 munmap(0x1000, 4096) = 0');
    expect(events[0]).toMatchObject({ name: 'munmap', openSince: null });
  });

  it.each([
    ['/proc/self/maps', { pid: 'self', kind: 'maps' }],
    ['/proc/thread-self/smaps', { pid: 'self', kind: 'smaps' }],
    ['/proc/12/task/13/maps', { pid: 12, kind: 'maps' }],
    ['/proc/12/pagemap', { pid: 12, kind: 'pagemap' }],
    ['/proc/12/map_files', null],
    ['/tmp/proc/12/maps', null],
  ])('%s', (path, file) => {
    expect(mapFileOf(path)).toEqual(file);
  });
});
