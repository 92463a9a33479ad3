import { describe, expect, it } from 'vitest';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import { type Process, validateWorld, World } from '../../src/index.ts';
import { buildAnon } from '../../src/worker/buildAnon.ts';
import { compare } from '../../src/worker/compare.ts';
import { forkJob } from '../../src/worker/forkJob.ts';
import { CancelledError } from '../../src/worker/index.ts';
import { Job } from '../../src/worker/job.ts';
import { makeScenario, makeStrace } from '../../src/worker/makeSubject.ts';
import { Navigator } from '../../src/worker/navigator.ts';
import { touchJob } from '../../src/worker/touchJob.ts';
import { traceJob } from '../../src/worker/traceJob.ts';
import { whatIf } from '../../src/worker/whatIf.ts';
import { GUARDED_FILE, growingLog } from './samples.ts';

const VMAS = 20_000;
const BASE = 0x1000_0000_0000;

/** A job by whose clock everything takes long: it pauses wherever it may. Its reports are counted, and one of them may cancel. */
class CountingJob extends Job {
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

/** Work, with the number of places at least where it can be cancelled. */
const WORK: readonly (readonly [string, number, (job: Job) => Promise<unknown>])[] = [
  ['replaying a log', 900, async (job) => (await makeStrace({ source: growingLog(1000) }, '6.19', job)).load(job)],
  ['jumping in a log', 900, jump],
  ['looking for the limit that a log needs', 900, limitOf],
  ['a scenario', 10, (job) => new Navigator(makeScenario({ scenario: GUARDED_FILE }, '6.19')).goTo(10, job)],
  ['tracing a scenario', 10, (job) => traceJob({ scenario: GUARDED_FILE, options: { profile: '6.19' } }, job)],
  ['comparing two kernels', 20, (job) => compareBoth(job)],
  ['forking many VMAs', VMAS, (job) => forkJob(manyVmas(), job)],
  ['touching pages', 9, touchMany],
];

describe('long work', () => {
  it.each(WORK)('such as %s can be cancelled in %d places or more', async (_, least, work) => {
    const job = new CountingJob();
    await work(job);
    expect(job.pieces()).toBeGreaterThanOrEqual(least);
  });

  it.each(WORK)(
    'such as %s is cancelled in the first of them, in the last but one, and goes no further',
    async (_, least, work) => {
      for (const at of [1, least - 1]) {
        const job = new CountingJob(at);
        await expect(work(job)).rejects.toBeInstanceOf(CancelledError);
        expect(job.pieces()).toBe(at);
      }
    },
  );

  it('of a fork, cancelled between two VMAs, leaves no child and a sound world', async () => {
    const process = manyVmas();
    for (let i = 0; i < VMAS; i += 100) process.access(BASE + i * 2 * PAGE_SIZE, 'write');
    const { live } = process.world.frames.tables;
    await expect(forkJob(process, new CountingJob(VMAS / 2))).rejects.toBeInstanceOf(CancelledError);
    expect([...process.world.processes.keys()]).toEqual([process.pid]);
    expect(process.world.frames.tables.live).toBe(live);
    expect(validateWorld(process.world)).toEqual([]);
  });

  it('of a fork, cancelled after its last VMA, leaves no child either', async () => {
    const process = manyVmas();
    await expect(forkJob(process, new CountingJob(VMAS))).rejects.toBeInstanceOf(CancelledError);
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

async function jump(job: Job): Promise<void> {
  const subject = await makeStrace({ source: growingLog(1000) }, '6.19', new Job({}));
  await subject.load(new Job({}));
  await new Navigator(subject).goTo(950, job);
}

async function limitOf(job: Job): Promise<void> {
  const subject = await makeStrace({ source: growingLog(1000) }, '6.19', new Job({}));
  await subject.load(new Job({}));
  await whatIf(subject, job);
}

async function compareBoth(job: Job): Promise<void> {
  await compare({ input: { kind: 'scenario', load: { scenario: GUARDED_FILE } }, profiles: ['6.18', '6.19'] }, job);
}

async function touchMany(job: Job): Promise<void> {
  const process = new World().newProcess();
  const { addr, pages } = buildAnon(process, 10_000 * PAGE_SIZE, new Job({}));
  await touchJob(process, { addr, pages, access: 'write' }, [], job);
}
