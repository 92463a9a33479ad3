import { expect, it } from 'vitest';
import { formatStraceCall, parseStrace, type StraceEvent } from '../../src/index.ts';
import { readPerfTraceLine } from '../../src/strace/perfTraceLine.ts';

const line = (call: string, result = '0'): string => `     0.325 ( 0.025 ms): ls/9644 ${call}   = ${result}\n`;

function readAll(text: string) {
  const events: StraceEvent[] = [];
  const reader = parseStrace(text);
  for (let next = reader.next(); ; next = reader.next()) {
    if (next.done) return { events, stats: next.value };
    events.push(next.value);
  }
}

it.each([
  [
    'mmap(len: 8192, prot: READ|WRITE, flags: PRIVATE|ANONYMOUS)',
    '0x7f5e362ae000',
    'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f5e362ae000',
  ],
  [
    'mmap(len: 4096, flags: PRIVATE|ANONYMOUS|STACK)',
    '0x7f0000000000',
    'mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK, -1, 0) = 0x7f0000000000',
  ],
  [
    'mmap(addr: 0x7f5e3627b000, len: 110592, prot: READ|EXEC, flags: PRIVATE|FIXED|DENYWRITE, fd: 4, off: 0x7000)',
    '0x7f5e3627b000',
    'mmap(0x7f5e3627b000, 110592, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 4, 0x7000) = 0x7f5e3627b000',
  ],
  [
    'mmap(len: 4096, prot: READ, flags: SHARED)',
    '0x7f0000000000',
    'mmap(NULL, 4096, PROT_READ, MAP_SHARED, 0, 0) = 0x7f0000000000',
  ],
  ['mprotect(start: 0x7fab64a69000, len: 4096)', '0', 'mprotect(0x7fab64a69000, 4096, PROT_NONE) = 0'],
  ['munmap(addr: 0x7fab64967000, len: 4096)', '0', 'munmap(0x7fab64967000, 4096) = 0'],
  [
    'mlock(start: 140374103719936, len: 4096)',
    '-1 ENOMEM (Cannot allocate memory)',
    'mlock(0x7fab64968000, 4096) = -1 ENOMEM (Cannot allocate memory)',
  ],
  [
    'mremap(addr: 0x7fab64a67000, old_len: 8192, new_len: 1048576, flags: MAYMOVE)',
    '0x7fab64967000',
    'mremap(0x7fab64a67000, 8192, 1048576, MREMAP_MAYMOVE) = 0x7fab64967000',
  ],
  [
    'madvise(start: 0x7fab64a67000, len_in: 4096, behavior: MADV_DONTNEED)',
    '0',
    'madvise(0x7fab64a67000, 4096, MADV_DONTNEED) = 0',
  ],
  ['brk()', '0x55df4c591000', 'brk(NULL) = 0x55df4c591000'],
  ['brk(brk: 0x55df4c5a96a0)', '0x55df4c5a96a0', 'brk(0x55df4c5a96a0) = 0x55df4c5a96a0'],
])('reads %s', (call, result, want) => {
  const { events, stats } = readAll(line(call, result));
  expect(events.map((event) => (event.kind === 'call' ? formatStraceCall(event).replace(/ +=/, ' =') : event))).toEqual(
    [`9644  0.000325 ${want}`],
  );
  expect(events[0]).toMatchObject({ pid: 9644, time: '0.000325', line: 1 });
  expect(stats).toMatchObject({ lines: 1, calls: 1, unreadable: 0, perfFaults: 0 });
});

it('reads the result of a fork without the name behind it, and no second return in the child', () => {
  const { events, stats } = readAll(
    line('clone(clone_flags: CHILD_CLEARTID|CHILD_SETTID|0x11, child_tidptr: 0x7fab64a77a10)', '606 (t)') +
      '         ? (         ): t/606  ... [continued]: clone())                = \n',
  );
  expect(events).toMatchObject([{ kind: 'call', name: 'clone', pid: 9644, ret: 606 }]);
  expect(stats).toMatchObject({ lines: 2, callLines: 1, otherLines: 1, unreadable: 0 });
});

it('puts together a call that others interrupt', () => {
  const { events, stats } = readAll(
    '     1.000 (         ): sh/7 vfork()                                 ...\n' +
      line('brk()', '0x1000') +
      '     1.000 ( 0.700 ms): sh/7  ... [continued]: vfork())              = 8 (sh)\n',
  );
  expect(events).toMatchObject([
    { kind: 'call', name: 'brk' },
    { kind: 'call', name: 'vfork', pid: 7, ret: 8 },
  ]);
  expect(stats).toMatchObject({ callLines: 3, unreadable: 0, unfinished: 0 });
});

it('counts page faults, and reads an execve that began before the recording', () => {
  const { events, stats } = readAll(
    '     0.000 ( 0.000 ms): t/7 minfault [elf_load+0x28a] => 0x55b603e03240 (?k)\n' +
      '         ? (         ): t/7  ... [continued]: execve())              = 0\n' +
      '     0.137 ( 0.000 ms): t/7 majfault [_start+0x0] => /usr/lib/ld.so@0x1ab70 (d.)\n',
  );
  expect(events).toMatchObject([{ kind: 'call', name: 'execve', pid: 7, line: 2 }]);
  expect(stats).toMatchObject({ lines: 3, otherLines: 2, perfFaults: 2, unreadable: 0 });
});

it('lists a call of which perf printed no value', () => {
  const { events, stats } = readAll(line('brk()', '0x1000') + line('madvise(start: 0x1000, len_in: 4096, behavior: )'));
  expect(events.map(({ kind }) => kind)).toEqual(['call', 'unreadable']);
  expect(stats).toMatchObject({ calls: 1, unreadable: 1 });
});

it('refuses page faults without calls', () => {
  expect(() => readAll('     0.000 ( 0.000 ms): t/7 minfault [f+0x2] => 0x55b603e03240 (?k)\n')).toThrow(
    'page faults of perf trace without calls: record both with perf trace -F all --syscalls',
  );
});

it('knows no line of strace as its own', () => {
  expect(readPerfTraceLine('7 0.5 brk(NULL) = 0x1000')).toBeNull();
  expect(readPerfTraceLine('')).toBeNull();
});
