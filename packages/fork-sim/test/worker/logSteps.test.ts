import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parseSmaps, parseStrace, type StraceCall } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile, PAGE_SIZE, pairVerdicts, VM_MAYBE_GUARD } from 'vma-core';
import { neededLimit, Replay } from '../../src/index.ts';
import { createForkSim } from '../../src/worker/forkSim.ts';
import { type LoadStraceInput, type Progress, STEP_MARKS, type StepAnswer } from '../../src/worker/index.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../../../conformance/programs/${file}`, import.meta.url), 'utf8');
const recorded = (program: string): LoadStraceInput & { source: string; initial: string; final: string } => ({
  source: read(`${program}/trace.strace`),
  name: program,
  initial: read(`${program}/initial.smaps`),
  final: read(`${program}/final.smaps`),
});

/** The same replay without a worker's subject. */
function replayed(program: string): Replay {
  const { source, initial } = recorded(program);
  const replay = new Replay({
    profile: kernelProfile('6.19'),
    initial: new Map([['first', parseSmaps(initial).entries]]),
  });
  for (const event of parseStrace(source)) replay.feed(event);
  replay.end();
  return replay;
}

describe('the steps of a log', () => {
  it.each(['guard-pool', 'python-threads', 'forking-server', 'bash-pipeline'])(
    'of %s are its calls in the order in which they were performed, each with the world after it',
    async (program) => {
      const sim = createForkSim();
      const { length, calls, outcome, history } = await sim.loadStrace(recorded(program));
      expect(length).toBe(calls);
      await sim.jump(0);
      const lines = new Set<number>();
      const marks = { merged: 0, refused: 0, split: 0, failed: 0, differs: 0, fork: 0 };
      let peak = { vmas: outcome?.startVmas ?? 0, line: null as number | null };
      let mapped = 0;
      for (let step = 1; step <= length; step++) {
        const at = await sim.step();
        const call = at.call as StraceCall;
        lines.add(call.line);
        for (const kind of new Set(at.events.map((event) => event.kind))) marks[kind]++;
        if (call.errno !== null) marks.failed++;
        if (at.log?.model != null) marks.differs++;
        if (at.log?.fork != null) {
          marks.fork++;
          expect(at.log.result).toBe(String(at.log.fork.child));
        }
        if (at.vmas > peak.vmas) peak = { vmas: at.vmas, line: call.line };
        if (call.name !== 'mmap' || call.errno !== null) continue;
        expect(at.log?.result).toBe(`0x${call.ret?.toString(16)}`);
        const { start, end } = at.log?.range ?? { start: 0, end: 0 };
        const map = await sim.readMap({ pid: at.log?.caller ?? 0, from: start, to: end });
        expect(map.start[0]).toBeLessThanOrEqual(start);
        expect(map.end[map.count - 1]).toBeGreaterThanOrEqual(end);
        mapped++;
      }
      expect(mapped).toBeGreaterThan(10);
      expect(lines.size).toBe(length);
      expect(history.marks).toEqual(marks);
      expect(peak).toEqual({ vmas: outcome?.peakVmas, line: outcome?.peakCall?.line ?? null });
      expect((await sim.jump(history.peak)).vmas).toBe(outcome?.peakVmas);
      await sim.dispose();
    },
  );

  it.each(['forking-server', 'bash-pipeline', 'python-forks', 'gcc-hello', 'fork-exec'])(
    'of %s tell the history of each process, from the call that makes it to its end',
    async (program) => {
      const sim = createForkSim();
      const { length } = await sim.loadStrace(recorded(program));
      await sim.jump(0);
      // What each process other than the first has after each step, as the steps themselves say it.
      const seen = new Map<number, Map<number, { vmas: number; tablesKb: number }>>();
      for (let step = 1; step <= length; step++) {
        const { log } = await sim.step();
        for (const { logPid, pid, vmas } of log?.processes.slice(1) ?? []) {
          const { tablesKb } = await sim.sumUp({ pid });
          const of = seen.get(logPid ?? 0) ?? new Map<number, { vmas: number; tablesKb: number }>();
          seen.set(logPid ?? 0, of.set(step, { vmas, tablesKb: tablesKb ?? 0 }));
        }
      }
      expect(seen.size).toBeGreaterThan(0);
      for (const [logPid, of] of seen) {
        const history = await sim.readHistory({ logPid });
        const steps = [...of.keys()];
        const values = Array.from({ length }, (_, at) => of.get(at + 1)?.vmas ?? 0);
        expect(history?.every).toBe(1);
        expect(Array.from(history?.most ?? [])).toEqual(values);
        expect(Array.from(history?.fewest ?? [])).toEqual(values);
        expect(Array.from(history?.tablesKb ?? [])).toEqual(values.map((_, at) => of.get(at + 1)?.tablesKb ?? 0));
        const last = steps.at(-1) ?? 0;
        const peakVmas = Math.max(...values);
        expect(history).toMatchObject({
          logPid,
          from: steps[0],
          to: last === length ? null : last + 1,
          startVmas: values[(steps[0] ?? 0) - 1],
          peakVmas,
          peak: values.indexOf(peakVmas) + 1,
        });
      }
      expect(await sim.readHistory({ logPid: 1 })).toBeNull();
      await sim.dispose();
    },
  );

  it('of a long log tell the history of a process in a bounded number of samples', async () => {
    const child = 'mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000';
    const lines = [
      '10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7e0000000000',
      '10 fork() = 11',
    ];
    for (let i = 0; i < 4000; i++) {
      const addr = `0x7f00${(i * 2 * 4096).toString(16).padStart(8, '0')}`;
      lines.push(`11 ${child.replace('0x7f000000', addr)}`, `10 brk(NULL) = 0x5000`);
      if (i === 2999) lines.push(`11 munmap(0x7f0000000000, ${2000 * 2 * 4096}) = 0`);
    }
    lines.push('11 exit_group(0) = ?', '10 brk(NULL) = 0x5000');
    const sim = createForkSim();
    const { length } = await sim.loadStrace({ source: `${lines.join('\n')}\n` });
    const history = await sim.readHistory({ logPid: 11 });
    if (history === null) throw new Error('no history');
    const { every, most, fewest, from, to, peakVmas, peak } = history;
    expect(most.length).toBeLessThanOrEqual(1024);
    expect([from, to, peakVmas]).toEqual([2, length - 1, 3001]);
    expect((await sim.jump(peak)).log?.processes[1]?.vmas).toBe(3001);
    const sampleOf = (step: number): number => Math.floor((step - 1) / every);
    // The sample of the munmap has both: what there was before, and what it left.
    expect(most[sampleOf(peak + 2)]).toBe(3001);
    expect(fewest[sampleOf(peak + 2)]).toBe(1001);
    expect(most[sampleOf(length - 2)]).toBe(2001);
    await sim.dispose();
  });

  it('show what was killed up to the next call, both ways, at the end too', async () => {
    const lines = [
      '10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7e0000000000',
      '10 fork() = 11',
      '11 +++ killed by SIGKILL +++',
      '10 brk(NULL) = 0x5000',
      '10 fork() = 12',
      '12 +++ killed by SIGKILL +++',
    ];
    const sim = createForkSim();
    const { length } = await sim.loadStrace({ source: `${lines.join('\n')}\n` });
    const pidsAt = async (step: number): Promise<(number | null)[]> =>
      (await sim.jump(step)).log?.processes.map(({ logPid }) => logPid) ?? [];
    const forth = [];
    expect(await pidsAt(length)).toEqual([10, 12]);
    for (let step = 1; step <= length; step++) forth.push(await pidsAt(step));
    expect(forth).toEqual([[10], [10, 11], [10], [10, 12]]);
    const back = [];
    for (let step = length; step >= 1; step--) back.unshift(await pidsAt(step));
    expect(back).toEqual(forth);
    expect(await sim.readHistory({ logPid: 11 })).toMatchObject({ from: 2, to: 3 });
    expect(await sim.readHistory({ logPid: 12 })).toMatchObject({ from: 4, to: null });
    await sim.dispose();
  });

  it('can be found by what they did, both ways, and by their line', async () => {
    const sim = createForkSim();
    const { length } = await sim.loadStrace(recorded('guard-pool'));
    const rows = await sim.readCalls({ from: 1, count: 1000 });
    expect(rows).toHaveLength(length);
    const merged = rows.filter(({ marks }) => (marks & STEP_MARKS.merged) !== 0).map(({ step }) => step);
    expect(merged.length).toBeGreaterThan(2);
    const found: number[] = [];
    for (let at = await sim.findStep({ from: 0, mark: 'merged' }); at !== null; ) {
      found.push(at);
      at = await sim.findStep({ from: at, mark: 'merged' });
    }
    expect(found).toEqual(merged);
    expect(await sim.findStep({ from: length + 1, mark: 'merged', back: true })).toBe(merged.at(-1));
    expect(await sim.findStep({ from: merged[1] ?? 0, mark: 'merged', back: true })).toBe(merged[0]);
    expect(await sim.findStep({ from: merged[0] ?? 0, mark: 'merged', back: true })).toBeNull();
    expect(await sim.findStep({ from: 0, line: rows[40]?.line ?? 0 })).toBe(41);
    expect(await sim.findStep({ from: 0, line: 1e6 })).toBeNull();
    await sim.dispose();
  });

  it.each([
    ['a string', (text: string) => text],
    ['a Blob', (text: string) => new Blob([text])],
    ['bytes', (text: string) => new TextEncoder().encode(text)],
    ['a stream', (text: string) => new Blob([text]).stream()],
    ['gzip', (text: string) => new Blob([gzipSync(text)])],
    ['a stream of gzip', (text: string) => new Blob([gzipSync(text)]).stream()],
  ])('are listed as the lines of the log say them: %s', async (_, sourceOf) => {
    const text = read('bash-pipeline/trace.strace');
    const lines = text.split('\n');
    const sim = createForkSim();
    const { length } = await sim.loadStrace({ ...recorded('bash-pipeline'), source: sourceOf(text) });
    let joined = 0;
    for (let from = 1; from <= length; from += 300) {
      for (const row of await sim.readCalls({ from, count: 300 })) {
        const line = lines[row.line - 1] ?? '';
        if (!line.endsWith('<unfinished ...>')) expect(row.text).toBe(line);
        else {
          joined++;
          expect(row.text.startsWith(line.replace(/\s*<unfinished \.\.\.>$/, ''))).toBe(true);
          expect(row.text).toMatch(/\)\s+= /);
        }
      }
    }
    expect(joined).toBeGreaterThan(5);
    expect(await sim.readCalls({ from: length + 1, count: 10 })).toEqual([]);
    await sim.dispose();
  });

  it('are the same again after a load that was cancelled in the middle', async () => {
    const sim = createForkSim();
    const abort = new AbortController();
    const text = `${read('bash-pipeline/trace.strace')}`.repeat(200);
    // Lines are read in pieces: when the second one has been read, the calls of the first were performed.
    let first = 0;
    const onProgress = ({ done }: Progress): void => {
      first ||= done;
      if (done > first) abort.abort();
    };
    const cancelled = await sim
      .loadStrace({ source: text, name: 'log' }, { signal: abort.signal, onProgress })
      .catch((error: Error) => error.name);
    expect(cancelled).toBe('CancelledError');
    const { length, history, outcome } = await sim.logAnswer();
    expect(history.most).toHaveLength(Math.ceil(length / history.every));
    expect(outcome?.performed).toBeGreaterThan(0);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(text.split('\n').length - 1);
    const end = await sim.jump(length);
    const before = await sim.readMap();
    await sim.jump(0);
    await sim.readPages({ addr: 0, pages: 0 });
    expect(withoutBytes(await sim.jump(length))).toEqual(withoutBytes(end));
    await sim.readPages({ addr: 0, pages: 0 });
    expect(await sim.readMap()).toEqual(before);
    await sim.dispose();
  });
});

/** How much the model's arrays have grown depends on the way there. */
function withoutBytes(answer: StepAnswer): StepAnswer {
  return { ...answer, modelBytes: 0 };
}

describe('what a log tells', () => {
  it('names VMAs as maps does', async () => {
    const sim = createForkSim();
    await sim.loadStrace(recorded('guard-pool'));
    const { name, names, start } = await sim.readMap();
    const shown = Array.from(name, (at) => names[at]);
    const real = parseSmaps(recorded('guard-pool').final).entries.filter((vma) => vma.start < 2 ** 47);
    expect(Array.from(start)).toEqual(real.map((vma) => vma.start));
    expect(shown.map((text) => text ?? '')).toEqual(real.map((vma) => vma.name));
    await sim.dispose();
  });

  it('compares the end with the real map', async () => {
    const sim = createForkSim();
    const same = await sim.loadStrace(recorded('guard-pool'));
    expect(same.final).toEqual({
      real: 32,
      model: 32,
      equal: 32,
      flagsUnknown: 0,
      differing: 0,
      differences: [],
      groups: [],
    });
    const input = recorded('guard-pool');
    const other = await sim.loadStrace({ ...input, final: input.final.replace(' r-xp ', ' rw-p ') });
    expect(other.final).toMatchObject({ equal: 31, differing: 1, differences: [{ fields: ['perms'] }] });
    const none = await sim.loadStrace({ source: input.source, initial: input.initial });
    expect(none.final).toBeNull();
    await expect(sim.loadStrace({ ...input, final: 'no smaps' })).rejects.toThrow('no line of maps or smaps');
    await sim.dispose();
  });

  it('sums up: pairs as the rules say, fork as the preview says, what a guard would change', async () => {
    const sim = createForkSim();
    await sim.loadStrace(recorded('guard-pool'));
    const summary = await sim.sumUp();
    const { first, world } = replayed('guard-pool');
    const { profile, softDirty, files } = world;
    const pairs = pairVerdicts(first?.space.process.mm.vmas() ?? [], { profile, softDirty, files });
    expect(summary.seams.count).toBe(pairs.filter(({ refusal }) => refusal === null).length);
    expect(summary.walls.reduce((sum, { count }) => sum + count, 0)).toBe(pairs.filter((pair) => pair.refusal).length);
    expect(summary).toMatchObject({ vmas: 32, guards: { regions: 45, pages: 45 }, assumed: 10 });
    const rows = await sim.readVmas();
    expect(rows).toHaveLength(32);
    expect(rows.filter(({ above }) => above.kind === 'wall')).toHaveLength(pairs.filter((pair) => pair.refusal).length);
    expect(rows.reduce((sum, { guardPages }) => sum + guardPages, 0)).toBe(45);
    for (const action of ['copy', 'refault'] as const) {
      const group = summary.fork.filter((one) => one.action === action);
      expect(group.reduce((sum, { vmas }) => sum + vmas, 0)).toBe(rows.filter((r) => r.fork.action === action).length);
    }
    const text = rows.find(({ perms, fork }) => perms === 'r-xp' && fork.action === 'refault');
    expect(await sim.askGuard({ addr: text?.start ?? 0 })).toMatchObject({
      result: '0',
      before: 'refault',
      after: 'copy',
      flags: VM_MAYBE_GUARD,
    });
    await expect(sim.askGuard({ addr: PAGE_SIZE })).rejects.toThrow('nothing is mapped');
    await sim.loadStrace({ ...recorded('guard-pool'), options: { profile: '6.12' } });
    expect(await sim.askGuard({ addr: text?.start ?? 0 })).toMatchObject({ result: 'EINVAL', after: 'refault' });
    await sim.dispose();
  });

  it('says what guards as markers would save, and which limit the log needs', async () => {
    const sim = createForkSim();
    const { outcome } = await sim.loadStrace(recorded('guard-pool'));
    const { guards, limit } = await sim.whatIf();
    expect(guards).toMatchObject({ guards: 4, profile: '6.19', peakVmas: 26, endVmas: 25, tablesKb: 32 });
    const { source, initial } = recorded('guard-pool');
    const options = {
      profile: kernelProfile('6.19'),
      initial: new Map([['first', parseSmaps(initial).entries] as const]),
    };
    const needed = neededLimit([...parseStrace(source)], options, outcome?.peakVmas ?? 0);
    expect(limit).toEqual(needed);
    expect(limit).toMatchObject({ profile: '6.19', fails: { errno: 'ENOMEM' } });
    expect(outcome?.maxMapCount).toBe(65_530);
    expect(await sim.state()).toMatchObject({ position: 150 });
    await sim.loadSmaps({ source: recorded('guard-pool').final });
    expect(await sim.whatIf()).toMatchObject({ guards: { guards: 4, peakVmas: 32, endVmas: 25 }, limit: null });
    await sim.dispose();
  });

  it('and of two kernels, which maps and which results differ', async () => {
    const sim = createForkSim();
    const load = recorded('guard-pool');
    const { maps, results, sides } = await sim.compare({ input: { kind: 'strace', load }, profiles: ['6.12', '6.19'] });
    expect(maps?.differing).toBeGreaterThan(0);
    expect(results.length).toBeGreaterThan(45);
    expect(results.filter(({ call }) => call.startsWith('madvise'))).toHaveLength(80);
    expect(results[0]).toMatchObject({ line: 16, log: '0', results: ['EINVAL', '0'] });
    expect(sides.map(({ summary }) => summary?.kernel)).toEqual(['6.12', '6.19']);
    const smaps = await sim.compare({
      input: { kind: 'smaps', load: { source: load.final } },
      profiles: ['6.12', '6.19'],
    });
    expect(smaps.sides[0].summary?.fork).not.toEqual(smaps.sides[1].summary?.fork);
    expect(smaps.maps?.equal).toBe(32);
    await sim.dispose();
  });
});
