// The commands that answer one question, on the field cases.
import { describe, expect, it } from 'vitest';
import type { WhyJson } from '../../src/json/whyJson.ts';
import { cli, programFile, recording } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const BEFORE = 'there was no such command';

/** What a command prints with `--json`. */
async function asked<T>(...args: readonly string[]): Promise<T> {
  const { out, err, status } = await cli([...args, '--json']);
  expect({ err, status }).toEqual({ err: '', status: 0 });
  return JSON.parse(out) as T;
}

describe('why', () => {
  const jvm = caseFile('field/12-jvm-real-100-threads.smaps');

  rightCase(
    'why field/12-jvm-real-100-threads.smaps',
    { right: 'no pair could merge; a stack and its guard differ by access, ac and nh', before: BEFORE },
    async () => {
      const { vmas, touching, groups } = await asked<WhyJson>('why', jvm, '--kernel', '6.18');
      expect({ vmas, touching }).toEqual({ vmas: 385, touching: 374 });
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(374);
      expect(groups.every(({ answer }) => answer === 'never')).toBe(true);
      expect(groups.toSorted((a, b) => b.count - a.count)[0]).toMatchObject({
        count: 217,
        rule: 'vmFlags',
        values: "none ≠ VM_READ VM_WRITE VM_ACCOUNT VM_NOHUGEPAGE 'rd wr ac nh'",
        kernelFunction: 'is_mergeable_vma()',
        assumes: [],
      });
    },
  );

  rightCase(
    'why field/12-jvm-real-100-threads.maps',
    { right: 'a maps shows no flags: what could merge rests on them, and it says so', before: BEFORE },
    async () => {
      const { groups, notes } = await asked<WhyJson>('why', caseFile('field/12-jvm-real-100-threads.maps'));
      const could = groups.filter(({ answer }) => answer === 'could');
      expect(could.length).toBeGreaterThan(0);
      expect(could.every(({ assumes }) => assumes.includes('flags'))).toBe(true);
      expect(notes.join()).toContain('maps shows no flags');
    },
  );

  rightCase(
    'why field/10-mpk-stripes.smaps',
    { right: 'neither pair can merge: keys 0 | 1 | 2', before: BEFORE },
    async () => {
      const { pairs } = await asked<WhyJson>('why', caseFile('field/10-mpk-stripes.smaps'));
      expect(pairs.map(({ answer, values }) => `${answer}: ${values}`)).toEqual([
        'never: pkey 0 ≠ 1',
        'never: pkey 1 ≠ 2',
      ]);
    },
  );

  it('an address in a VMA asks about both its neighbours, one where two meet about these', async () => {
    const inside = await asked<WhyJson>('why', jvm, '7f2ce5604100');
    expect(inside.pairs.map(({ upper }) => upper.start)).toEqual(['0x7f2ce5604000', '0x7f2ce5700000']);
    const border = await asked<WhyJson>('why', jvm, '0x7f2ce5604000');
    expect(border.pairs.map(({ upper }) => upper.start)).toEqual(['0x7f2ce5604000']);
  });

  it('an address that no VMA holds: the holes around it', async () => {
    const { out, status } = await cli(['why', jvm, '1000']);
    expect(status).toBe(0);
    expect(out).toContain('no VMA holds this address');
    expect(out).toContain('above: a hole of');
  });

  it('of a log: its last map, with the anon_vmas that the log proves or leaves open', async () => {
    const { out } = await cli(['why', caseFile('field/24-mremap-merge-student.strace')]);
    expect(out).toContain('is_mergeable_anon_vma()');
    expect(out).toContain('A log does not show page faults');
    const { groups } = await asked<WhyJson>('why', caseFile('field/24-mremap-merge-student.strace'));
    expect(groups.find(({ rule }) => rule === 'anonVma')?.assumes).toEqual(['anonVma']);
    expect(groups.find(({ rule }) => rule === 'pgoff')?.assumes).toEqual([]);
  });

  it('of a recording: its kernel and its maps', async () => {
    const { kernel, vmas } = await asked<WhyJson>('why', recording('programs/guard-pool'));
    expect({ kernel, vmas }).toEqual({ kernel: '6.18.44', vmas: 32 });
  });

  it('--all lists each pair, within one line', async () => {
    const { out } = await cli(['why', programFile('guard-pool', 'final.smaps'), '--all']);
    expect(out.split('\n').filter((line) => line.includes(' | ')).length).toBe(26);
  });

  it('one screen, in at most 100 columns', async () => {
    for (const args of [
      ['why', jvm],
      ['why', recording('programs/guard-pool')],
    ]) {
      // The first line has the path, which may be long.
      const [, ...lines] = (await cli(args)).out.split('\n');
      expect(lines.length).toBeLessThan(40);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });
});
