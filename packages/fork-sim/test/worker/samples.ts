import type { Scenario } from '../../src/index.ts';

/** A guard page in a shared file mapping: what a fork copies depends on the kernel. */
export const GUARDED_FILE: Scenario = {
  id: 'guarded-file',
  ops: [
    { op: 'mmap', page: 0, pages: 16, prot: 'rw', backing: 'file0', shared: true },
    { op: 'touch', page: 0, pages: 16, access: 'write' },
    { op: 'mmap', page: 20, pages: 8, prot: 'rw' },
    { op: 'touch', page: 20, pages: 8, access: 'write' },
    { op: 'madvise', page: 4, pages: 1, advice: 'GUARD_INSTALL' },
    { op: 'mprotect', page: 22, pages: 2, prot: 'r' },
    { op: 'fork', continueIn: 'child' },
    { op: 'touch', page: 0, pages: 16, access: 'read' },
    { op: 'mprotect', page: 22, pages: 2, prot: 'rw' },
    { op: 'munmap', page: 24, pages: 2 },
  ],
};

/** A shared file mapping without a guard: left to refault. */
export const SHARED_FILE: Scenario = {
  id: 'shared-file',
  ops: [
    { op: 'mmap', page: 0, pages: 32, prot: 'rw', backing: 'file0', shared: true },
    { op: 'touch', page: 0, pages: 32, access: 'write' },
    { op: 'mmap', page: 40, pages: 4, prot: 'rw' },
    { op: 'touch', page: 40, pages: 4, access: 'write' },
  ],
};

/** A block of a log: four calls that leave nothing behind. */
function block(at: number): string {
  const addr = `0x7f00${(0x1_0000 + (at % 4096) * 16).toString(16).padStart(5, '0')}000`;
  return (
    `mmap(${addr}, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${addr}\n` +
    `mprotect(${addr}, 4096, PROT_READ) = 0\n` +
    `madvise(${addr}, 8192, MADV_DONTNEED) = 0\n` +
    `munmap(${addr}, 8192) = 0\n`
  );
}

/** Lines of a {@link garbledBlocks} block. */
export const BLOCK_LINES = 1000;

/** The same 1,000 lines each time, the last of them garbage: a log of any length is many of these. */
export function garbledBlock(): string {
  const blocks: string[] = [];
  for (let i = 0; i < BLOCK_LINES / 4; i++) blocks.push(block(i));
  const lines = blocks.join('').split('\n');
  lines[BLOCK_LINES - 1] = 'mmap(0x7f00, 8192, PROT_RE\u0007 this is no call';
  return lines.join('\n');
}

/** A log whose map grows and shrinks, so that each position shows another. */
export function growingLog(calls: number): string {
  const lines: string[] = [];
  const base = 0x7f00_0000_0000;
  for (let i = 0; i < calls; i++) {
    const addr = `0x${(base + (i % 97) * 0x4000).toString(16)}`;
    if (i % 3 === 2) lines.push(`munmap(${addr}, 8192) = 0`);
    else {
      const prot = i % 2 === 0 ? 'PROT_READ|PROT_WRITE' : 'PROT_READ';
      lines.push(`mmap(${addr}, 12288, ${prot}, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${addr}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Bytes of {@link hugeLog}'s calls. */
export const HUGE = 4 * 2 ** 30;

/** A log whose calls each take long: memory that is populated, locked, guarded, forked, moved, unmapped. */
export function hugeLog(): string {
  const at = '0x100000000000';
  const to = '0x200000000000';
  return [
    `100 mmap(${at}, ${HUGE}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_POPULATE, -1, 0) = ${at}`,
    `100 mlock(${at}, ${HUGE}) = 0`,
    `100 munlock(${at}, ${HUGE}) = 0`,
    `100 fork() = 101`,
    `101 madvise(${at}, ${HUGE}, MADV_DONTNEED) = 0`,
    `101 exit_group(0) = ?`,
    `100 mprotect(${at}, ${HUGE}, PROT_READ) = 0`,
    `100 mmap(${to}, ${HUGE}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${to}`,
    `100 madvise(${to}, ${HUGE}, MADV_GUARD_INSTALL) = 0`,
    `100 madvise(${to}, ${HUGE}, MADV_POPULATE_READ) = 0`,
    `100 munmap(${at}, ${HUGE}) = 0`,
    '',
  ].join('\n');
}

/** The same in a scenario. */
export const HUGE_SCENARIO: Scenario = {
  id: 'huge',
  span: 2 ** 23,
  windows: [
    ['first', 0, 64],
    ['guards', 2 ** 22, 64],
  ],
  ops: [
    { op: 'mmap', page: 0, pages: HUGE / 4096, prot: 'rw', populate: true },
    { op: 'mlock', page: 0, pages: HUGE / 4096 },
    { op: 'fork', continueIn: 'child', parentExits: true },
    { op: 'mprotect', page: 0, pages: 2 ** 19, prot: 'none' },
    { op: 'mlock', page: 0, pages: HUGE / 4096 },
    { op: 'mmap', page: 2 ** 22, pages: HUGE / 4096, prot: 'rw' },
    { op: 'madvise', page: 2 ** 22, pages: HUGE / 4096, advice: 'GUARD_INSTALL' },
    { op: 'madvise', page: 2 ** 22, pages: HUGE / 4096, advice: 'POPULATE_WRITE' },
    { op: 'munmap', page: 0, pages: HUGE / 4096 },
  ],
};

/** VMAs of {@link MANY_VMAS}, which is run with such a `max_map_count`. */
export const MANY = 500_000;

/** Enough VMAs for a fork of them to take a while. The first three pages are written. */
export const MANY_VMAS: Scenario = {
  id: 'many',
  ops: [
    { op: 'mmap', page: 0, pages: 3, prot: 'rw' },
    { op: 'touch', page: 0, pages: 3, access: 'write' },
    { op: 'fill_maps', slack: 0 },
  ],
};

/** A log of mappings that all stay apart: a VMA each. */
export function apartLog(calls: number): string {
  const line = (i: number): string => {
    const addr = `0x${(0x1000_0000_0000 + i * 0x2000).toString(16)}`;
    return `mmap(${addr}, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${addr}\n`;
  };
  return Array.from({ length: calls }, (_, i) => line(i)).join('');
}
