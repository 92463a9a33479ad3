import { describe, expect } from 'vitest';
import type { ReplayReport } from '../../src/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `replay --json` says of a log on 6.18. */
async function replayed(log: string, more: readonly string[] = []): Promise<ReplayReport> {
  const { out, err } = await cli(['replay', log, '--kernel', '6.18', ...more, '--json']);
  expect(err).toBe('');
  return JSON.parse(out) as ReplayReport;
}

/** The first process of a log on 6.18. */
async function firstOf(log: string, more: readonly string[] = []): Promise<ReplayReport['kernels'][0]['processes'][0]> {
  const { kernels } = await replayed(log, more);
  const first = kernels[0]?.processes[0];
  if (first === undefined) throw new Error('no process');
  return first;
}

let logs = 0;

/** A log of these lines. */
function logOf(text: string): string {
  const lines = text.trim().split('\n');
  return file(`order-${logs++}.strace`, lines.map((line) => `${line.trim()}\n`).join(''));
}

const THREAD = 'flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM';
const anon = (length: number, prot = 'PROT_READ'): string =>
  `mmap(NULL, ${length}, ${prot}, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0`;

describe('calls that overlap', () => {
  rightCase(
    'field/11-thread-overlap-order.strace',
    {
      right: 'the munmap came after line 5: all places right, peak 3 (6.18.44)',
      before: '1 of 2 places wrong, peak 2',
    },
    async () => {
      const first = await firstOf(caseFile('field/11-thread-overlap-order.strace'));
      expect(first).toMatchObject({
        places: { checked: 2, wrong: 0 },
        results: { wrong: 0 },
        vmas: { peak: 3, end: 2 },
      });
      expect(first.assumptions.join()).not.toContain('order');
    },
  );

  rightCase(
    'programs/event-order/trace.strace',
    { right: 'an order exists in which both places fit', before: '1 of 2 places wrong: an madvise between them' },
    async () => {
      const first = await firstOf(caseFile('programs/event-order/trace.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order/without-madvise.strace',
    { right: 'an order exists in which both places fit', before: 'the same' },
    async () => {
      const first = await firstOf(caseFile('programs/event-order/without-madvise.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order-greedy/trace.strace',
    {
      right: 'thread 11 maps and unmaps first, then the page of thread 10 lands in the hole',
      before: '1 of 2 places wrong',
    },
    async () => {
      const first = await firstOf(caseFile('programs/event-order-greedy/trace.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order-greedy/node-long.200.strace',
    { right: 'all 45 places and all 185 results as in the log', before: '2 places and 1 result wrong' },
    async () => {
      const initial = caseFile('programs/event-order-greedy/node-long.initial.smaps');
      const log = caseFile('programs/event-order-greedy/node-long.200.strace');
      const first = await firstOf(log, ['--initial', initial]);
      expect(first).toMatchObject({ places: { checked: 45, wrong: 0 }, results: { wrong: 0 } });
      expect(first.assumptions.join()).not.toContain('No order');
    },
  );

  rightCase(
    'three threads, each call inside another',
    { right: 'the two mappings that end last were made first, as their addresses show', before: 'the same' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 clone(child_stack=0x7f0, ${THREAD}) = 12
        10 ${anon(4096)} <unfinished ...>
        11 ${anon(4096)} <unfinished ...>
        12 munmap(0x7f0000012000, 8192) = 0
        12 ${anon(8192)}) = 0x7f0000012000
        12 mprotect(0x7f0000012000, 4096, PROT_NONE) = 0
        11 <... mmap resumed>) = 0x7f000000f000
        10 <... mmap resumed>) = 0x7f000000e000`),
      );
      expect(first).toMatchObject({ places: { checked: 3, wrong: 0 }, results: { wrong: 0 }, vmas: { end: 3 } });
    },
  );

  rightCase(
    'brk of two threads',
    { right: 'brk(NULL) answers the break that the other thread set first', before: 'the same' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 brk(NULL) = 0x555555559000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        11 brk(0x55555557a000 <unfinished ...>
        10 brk(NULL) = 0x55555557a000
        11 <... brk resumed>) = 0x55555557a000`),
      );
      expect(first).toMatchObject({ results: { wrong: 0 }, vmas: { end: 1 } });
    },
  );

  rightCase(
    'mprotect over a hole that another thread makes',
    { right: 'ENOMEM: the munmap came first, although it ends last', before: 'a wrong result' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        11 munmap(0x7f0000011000, 4096 <unfinished ...>
        10 mprotect(0x7f0000010000, 16384, PROT_NONE) = -1 ENOMEM (Cannot allocate memory)
        11 <... munmap resumed>) = 0`),
      );
      expect(first).toMatchObject({ results: { wrong: 0 }, failedAlike: 1 });
    },
  );

  rightCase(
    'a child that begins before its parent’s clone has returned, and another thread in between',
    { right: 'clone comes before what the child does', before: 'the same, where nothing else overlaps' },
    async () => {
      const { kernels } = await replayed(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
        11 ${anon(4096)} <unfinished ...>
        12 munmap(0x7f0000010000, 8192) = 0
        11 <... mmap resumed>) = 0x7f000000f000
        10 <... clone resumed>) = 12`),
      );
      expect(kernels[0]?.processes).toMatchObject([
        { pid: 10, places: { wrong: 0 }, vmas: { end: 1 } },
        { pid: 12, vmas: { end: 2 } },
      ]);
      expect(kernels[0]?.processes[0]?.assumptions.join()).toContain(
        'fit either order: line 4 was taken to come before line 3',
      );
    },
  );

  rightCase(
    'MAP_FIXED over what another thread unmaps',
    { right: 'both orders give the log’s results: said, with the lines', before: 'nothing said' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 mmap(0x7f0000010000, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0 <unfinished ...>
        11 munmap(0x7f0000010000, 8192) = 0
        10 <... mmap resumed>) = 0x7f0000010000`),
      );
      expect(first.results.wrong).toBe(0);
      expect(first.assumptions.join()).toContain(
        'Calls overlap, and the results fit either order: line 4 was taken to come before line 3.',
      );
    },
  );

  rightCase(
    'results that no order explains',
    { right: 'said, with the line; the place counts as wrong', before: 'the place counts as wrong' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 ${anon(4096)} <unfinished ...>
        11 ${anon(4096)}) = 0x7f0000001000
        10 <... mmap resumed>) = 0x7f000000f000`),
      );
      expect(first.places.wrong).toBe(1);
      expect(first.assumptions.join()).toContain('No order was found in which all results');
    },
  );
});
