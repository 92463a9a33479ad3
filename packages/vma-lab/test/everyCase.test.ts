import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Replay, replayOutcome } from 'fork-sim';
import { createForkSim } from 'fork-sim/same-thread';
import { parseSmaps, parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import type { SmapsReport } from '../src/json/index.ts';
import { cli, recording } from './cli.ts';
import { type Input, ofCli, ofWorker } from './sameAnswers.ts';

// Every file of conformance/cases, given to the command line and to the worker of the site: they say the same of it.

const CASES = recording('cases');
const FILES = readdirSync(CASES, { recursive: true, encoding: 'utf8' }).sort();
const KERNEL = '6.18';

/** Maps of a log that do not have its name, by process. */
const MAPS: Readonly<Record<string, { readonly initial?: Of; readonly final?: Of }>> = {
  'field/19-static-program.strace': {
    initial: '19-static-program-initial.smaps',
    final: '19-static-program-final.smaps',
  },
  'field/03-maps-as-initial.strace': { initial: '03-maps-as-initial.maps' },
  // Of a 32-bit process: a map that no log is replayed on.
  'field/26-i386-mmap2.strace': {},
  'programs/on-map-ignores-anonymous/r.strace': { initial: 'r.initial', final: 'r.final' },
  'programs/event-order-greedy/node-long.200.strace': { initial: 'node-long.initial.smaps' },
  'programs/initial-tgid/att.log.gz': { initial: { 16004: 'att.smaps' } },
  'programs/two-attached/two.log': {
    initial: { 16343: 'a.smaps', 16344: 'b.smaps' },
    final: { 16343: 'a.smaps', 16344: 'b.smaps' },
  },
};

/** A file beside the log: of its first process, or of each by pid. */
type Of = string | Readonly<Record<number, string>>;

/** The maps of a log: by the table above, else those that have its name. */
function mapsOf(log: string): { readonly initial?: Of; readonly final?: Of } {
  const given = MAPS[log];
  if (given !== undefined) return given;
  const beside = (which: string): string | undefined =>
    ['.smaps', '.smaps.gz']
      .map((end) => `${basename(log).replace(/\.strace(\.gz)?$/, '')}.${which}${end}`)
      .find((name) => existsSync(join(CASES, log, '..', name)));
  const [initial, final] = [beside('initial'), beside('final')];
  return { ...(initial === undefined ? {} : { initial }), ...(final === undefined ? {} : { final }) };
}

function inputOf(log: string): Input {
  const { initial, final } = mapsOf(log);
  const path = (name: string): string => join(CASES, log, '..', name);
  const blob = (name: string): Blob => new Blob([readFileSync(path(name))]);
  const args = [join(CASES, log)];
  const maps = [];
  const first: { initial?: Blob; final?: Blob } = {};
  for (const [map, of] of [
    ['initial', initial],
    ['final', final],
  ] as const) {
    if (typeof of === 'string') {
      args.push(`--${map}`, path(of));
      first[map] = blob(of);
      continue;
    }
    for (const [pid, name] of Object.entries(of ?? {})) {
      args.push(`--${map}`, `${pid}=${path(name)}`);
      maps.push({ map, pid: Number(pid), source: blob(name), name });
    }
  }
  return { args, load: { source: blob(basename(log)), ...first, maps } };
}

/** Of these only what is counted of the first process is compared, without what-ifs and final maps: with them they take a minute. */
const HEAVY = ['field/37-at-the-limit.strace', 'hostile/slow.strace'];

async function ofHeavy({ load: { source, initial } }: Input): Promise<[command: unknown, worker: unknown]> {
  const log = await (source as Blob).text();
  const packed = initial === undefined ? null : new Uint8Array(await (initial as Blob).arrayBuffer());
  const entries = packed === null ? null : parseSmaps(gunzipSync(packed)).entries;
  const replay = new Replay({
    profile: kernelProfile(KERNEL),
    explain: false,
    ...(entries === null ? {} : { initial: new Map([['first' as const, entries]]) }),
  });
  for (const event of parseStrace(log)) replay.feed(event);
  replay.end();
  const { first } = replay;
  const sim = createForkSim();
  const load = { source: log, ...(initial === undefined ? {} : { initial }) };
  const { outcome } = await sim.loadStrace({ ...load, explain: false, options: { profile: KERNEL } });
  await sim.dispose();
  return [first && replayOutcome(replay, first), outcome];
}

/** What is said, or why nothing is. */
async function said(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return (error as Error).message;
  }
}

const isLog = (name: string): boolean => /\.(?:strace|log)(?:\.gz)?$/.test(name) && !name.includes('48-strace-ff');
const LOGS = FILES.filter(isLog);
const TEXTS = FILES.filter((name) => /\.(?:smaps|maps)$|^field\/(?!.*expect).*\.txt$/.test(name));

describe('the command line and the worker say the same of every case', () => {
  it('all of them', () => {
    expect(LOGS.length + TEXTS.length).toBeGreaterThan(110);
    for (const log of Object.keys(MAPS)) expect(LOGS).toContain(log);
  });

  it.each(LOGS)('%s', async (log) => {
    const input = inputOf(log);
    if (HEAVY.includes(log)) {
      const [command, worker] = await ofHeavy(input);
      expect(worker).toEqual(command);
      return;
    }
    const own = await said(ofWorker(input, KERNEL));
    if (typeof own !== 'string') {
      expect(own).toEqual(await ofCli(input, KERNEL));
      return;
    }
    const { err, status } = await cli(['replay', ...input.args, '--kernel', KERNEL]);
    expect([status, err]).toEqual([2, expect.stringContaining(own === 'no call' ? 'no call' : own)]);
  });

  it.each(TEXTS)('%s', async (name) => {
    const path = join(CASES, name);
    const sim = createForkSim();
    const load = { source: new Blob([readFileSync(path)]), options: { profile: KERNEL } };
    const own = await said(
      sim.loadSmaps(load).then(async ({ notes }) => {
        const { vmas, forkTotals, reserves, childTablesKbAtMost, seams, unknown, walls } = await sim.sumUp();
        const { guards } = await sim.whatIf();
        const walled = walls.reduce((sum, { count }) => sum + count, 0);
        return {
          vmas,
          notes,
          pairs: [seams.count, unknown.count, walled],
          fork: [forkTotals.copy.vmas, forkTotals.refault.vmas, reserves.vmas, childTablesKbAtMost],
          guards: guards && [guards.guards, guards.sizes, guards.endVmas],
        };
      }),
    );
    await sim.dispose();
    const { out, err, status } = await cli(['smaps', path, '--kernel', KERNEL, '--json']);
    if (typeof own === 'string') {
      expect([status, err]).toEqual([2, expect.stringContaining(own)]);
      return;
    }
    const report = JSON.parse(out) as SmapsReport;
    const { count, sizes, vmasAtBest } = report.guards;
    const pairs = (answer: string): number => report.map.filter(({ above }) => above?.answer === answer).length;
    const fork = report.forks.find(({ profile }) => profile === KERNEL);
    expect(own).toEqual({
      vmas: report.vmas,
      notes: report.notes,
      pairs: [pairs('could'), pairs('unknown'), pairs('never')],
      fork: [fork?.copy, fork?.refault, fork?.reserves, fork?.tablesKbAtMost],
      guards: count === 0 ? null : [count, sizes, vmasAtBest],
    });
  });
});
