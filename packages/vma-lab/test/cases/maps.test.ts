import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect } from 'vitest';
import type { ReplayReport, SmapsReport } from '../../src/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `vma-lab smaps --json` says of a file. */
async function smaps(path: string, ...more: readonly string[]): Promise<SmapsReport> {
  const { status, out, err } = await cli(['smaps', path, '--json', ...more]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out) as SmapsReport;
}

/** What `vma-lab replay --json` says of a log. */
async function replayed(...args: readonly string[]): Promise<ReplayReport> {
  const { out, err } = await cli(['replay', ...args, '--json']);
  expect(err).toBe('');
  return JSON.parse(out) as ReplayReport;
}

const rowsOf = ({ map }: { readonly map: readonly { start: string; end: string; perms: string }[] }): string[] =>
  map.map(({ start, end, perms }) => `${start.slice(2)}-${end.slice(2)} ${perms}`);

describe('a plain /proc/PID/maps shows no flags', () => {
  const MAPS = caseFile('field/03-maps-as-initial.maps');
  const LOG = caseFile('field/03-maps-as-initial.strace');
  const AT_END = [
    '55d000000000-55d000001000 r-xp',
    '55d000200000-55d000242000 rw-p',
    '7f73baf9c000-7f73bafbd000 rw-p',
    '7fff0f000000-7fff0f021000 rw-p',
  ];

  rightCase(
    'field/03-maps-as-initial.strace',
    { right: 'at the end 4 VMAs (03-maps-as-initial.judge.c on 6.18.44)', before: '7 VMAs, all "refused: ac"' },
    async () => {
      for (const kernel of ['6.12', '6.18', '6.19', '7.3']) {
        const { kernels } = await replayed(LOG, '--initial', MAPS, '--kernel', kernel);
        const first = kernels[0]!.processes[0]!;
        expect(rowsOf(first)).toEqual(AT_END);
        expect(first.assumptions.join(' ')).toContain('shows no flags (maps does not, smaps would)');
      }
    },
  );

  rightCase(
    'the same map as the final one',
    { right: 'what it shows is equal, and it is said that flags are not compared', before: '"flags" differ' },
    async () => {
      const final = file('03-final.maps', `${AT_END.map((row) => `${row} 00000000 00:00 0 `).join('\n')}\n`);
      const args = [LOG, '--initial', MAPS, '--final', final];
      const { kernels } = await replayed(...args);
      expect(kernels[0]!.processes[0]!.final).toMatchObject({ real: 4, equal: 4, flagsUnknown: 4, differences: [] });
      expect((await cli(['replay', ...args])).out.replaceAll(/\s+/g, ' ')).toContain(
        'range, permissions, offset; a maps shows no flags, smaps would',
      );
    },
  );

  rightCase(
    'field/03-maps-as-initial.maps',
    {
      right: 'the two rw-p are taken as written: a fork copies 3 VMAs; no flag is claimed; said what smaps would show',
      before: 'writable memory "left to refault"; "resident 0 pages"',
    },
    async () => {
      const report = await smaps(MAPS);
      expect(report.forks.map(({ copy, residentPages }) => [copy, residentPages])).toEqual(Array(7).fill([3, null]));
      expect(report.map.map(({ flags }) => flags)).toEqual(['rd ex', 'rd wr', '', 'rd wr', 'rd wr']);
      expect(report.map[2]!.above).toMatchObject({ answer: 'never', text: 'flags differ by rd wr' });
      expect(report.notes[0]).toContain('maps shows no flags; smaps would');
      const sim = createForkSim();
      const { notes } = await sim.loadSmaps({ source: readFileSync(MAPS, 'utf8') });
      await sim.dispose();
      expect(notes).toEqual(report.notes);
    },
  );
});
