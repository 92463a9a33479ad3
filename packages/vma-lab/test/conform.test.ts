import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkScenario, type Op, type Scenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { compareScenarios, type Ground, randomScenarios, shrinkDifference } from '../src/conform/conform.ts';
import { FLAVOUR_NAMES, FLAVOURS } from '../src/conform/flavours.ts';
import { generateScenario } from '../src/conform/generateScenario.ts';
import { runOnKernel } from '../src/conform/kernelProber.ts';
import { measuredProfile } from '../src/conform/measuredProfile.ts';
import { cli } from './cli.ts';
import { modelProber, PROBED } from './modelProber.ts';

const folder = tempFolder('vma-lab-conform-');

const kernelIs = (profile: string): Ground => ({
  prober: modelProber({ profile, format: 2, softDirty: false, faultAroundPages: 1 }),
  kernel: PROBED,
  profile: kernelProfile('6.19'),
  measured: true,
  note: '',
  leftOut: [],
});

describe('random scenarios', () => {
  it.each(FLAVOUR_NAMES)('%s: the same for the same seed, and as the format has them', (name) => {
    for (let seed = 1; seed <= 20; seed++) {
      const scenario = generateScenario(seed, name);
      expect(generateScenario(seed, name)).toEqual(scenario);
      expect(checkScenario(scenario), scenario.id).toBeNull();
    }
    expect(generateScenario(1, name)).not.toEqual({ ...generateScenario(2, name), id: generateScenario(1, name).id });
  });

  const made = (name: (typeof FLAVOUR_NAMES)[number]): Scenario[] =>
    Array.from({ length: 40 }, (_, seed) => generateScenario(seed, name));
  const most = (name: (typeof FLAVOUR_NAMES)[number], count: (op: Op) => boolean): number =>
    Math.max(...made(name).map(({ ops }) => ops.filter(count).length));

  it('have what their flavours promise', () => {
    expect(Math.min(...made('long').map(({ ops }) => ops.length))).toBeGreaterThanOrEqual(300);
    expect(most('tree', (op) => op.op === 'fork' && op.continueIn === 'child')).toBe(4);
    expect(most('chains', ({ op }) => op === 'mremap')).toBeGreaterThan(40);
    expect(most('guards', (op) => op.op === 'madvise' && op.advice === 'GUARD_INSTALL')).toBeGreaterThan(12);
    expect(most('files', ({ op }) => op === 'truncate' || op === 'punch')).toBeGreaterThan(3);
    expect(most('seals', ({ op }) => op === 'mseal')).toBeGreaterThan(2);
    expect(most('stacks', (op) => op.op === 'mmap' && op.growsdown === true)).toBeGreaterThan(1);
    expect(most('limit', ({ op }) => op === 'fill_maps')).toBe(1);
  });

  it('come in turn; slow ones come in one round of twenty, and alone when they are asked for', () => {
    const names = (flavours: typeof FLAVOUR_NAMES, count: number): string[] =>
      [...randomScenarios(flavours, 5, (done) => done >= count)].map(({ id }) => id);
    expect(names(['move', 'limit'], 4)).toEqual(['random.move.5', 'random.limit.5', 'random.move.6', 'random.move.7']);
    expect(names(['limit'], 2)).toEqual(['random.limit.5', 'random.limit.6']);
    expect(FLAVOUR_NAMES.filter((name) => FLAVOURS[name].slow)).toEqual(['uffdguard', 'limit']);
  });
});

describe('a kernel and the model', () => {
  const plain = (count: number): Scenario[] =>
    Array.from({ length: count }, (_, seed) => generateScenario(seed, 'plain'));

  it('agree where the rules are the same', async () => {
    const scenarios = plain(20);
    const steps = scenarios.reduce((sum, { ops }) => sum + ops.length, 0);
    expect(await compareScenarios(kernelIs('6.19'), scenarios)).toEqual({
      scenarios: 20,
      steps,
      leftOut: 0,
      different: [],
      differentOnce: [],
    });
  });

  it('differ where they are not, and a difference is made small', async () => {
    const ground = kernelIs('as-posted');
    const { different, scenarios } = await compareScenarios(ground, plain(60));
    expect(scenarios).toBe(60);
    expect(different.length).toBeGreaterThan(0);
    const small = await shrinkDifference(ground, different[0]!);
    expect(small.scenario.ops.length).toBeLessThanOrEqual(4);
    expect(small.index).toBe(small.scenario.ops.length - 1);
    expect(small.steps).toHaveLength(small.scenario.ops.length);
    expect(small.recorded).not.toEqual(small.model);
  });

  const ZERO: readonly Scenario[] = [
    {
      id: 'zero page',
      ops: [{ op: 'mmap', page: 4, pages: 2, prot: 'r' }, { op: 'touch', page: 4, access: 'read' }, { op: 'fork' }],
    },
  ];

  it('agree about the zero page where frame numbers are hidden, and only about that', async () => {
    const hidden = (change: (answer: string) => string): Ground => ({
      ...kernelIs('6.19'),
      prober: modelProber({ profile: '6.19', format: 2, softDirty: false, faultAroundPages: 1 }, change),
      kernel: { ...PROBED, frames: false },
    });
    const asSeen = await compareScenarios(
      hidden((answer) => answer.replaceAll('z', 'a')),
      ZERO,
    );
    expect(asSeen.different).toEqual([]);
    const other = await compareScenarios(
      hidden((answer) => answer.replaceAll('z', 'A')),
      ZERO,
    );
    expect(other.different.map(({ index }) => index)).toEqual([1]);
    const frames = { ...hidden((answer) => answer.replaceAll('z', 'a')), kernel: PROBED };
    expect((await compareScenarios(frames, ZERO)).different.map(({ index }) => index)).toEqual([1]);
  });

  it('are performed again where they differ: what a kernel does once is counted apart', async () => {
    let asked = 0;
    const moving = modelProber({ profile: '6.19', format: 2, softDirty: false, faultAroundPages: 1 }, (answer) =>
      asked++ === 0 ? answer.replaceAll('z', 'S') : answer,
    );
    const { different, differentOnce } = await compareScenarios({ ...kernelIs('6.19'), prober: moving }, ZERO);
    expect([different.length, differentOnce.map(({ index }) => index)]).toEqual([0, [1]]);
  });

  it('are not compared where something is not permitted', async () => {
    const ground: Ground = {
      ...kernelIs('6.19'),
      leftOut: [{ why: 'no fork here', needs: ({ ops }) => ops.some(({ op }) => op === 'fork') }],
    };
    expect(await compareScenarios(ground, [...ZERO, ...ZERO])).toMatchObject({ scenarios: 0, leftOut: 2 });
  });

  it('a prober that stops says at which scenario', async () => {
    const stops = { chunk: 2, run: async () => ({ status: null, stdout: '{}\nend\n', stderr: 'out of memory\n' }) };
    const second: Scenario = { id: 'the second', ops: [{ op: 'clear_refs', value: 4 }] };
    const all = runOnKernel(stops, [{ ...second, id: 'the first' }, second], 1);
    await expect(all.next()).rejects.toThrow('the second: out of memory');
  });
});

describe('the profile of a probed kernel', () => {
  it.each([
    ['6.18.15', { guardFlagInSmaps: false }, '6.18', true],
    ['6.18.44-fc-v657', {}, '6.19', true],
    [
      '6.12.107+deb13',
      { guardInstallAnon: 'EINVAL', guardInstallFile: 'EINVAL', guardFlagInSmaps: false },
      '6.12',
      true,
    ],
    ['6.12.107-with-guards', { guardFlagInSmaps: false }, '6.18', false],
    ['6.18.15-with-the-series', {}, '7.3', false],
  ])('%s, as measured', (kernel, measured, name, isMeasured) => {
    const found = measuredProfile({ ...PROBED, kernel, ...measured });
    expect([found.profile.name, found.measured]).toEqual([name, isMeasured]);
    if (!isMeasured) expect(found.note).toContain('but this kernel has guards on every kind of memory');
  });
});

describe('vma-lab conform', () => {
  const here = process.platform === 'linux' && process.arch === 'x64';

  it('compares random scenarios with the kernel of this machine, and says what it measured', async () => {
    const args = ['conform', '--only', 'random', '--flavour', 'plain,guards', '--count', '4', '--seed', '7'];
    const record = join(folder, 'here.jsonl.gz');
    const { status, out, err } = await cli([...args, '--record', record, '--differences', join(folder, 'none')]);
    if (!here) return expect([status, err]).toEqual([2, expect.stringContaining('needs Linux on x86-64')]);
    expect(out).toMatch(/^Linux \S+ .*\nmeasured: (no guards|guards on .*); soft-dirty .*; max_map_count [\d,]+\n/);
    expect(out).toMatch(/random, seed 7 +[234] +[1-9]/);
    const verdict = status === 0 ? 'agree in every field of' : 'differ: ';
    expect(out).toContain(`The model and this kernel ${verdict}`);
    expect(existsSync(join(folder, 'none'))).toBe(status === 1);
    expect((await cli(['verify', record])).out).toMatch(/^(ok|✓|✗) .*here\.jsonl\.gz: \d of \d scenarios/);
  });

  it.runIf(here)('writes a difference as a litmus file and a C program', async () => {
    const to = join(folder, 'found');
    const args = ['conform', '--only', 'random', '--flavour', 'guards', '--count', '6', '--seed', '1', '--show', '1'];
    const { status, out } = await cli([...args, '--kernel', '5.10', '--differences', to]);
    expect(status).toBe(1);
    const [c, litmus] = readdirSync(to).sort();
    expect([c, litmus]).toEqual([expect.stringMatching(/\.c$/), expect.stringMatching(/\.litmus$/)]);
    expect(out).toContain(readFileSync(join(to, litmus!), 'utf8'));
    expect(out).toContain('The model and this kernel differ: ');
    const judged = await cli(['litmus', join(to, litmus!), '--kernel', '5.10']);
    expect(judged.status).toBe(1);
  });

  it.each([
    ['--flavour plane', '--flavour is all, or some of plain, hostile'],
    ['--only some', '--only is all, or some of scenarios, litmus, random; not "some"'],
    ['--image /no/kernel', 'no kernel image /no/kernel'],
    ['--count x', '--count is a whole number'],
  ])('%s is refused with what to do', async (args, message) => {
    const { status, err } = await cli(['conform', ...args.split(' ')]);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
