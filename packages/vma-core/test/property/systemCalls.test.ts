import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawVmas } from '../../src/diagram/index.ts';
import { type KernelProfile, kernelProfile, Mm, type MmEvent, NO_VMA, type Vma } from '../../src/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { countersOf } from '../support/countersOf.ts';
import { PROFILES } from '../support/profiles.ts';
import { seed } from '../support/seed.ts';
import { PageModel, pageVmas } from './pageModel.ts';
import { ARENA, ARENA_PAGES, runSyscall, type Syscall, syscallLine, syscalls } from './syscall.ts';

/** The same address space twice, one of them watched, and the calls that led here. */
interface Real {
  readonly mm: Mm;
  readonly watched: Mm;
  readonly profile: KernelProfile;
  readonly events: MmEvent[];
  readonly lines: string[];
}

function fresh(profile: KernelProfile): { model: PageModel; real: Real } {
  const make = (): Mm => {
    const mm = new Mm({ profile });
    mm.addFile({ id: 1 });
    mm.addFile({ id: 2, shmem: true });
    mm.addFile({ id: 3, shmem: true, hasCloseHook: true, ownGetUnmappedArea: true });
    return mm;
  };
  const watched = make();
  const events: MmEvent[] = [];
  watched.observer = (event) => events.push(event);
  const lines: string[] = [];
  return { model: new PageModel(profile.guards), real: { mm: make(), watched, profile, events, lines } };
}

/** Flags that no merge may lose, by profile; where a kernel does lose them, that is its fault and not looked at here. */
const STICKY: Readonly<Record<string, readonly string[]>> = {
  'guard-flag': ['gu'],
  '6.19': ['gu', 'sd'],
  '7.3': ['gu', 'sd'],
};

/** The VMAs, without their slots: a part that is unmapped becomes a VMA only where somebody watches the cuts. */
function withoutRefs(mm: Mm): Vma[] {
  return mm.vmas().map((vma) => ({ ...vma, ref: NO_VMA }));
}

/** Fails with the calls that led here and the state that they left, drawn. */
function fail({ lines, mm }: Real, message: string): never {
  throw new Error([message, ...lines, drawVmas(mm, { base: ARENA, pages: ARENA_PAGES })].join('\n'));
}

class SyscallCommand implements fc.Command<PageModel, Real> {
  readonly one: Syscall;

  constructor(one: Syscall) {
    this.one = one;
  }

  check(model: Readonly<PageModel>): boolean {
    const { one } = this;
    if (one.call !== 'mremap' || !one.dontUnmap) return true;
    // DONTUNMAP takes the locks off the whole source VMA: pages that were not in the range change too. Known, and tested apart.
    return !model.pages.some((page) => page?.flags.has('lo'));
  }

  run(model: PageModel, real: Real): void {
    const { one } = this;
    const { mm, watched, profile } = real;
    const result = runSyscall(mm, one);
    real.lines.push(syscallLine(one, result));
    const vmas = pageVmas(mm);

    // A program sees what it asked for, and nothing else.
    const expected = model.run(one, result, mm);
    if (expected !== result) fail(real, `answered ${result}, and should have answered ${expected}`);
    if (one.call === 'mremap' && typeof result === 'string') model.settle(one, vmas);
    const difference = model.difference(vmas);
    if (difference !== null) fail(real, difference);

    // The invariants hold. In as-posted a guard can end in a VMA without the flag: the fault of that profile.
    const guards = profile.name === 'as-posted' ? [] : model.guardRanges();
    for (const { message } of validateMm(mm, { guards: () => guards })) fail(real, message);
    for (const lost of model.lostSticky(vmas)) {
      if (STICKY[profile.name]?.some((word) => lost.endsWith(word))) fail(real, lost);
    }
    // 6.16 loses the anon_vma of what moves and merges.
    for (const lost of model.lostAnonVma(vmas)) if (profile.name !== '6.16') fail(real, lost);

    // Every counter is what the VMAs say; 6.16 conceals a charge and never gives it back.
    const said = countersOf(mm);
    if (profile.name === '6.16') said.committed = mm.counters.committed;
    if (!isDeepStrictEqual(mm.counters, said))
      fail(real, `counts ${JSON.stringify(mm.counters)}, not ${JSON.stringify(said)}`);

    // Watching changes nothing.
    if (runSyscall(watched, one) !== result) fail(real, 'watched, it answers something else');
    if (!isDeepStrictEqual(withoutRefs(watched), withoutRefs(mm))) fail(real, 'watched, it leaves something else');
    if (!isDeepStrictEqual(watched.counters, mm.counters)) fail(real, 'watched, it counts other pages');
    if (!isDeepStrictEqual(watched.stats, mm.stats)) fail(real, 'watched, it counts something else');
  }

  toString(): string {
    return syscallLine(this.one);
  }
}

const commandsOf = (calls: fc.Arbitrary<Syscall>): fc.Arbitrary<Iterable<SyscallCommand>> =>
  fc.commands<PageModel, Real>([calls.map((one) => new SyscallCommand(one))], {
    size: '+1',
    maxCommands: 60,
  }) as fc.Arbitrary<Iterable<SyscallCommand>>;

describe.each(PROFILES)(`random system calls, profile %s (seed ${seed})`, (_, profile) => {
  it.each(['everything', 'alike'] as const)('on %s: as asked for, page by page, and the invariants hold', (palette) => {
    fc.assert(
      fc.property(commandsOf(syscalls[palette]), (calls) => fc.modelRun(() => fresh(profile), calls)),
      { seed, numRuns: Number(process.env.VMA_RUNS ?? 20) },
    );
  });
});

describe('the calls that are drawn at random reach', () => {
  /** Counts of what an observer is told, over a fixed set of calls. */
  function reached(palette: 'everything' | 'alike'): Map<string, number> {
    const counts = new Map<string, number>();
    const calls = fc.sample(fc.array(syscalls[palette], { minLength: 60, maxLength: 60 }), { seed: 1, numRuns: 100 });
    for (const run of calls) {
      const { real } = fresh(kernelProfile('7.3'));
      for (const one of run) runSyscall(real.watched, one);
      for (const event of real.events) {
        let name: string = event.kind;
        if (event.kind === 'merged') name = `${event.kind} ${event.of} ${event.into}`;
        if (event.kind === 'refused') name = `${event.kind} ${event.refusal.rule}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    return counts;
  }

  it('every way to merge, and every rule that refuses there', () => {
    const names = [...reached('alike').keys(), ...reached('everything').keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'merged new prev',
        'merged new next',
        'merged new both',
        'merged existing prev',
        'merged existing next',
        'merged existing both',
        'merged copied prev',
        'merged copied next',
        'refused vmFlags',
        'refused vmFile',
        'refused pgoff',
        'refused anonVma',
        'refused closeHook',
        'refused ownSource',
        'split',
      ]),
    );
  });
});
