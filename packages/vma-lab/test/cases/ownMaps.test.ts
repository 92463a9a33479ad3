import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect, it } from 'vitest';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

const LOG = readFileSync(caseFile('maps/own-maps.strace'), 'utf8');
const INITIAL = caseFile('maps/own-maps.initial.smaps');

type Checkpoint = ReplayReport['kernels'][number]['checkpoints'][number];

/** The maps that a log shows, compared; and the status. */
async function checkpointsOf(log: string, more: readonly string[] = ['--initial', INITIAL]) {
  const args = ['replay', file('own.strace', log), ...more, '--kernel', '6.18'];
  const { out, status } = await cli([...args, '--json']);
  const { kernels } = JSON.parse(out) as ReplayReport;
  const checkpoints: readonly Checkpoint[] = kernels[0]?.checkpoints ?? [];
  return { checkpoints, status, drawn: (await cli(args)).out };
}

const short = ({ line, real, equal, verdict }: Checkpoint): unknown[] => [line, real, equal, verdict.state];

/** A log with some lines changed. */
function changed(log: string, at: readonly number[], change: (line: string) => string): string {
  const lines = log.split('\n');
  return lines.map((line, index) => (at.includes(index + 1) ? change(line) : line)).join('\n');
}

/** What each of the readings shows: the kernel's map and the model's are alike. */
const ALL = [
  [24, 23, 23, 'right'],
  [29, 24, 24, 'right'],
  [37, 24, 24, 'right'],
  [63, 24, 24, 'right'],
  [69, 3, 3, 'right'],
  [70, 24, 24, 'right'],
  [71, 5, 5, 'right'],
  [73, 24, 24, 'right'],
  [79, 26, 26, 'right'],
  [86, null, null, 'open'],
  [92, 28, 28, 'right'],
  [104, 28, 28, 'right'],
  [112, 28, 28, 'right'],
];

/** The log as `-s` would have it with another length. */
function cutAt(length: number): string {
  return LOG.replace(/"((?:[^"\\]|\\.)*)"(?=, \d+(?:, 0)?\)| *, iov_len)/g, (all, text: string) => {
    const units = text.match(/\\(?:[0-7]{1,3}|.)|./g) ?? [];
    return units.length > length ? `"${units.slice(0, length).join('')}"...` : all;
  });
}

const withoutPaths = LOG.replace(/(\b\d+)<\/[^>]*>/g, '$1').replaceAll('AT_FDCWD</tmp/own-maps>', 'AT_FDCWD');

describe('programs that read maps', () => {
  rightCase(
    'maps/own-maps.strace',
    {
      right: 'thirteen readings, and what the kernel showed is what the model has at each (Linux 6.18.44)',
      before: 'nothing: reads were calls that do not concern memory',
    },
    async () => {
      const { checkpoints, status, drawn } = await checkpointsOf(LOG);
      expect(checkpoints.map(short)).toEqual(ALL);
      expect(status).toBe(0);
      expect(drawn).toMatch(/line 24 {6}✓ all 23 VMAs of pid 3106 as in \/proc\/self\/maps, read here/);
      expect(drawn).toMatch(/line 86 {6}\? \/proc\/self\/pagemap of pid 3106 was read here and not compared/);
    },
  );

  rightCase(
    'maps/own-maps.strace, as strace without -y has it',
    { right: 'the same, by what was opened', before: 'nothing' },
    async () => {
      expect((await checkpointsOf(withoutPaths)).checkpoints.map(short)).toEqual(ALL);
    },
  );

  rightCase(
    'maps/own-maps.strace without a pid, and of a log that is not followed',
    { right: 'the map is the only process it can be, by a mapping in common', before: 'nothing' },
    async () => {
      const own = withoutPaths
        .split('\n')
        .filter((line) => line.startsWith('3106 '))
        .map((line) => line.slice(6))
        .filter((line) => !line.startsWith('clone(') && !line.startsWith('<... clone'));
      const { checkpoints } = await checkpointsOf(`${own.join('\n')}\n`);
      expect(checkpoints.map(({ real, verdict }) => [real, verdict.state])).toEqual(
        ALL.filter(([line]) => line !== 92 && line !== 104).map(([, real, , state]) => [real, state]),
      );
      const other = changed(withoutPaths, [62, 63, 64, 65, 66], (line) =>
        line
          .replaceAll('3106/maps', '9/maps')
          .replaceAll('7f41', '7e41')
          .replaceAll('5625', '5725')
          .replaceAll('7fff', '7ffd'),
      );
      const strange = (await checkpointsOf(other)).checkpoints.find(({ line }) => line === 63);
      expect(strange?.verdict.text).toMatch(/9\/maps .*the log shows no such process/);
    },
  );

  rightCase(
    'maps/own-maps.strace with one page less in what was read',
    { right: 'a difference at that line, drawn, and status 1', before: 'nothing' },
    async () => {
      const wrong = changed(LOG, [24], (line) => line.replace(' r-xp ', ' r--p '));
      const { checkpoints, status, drawn } = await checkpointsOf(wrong);
      expect(checkpoints[0]?.verdict.state).toBe('wrong');
      expect(checkpoints.slice(1).map(short)).toEqual(ALL.slice(1));
      expect(status).toBe(1);
      expect(drawn).toMatch(/What differs from the real map.*\/proc\/self\/maps, line 24/);
    },
  );

  rightCase(
    'maps/own-maps.strace with -s 32, which is strace by default',
    { right: 'said, with what would show it; no tick', before: 'nothing' },
    async () => {
      const { checkpoints, drawn, status } = await checkpointsOf(cutAt(32));
      expect(checkpoints.filter(({ verdict }) => verdict.state === 'right')).toEqual([]);
      expect(checkpoints[0]?.verdict.text).toMatch(
        /^\/proc\/self\/maps of pid 3106 was read here \d times and not compared/,
      );
      expect(drawn).toContain('-s 65536');
      expect(status).toBe(0);
    },
  );

  rightCase(
    'maps/own-maps.strace with -s 200',
    { right: 'what is there whole is compared, and said to be a part', before: 'nothing' },
    async () => {
      const { checkpoints } = await checkpointsOf(cutAt(200));
      const compared = checkpoints.filter(({ real }) => real !== null);
      expect(compared.map(({ real, equal }) => [real, equal])).toEqual([
        ...[
          [2, 2],
          [24, 24],
          [6, 6],
        ].slice(0, 0),
        ...compared.map(({ real }) => [real, real]),
      ]);
      expect(compared.length).toBeGreaterThan(5);
      for (const { line, verdict, notCompared } of compared) {
        // What was read 100 bytes at a time is whole.
        expect([line, verdict.state]).toEqual([line, notCompared === 'cut' ? 'open' : 'right']);
      }
    },
  );

  rightCase(
    'maps/own-maps.strace without a map at the start',
    { right: 'what execve made is counted and not compared; no tick, and no cross', before: 'nothing' },
    async () => {
      const { checkpoints, status } = await checkpointsOf(LOG, []);
      const { before, real, verdict } = checkpoints[0]!;
      expect([before + real!, verdict.state, status]).toEqual([23, 'open', 0]);
      expect(verdict.text).toContain('from before the log: not compared');
    },
  );

  it('the worker says the same', async () => {
    const { checkpoints } = await checkpointsOf(LOG);
    const sim = createForkSim();
    const { checkpoints: own } = await sim.loadStrace({
      source: LOG,
      initial: readFileSync(INITIAL, 'utf8'),
      options: { profile: '6.18' },
    });
    // Going back and forth compares nothing twice.
    await sim.jump(3);
    await sim.runToEnd();
    expect((await sim.logAnswer()).checkpoints).toHaveLength(own.length);
    await sim.dispose();
    expect(
      own.map(({ line, comparison, why }) => [line, comparison?.real ?? null, comparison?.equal ?? null, why]),
    ).toEqual(checkpoints.map(({ line, real, equal, notCompared }) => [line, real, equal, notCompared]));
  });
});
