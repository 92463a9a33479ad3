import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import { expect } from 'vitest';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { rightCase } from './rightCase.ts';

/** The log of a program without the calls that `-e trace=memory` leaves out. */
function memoryAlone(program: string, place: (address: number) => number): string[] {
  const lines = readFileSync(programFile(program, 'trace.strace'), 'utf8').trimEnd().split('\n');
  const moved = (line: string): string =>
    line.replace(/0x([0-9a-f]{8,12})\b/g, (_, hex: string) => `0x${place(Number.parseInt(hex, 16)).toString(16)}`);
  return lines
    .filter((line) => /^\d+ +(?:mmap|munmap|mprotect|brk|madvise|mremap)\(/.test(line))
    .map((line) => moved(line.replace(/^\d+/, '8')));
}

const own = memoryAlone('true', (address) => address);
/** The same program once more, where the kernel has drawn other places for it. */
const again = memoryAlone(
  'true',
  (address) => address + (address < 0x6000_0000_0000 ? 0x20_0000_0000 : -0x3_0000_0000),
);

rightCase(
  'a log of strace -e trace=memory, of a process that executes a second program',
  {
    right: 'the break is far from the one before: another program; both places of each are as in the log',
    before: 'one address space: every place of the second program wrong',
  },
  async () => {
    const log = [...own, ...again].join('\n');
    const { out } = await cli(['replay', file('memory.strace', `${log}\n`), '--json']);
    const { log: read, kernels } = JSON.parse(out) as ReplayReport;
    expect(read.unreadable).toBe(0);
    const [process] = kernels[0]?.processes ?? [];
    expect(process).toMatchObject({ results: { wrong: 0 }, places: { wrong: 0 } });
    const first = own.length + 1;
    expect(process?.assumptions.join(' ')).toContain(
      `Line ${first} shows that a program began whose execve is not in the log`,
    );
    const alone = JSON.parse((await cli(['replay', file('again.strace', `${again.join('\n')}\n`), '--json'])).out);
    expect(process?.vmas.end).toBe((alone as ReplayReport).kernels[0]?.processes[0]?.vmas.end);
    const sim = createForkSim();
    const { outcome } = await sim.loadStrace({ source: log });
    await sim.dispose();
    expect(outcome?.wrongPlaces.count).toBe(0);
  },
);

rightCase(
  'a heap of one program that grows by 8 MiB at a time',
  { right: 'one program', before: 'the same' },
  async () => {
    const grown = Array.from({ length: 200 }, (_, n) => {
      const at = `0x${(0x5555_5555_0000 + n * 0x80_0000).toString(16)}`;
      return [`8 brk(${n === 0 ? 'NULL' : at}) = ${at}`, `8 brk(NULL) = ${at}`];
    }).flat();
    const { out } = await cli(['replay', file('heap.strace', `${grown.join('\n')}\n`), '--json']);
    const [process] = (JSON.parse(out) as ReplayReport).kernels[0]?.processes ?? [];
    expect(process).toMatchObject({ results: { wrong: 0 }, vmas: { end: 1 } });
    expect(process?.assumptions.join(' ')).not.toContain('execve');
  },
);
