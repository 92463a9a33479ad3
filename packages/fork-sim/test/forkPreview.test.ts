import { describe, expect, it } from 'vitest';
import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import type { Op } from '../src/index.ts';
import { forkPreview, type Process, stepScenario, World } from '../src/index.ts';

const BASE = 0x2000_0000_0000;
const at = (page: number): number => BASE + page * PAGE_SIZE;
const RW = PROT_READ | PROT_WRITE;
const ANON = MAP_ANONYMOUS | MAP_FIXED;

function map(process: Process, page: number, pages: number, flags: number): void {
  expect(process.mmap({ addr: at(page), length: pages * PAGE_SIZE, prot: RW, flags })).toBe(at(page));
}

/** A report as a table: one row a VMA. */
function table(rows: readonly (readonly (string | number)[])[]): string {
  return `\n${rows.map((row) => row.join('  ')).join('\n')}\n`;
}

describe('forkPreview', () => {
  it('says per VMA what a fork would copy, and why', () => {
    const world = new World();
    const process = world.newProcess();
    map(process, 0, 8, ANON | MAP_PRIVATE);
    map(process, 16, 8, ANON | MAP_SHARED);
    map(process, 32, 8, ANON | MAP_PRIVATE);
    map(process, 48, 8, ANON | MAP_SHARED);
    map(process, 64, 8, ANON | MAP_PRIVATE);
    map(process, 1024, 8, ANON | MAP_PRIVATE);
    for (const page of [0, 1, 16, 17, 18, 33, 64, 1025]) process.access(at(page), 'write', 7);
    process.madvise(at(32), 8 * PAGE_SIZE, MADV.DONTFORK);
    process.madvise(at(48), PAGE_SIZE, MADV.GUARD_INSTALL);
    process.madvise(at(64), 8 * PAGE_SIZE, MADV.WIPEONFORK);
    const { vmas, ...sum } = forkPreview(process);
    const rows = vmas.map(({ vma, action, reason, ptes, left, tables, kB }) => {
      const why = reason === null ? '-' : reason.rule;
      return [
        (vma.vmStart - BASE) / PAGE_SIZE,
        action,
        why,
        `${ptes} copied, ${left} left`,
        `${tables} tables`,
        `${kB} kB`,
      ];
    });
    expect(table(rows)).toMatchInlineSnapshot(`
      "
      0  copy  anonVma  2 copied, 0 left  3 tables  12 kB
      16  refault  refault  0 copied, 3 left  0 tables  0 kB
      32  skip  -  0 copied, 1 left  0 tables  0 kB
      48  copy  dstFlags  1 copied, 0 left  0 tables  0 kB
      64  wipe  -  0 copied, 1 left  0 tables  0 kB
      1024  copy  anonVma  1 copied, 0 left  1 tables  4 kB
      "
    `);
    expect(sum).toEqual({ ptes: 4, left: 5, tables: 4, kB: 16 });
  });

  it('changes nothing', () => {
    const world = new World();
    const process = world.newProcess();
    map(process, 0, 8, ANON | MAP_PRIVATE);
    process.access(at(0), 'write', 1);
    const before = { frames: world.frames.live, tables: world.frames.tables.live, processes: world.processes.size };
    forkPreview(process);
    expect({ frames: world.frames.live, tables: world.frames.tables.live, processes: world.processes.size }).toEqual(
      before,
    );
  });

  const GEOMETRY: readonly Op[] = [
    { op: 'mmap', page: 500, pages: 24, prot: 'rw' },
    { op: 'touch', page: 505, access: 'write', pages: 16 },
    { op: 'mmap', page: 530, pages: 4, prot: 'rw', backing: 'file0', pgoff: 30 },
    { op: 'uffd_register', page: 530, pages: 4, mode: 'wp' },
    { op: 'uffd_wp', page: 530, pages: 4, on: true },
    { op: 'madvise', page: 533, pages: 1, advice: 'GUARD_REMOVE' },
    { op: 'mmap', page: 1000, pages: 64, prot: 'rw', backing: 'file0' },
    { op: 'touch', page: 1000, access: 'write', pages: 40 },
    { op: 'mmap', page: 262_100, pages: 100, prot: 'rw' },
    { op: 'touch', page: 262_140, access: 'read', pages: 8 },
    { op: 'madvise', page: 262_141, pages: 2, advice: 'GUARD_INSTALL' },
    { op: 'touch', page: 262_150, access: 'write' },
    { op: 'mmap', page: 134_217_700, pages: 600, prot: 'rw' },
    { op: 'touch', page: 134_217_710, access: 'write', pages: 8, stride: 40 },
    { op: 'munmap', page: 134_217_720, pages: 2 },
    { op: 'madvise', page: 134_217_730, pages: 8, advice: 'DONTNEED' },
    { op: 'uffd_register', page: 262_100, pages: 60, mode: 'wp+missing', uffd: 1, eventFork: true },
    { op: 'uffd_wp', page: 262_150, pages: 1, on: true, uffd: 1 },
  ];

  it.each(['6.12', '6.16', '6.18', 'guard-flag', 'as-posted', '6.19', '7.3'])(
    'is exactly what a fork then does in %s',
    (profile) => {
      const scenario = { id: 'preview', span: 134_221_824, windows: [['w', 0, 1] as const], ops: GEOMETRY };
      for (const { arena } of stepScenario(scenario, { profile, format: 2 })) {
        const process = arena.current;
        const preview = forkPreview(process);
        const { child, decisions } = process.fork();
        expect(
          preview.vmas.map(({ vma, action, reason, ptes, tables }) => ({ parent: vma, action, reason, ptes, tables })),
        ).toEqual(
          decisions.map(({ src, action, reason, ptes, tables }) => {
            return { parent: process.mm.view(src), action, reason, ptes, tables };
          }),
        );
        expect(preview.kB).toBe(child.pageTable.vmPteKb);
        child.exit();
      }
    },
  );
});
