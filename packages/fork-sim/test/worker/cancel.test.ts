import { afterEach, describe, expect, it } from 'vitest';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import { type Process, validateWorld, World } from '../../src/index.ts';
import { buildAnon } from '../../src/worker/buildAnon.ts';
import { compare } from '../../src/worker/compare.ts';
import { forkJob } from '../../src/worker/forkJob.ts';
import { CancelledError } from '../../src/worker/index.ts';
import { makeScenario, makeStrace } from '../../src/worker/makeSubject.ts';
import { Navigator } from '../../src/worker/navigator.ts';
import { Pacer } from '../../src/worker/pacer.ts';
import { touchJob } from '../../src/worker/touchJob.ts';
import { traceJob } from '../../src/worker/traceJob.ts';
import { whatIf } from '../../src/worker/whatIf.ts';
import { GUARDED_FILE, growingLog } from './samples.ts';

const VMAS = 20_000;
const BASE = 0x1000_0000_0000;

/** A pacer by whose clock everything takes long: it pauses wherever it may. Its reports are counted, and one of them may cancel. */
class CountingPacer extends Pacer {
  readonly pieces: () => number;

  constructor(cancelAt: number = Number.POSITIVE_INFINITY) {
    let now = 0;
    let pieces = 0;
    const controller = new AbortController();
    const onProgress = (): void => {
      if (++pieces >= cancelAt) controller.abort();
    };
    super({ signal: controller.signal, onProgress }, () => (now += 1000));
    this.pieces = () => pieces;
  }
}

const pacers: CountingPacer[] = [];
afterEach(() => {
  for (const pacer of pacers.splice(0)) pacer.close();
});

function counting(cancelAt?: number): CountingPacer {
  const pacer = new CountingPacer(cancelAt);
  pacers.push(pacer);
  return pacer;
}

/** Work, with the number of places at least where it can be cancelled. */
const WORK: readonly (readonly [string, number, (pacer: Pacer) => Promise<unknown>])[] = [
  [
    'replaying a log',
    900,
    async (pacer) => (await makeStrace({ source: growingLog(1000) }, '6.19', pacer)).load(pacer),
  ],
  ['jumping in a log', 900, jump],
  ['looking for the limit that a log needs', 900, limitOf],
  ['a scenario', 10, (pacer) => new Navigator(makeScenario({ scenario: GUARDED_FILE }, '6.19')).goTo(10, pacer)],
  ['tracing a scenario', 10, (pacer) => traceJob({ scenario: GUARDED_FILE, options: { profile: '6.19' } }, pacer)],
  ['comparing two kernels', 20, (pacer) => compareBoth(pacer)],
  ['forking many VMAs', VMAS, (pacer) => forkJob(manyVmas(), {}, pacer)],
  ['touching pages', 9, touchMany],
];

describe('long work', () => {
  it.each(WORK)('such as %s can be cancelled in %d places or more', async (_, least, work) => {
    const pacer = counting();
    await work(pacer);
    expect(pacer.pieces()).toBeGreaterThanOrEqual(least);
  });

  it.each(WORK)(
    'such as %s is cancelled in the first of them, in the last but one, and goes no further',
    async (_, least, work) => {
      for (const at of [1, least - 1]) {
        const pacer = counting(at);
        await expect(work(pacer)).rejects.toBeInstanceOf(CancelledError);
        expect(pacer.pieces()).toBe(at);
      }
    },
  );

  it('of a fork, cancelled between two VMAs, leaves no child and a sound world', async () => {
    const process = manyVmas();
    for (let i = 0; i < VMAS; i += 100) process.access(BASE + i * 2 * PAGE_SIZE, 'write');
    const { live } = process.world.frames.tables;
    await expect(forkJob(process, {}, counting(VMAS / 2))).rejects.toBeInstanceOf(CancelledError);
    expect([...process.world.processes.keys()]).toEqual([process.pid]);
    expect(process.world.frames.tables.live).toBe(live);
    expect(validateWorld(process.world)).toEqual([]);
  });

  it('of a fork, cancelled after its last VMA, leaves no child either', async () => {
    const process = manyVmas();
    await expect(forkJob(process, {}, counting(VMAS))).rejects.toBeInstanceOf(CancelledError);
    expect([...process.world.processes.keys()]).toEqual([process.pid]);
  });
});

function manyVmas(): Process {
  const process = new World({ maxMapCount: 1e6 }).newProcess();
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  for (let i = 0; i < VMAS; i++)
    process.mmap({ addr: BASE + i * 2 * PAGE_SIZE, length: PAGE_SIZE, prot: PROT_READ | PROT_WRITE, flags });
  return process;
}

async function jump(pacer: Pacer): Promise<void> {
  const subject = await makeStrace({ source: growingLog(1000) }, '6.19', new Pacer({}));
  await subject.load(new Pacer({}));
  await new Navigator(subject).goTo(950, pacer);
}

async function limitOf(pacer: Pacer): Promise<void> {
  const subject = await makeStrace({ source: growingLog(1000) }, '6.19', new Pacer({}));
  await subject.load(new Pacer({}));
  await whatIf(subject, pacer);
}

async function compareBoth(pacer: Pacer): Promise<void> {
  await compare({ input: { kind: 'scenario', load: { scenario: GUARDED_FILE } }, profiles: ['6.18', '6.19'] }, pacer);
}

async function touchMany(pacer: Pacer): Promise<void> {
  const process = new World().newProcess();
  const { addr, pages } = buildAnon(process, 10_000 * PAGE_SIZE, new Pacer({}));
  await touchJob(process, { addr, pages, access: 'write' }, [], pacer);
}
