import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SmapsReport } from '../src/json/index.ts';
import { cli, file, programFile } from './cli.ts';

/** A smaps of mappings: address range, permissions, offset, device and inode, name, anonymous kB, flags. */
function smapsOf(...rows: readonly (readonly [string, string, string, string, number])[]): string {
  return rows
    .map(
      ([range, perms, file, flags, anonymous]) =>
        `${range} ${perms} 00000000 ${file}\nRss: ${anonymous} kB\nAnonymous: ${anonymous} kB\nVmFlags: ${flags}\n`,
    )
    .join('');
}

const RW = 'rd wr mr mw me ac';
const ANON = '00:00 0';

async function answers(text: string, kernel = '6.19'): Promise<(string | undefined)[]> {
  const { out } = await cli(['smaps', file('own.smaps', text), '--kernel', kernel, '--json']);
  const report = JSON.parse(out) as SmapsReport;
  return report.map.slice(0, -1).map(({ above }) => above?.answer);
}

describe('smaps: may two neighbours merge', () => {
  const two = (flagsA: string, anonA: number, flagsB: string, anonB: number): string =>
    smapsOf(
      ['7f0000000000-7f0000004000', 'rw-p', ANON, flagsA, anonA],
      ['7f0000004000-7f0000008000', 'rw-p', ANON, flagsB, anonB],
    );

  it('never, where a rule that smaps shows keeps them apart', async () => {
    expect(await answers(two(RW, 4, 'rd wr mr mw me ac nh', 4))).toEqual(['never']);
  });

  it('could, where at most one has pages of its own', async () => {
    expect(await answers(two(RW, 0, RW, 4))).toEqual(['could']);
    expect(await answers(two(RW, 0, RW, 4), '6.12')).toEqual(['could']);
    expect(await answers(two(RW, 0, RW, 0))).toEqual(['could']);
  });

  it('unknown, where both have: smaps does not show anon_vma', async () => {
    expect(await answers(two(RW, 4, RW, 4))).toEqual(['unknown']);
  });

  it('not across a hole', async () => {
    const apart = smapsOf(
      ['7f0000000000-7f0000004000', 'rw-p', ANON, RW, 0],
      ['7f0000005000-7f0000008000', 'rw-p', ANON, RW, 0],
    );
    expect(await answers(apart)).toEqual([undefined]);
  });
});

describe('smaps', () => {
  it('of a program: neighbours, limit, what a fork copies on each profile, within 100 columns', async () => {
    const path = programFile('guard-pool', 'final.smaps');
    const { status, out } = await cli(['smaps', path]);
    expect(status).toBe(0);
    for (const text of [
      '32 VMAs, Linux 6.19',
      '65,498 to spare',
      'wants room for 6 (4 on 7.3)',
      '4 PROT_NONE guards',
      'of 26 pairs that touch',
      'A fork now',
      'as-posted',
    ]) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(text);
    }
    for (const line of out.split('\n')) expect(line.replaceAll(path, '').length).toBeLessThanOrEqual(100);
  });

  it('--json says the same', async () => {
    const { out } = await cli(['smaps', programFile('guard-pool', 'final.smaps'), '--json', '--max-map-count', '1000']);
    const report = JSON.parse(out) as SmapsReport;
    expect(report).toMatchObject({
      kind: 'smaps',
      version: 1,
      vmas: 32,
      maxMapCount: 1000,
      toSpare: 968,
      profile: '6.19',
      guards: { count: 4 },
    });
    expect(report.guards.vmasAtBest).toBeLessThan(32);
    expect(report.forks.map(({ profile }) => profile)).toEqual([
      '6.19',
      '6.12',
      '6.16',
      '6.18',
      'guard-flag',
      'as-posted',
      '7.3',
    ]);
  });

  it('--ascii has nothing but ASCII', async () => {
    const { out } = await cli(['smaps', programFile('node-threads', 'final.smaps'), '--ascii', '--all']);
    expect(out).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('a guard in a file mapping makes fork copy it from 6.19 on, by its flag', async () => {
    const text = smapsOf([
      '7f0000000000-7f0000400000',
      'r--s',
      'fe:00 7                          /data',
      'rd mr me ms gu',
      0,
    ]);
    const { out } = await cli(['smaps', file('guarded.smaps', text), '--json']);
    const { forks } = JSON.parse(out) as SmapsReport;
    const copied = Object.fromEntries(forks.map(({ profile, copy }) => [profile, copy]));
    expect(copied).toMatchObject({ '6.12': 0, '6.18': 0, 'guard-flag': 1, 'as-posted': 1, '6.19': 1, '7.3': 1 });
  });

  it.runIf(process.platform === 'linux')('of a running process, by its pid', async () => {
    const { status, out } = await cli(['smaps', String(process.pid), '--json']);
    expect(status).toBe(0);
    const report = JSON.parse(out) as SmapsReport;
    expect(report.vmas).toBeGreaterThan(5);
    expect(report.maxMapCount).toBe(Number(readFileSync('/proc/sys/vm/max_map_count', 'utf8')));
  });
});
