import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawVmas, type KernelProfile, Mm, type MmEvent, validateMm } from '../../src/index.ts';
import { PROFILES } from '../support/profiles.ts';
import { seed } from '../support/seed.ts';
import { PageModel } from './pageModel.ts';
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
    const where = `${real.lines.join('\n')}\n${drawVmas(mm, { base: ARENA, pages: ARENA_PAGES })}`;

    // A program sees what it asked for, and nothing else.
    expect(model.run(one, result, mm), where).toBe(result);
    if (one.call === 'mremap' && typeof result === 'string') model.settle(one, mm);
    expect(model.difference(mm), where).toBeNull();

    // The invariants hold. In as-posted a guard can end in a VMA without the flag: the fault of that profile.
    const guards = profile.name === 'as-posted' ? [] : model.guardRanges();
    expect(validateMm(mm, { guards: () => guards }), where).toEqual([]);
    const lost = model.lostSticky(mm).filter((text) => STICKY[profile.name]?.some((word) => text.endsWith(word)));
    expect(lost, where).toEqual([]);
    // 6.16 loses the anon_vma of what moves and merges.
    if (profile.name !== '6.16') expect(model.lostAnonVma(mm), where).toEqual([]);

    // Watching changes nothing.
    expect(runSyscall(watched, one), where).toBe(result);
    expect(watched.vmas(), where).toEqual(mm.vmas());
    expect(watched.stats, where).toEqual(mm.stats);
  }

  toString(): string {
    return syscallLine(this.one);
  }
}

const commands = fc.commands([syscalls.map((one) => new SyscallCommand(one))], { size: '+1', maxCommands: 60 });

describe.each(PROFILES)(`random system calls, profile %s (seed ${seed})`, (_, profile) => {
  it('do to each page what it was asked for, keep the invariants, and do not depend on who watches', () => {
    fc.assert(
      fc.property(commands, (calls) => fc.modelRun(() => fresh(profile), calls)),
      { seed, numRuns: Number(process.env.VMA_RUNS ?? 60) },
    );
  });
});

describe(`the calls that are drawn at random (seed ${seed})`, () => {
  it('merge in all three ways, split, and are refused for many reasons', () => {
    const kinds = new Set<string>();
    const rules = new Set<string>();
    const run = fc.property(fc.array(syscalls, { minLength: 60, maxLength: 60 }), (calls) => {
      const { real } = fresh(PROFILES[6]?.[1] as KernelProfile);
      for (const one of calls) runSyscall(real.watched, one);
      for (const event of real.events) {
        kinds.add(event.kind === 'merged' ? `merged ${event.of} ${event.into}` : event.kind);
        if (event.kind === 'refused') rules.add(event.refusal.rule);
      }
    });
    fc.assert(run, { seed, numRuns: 100 });
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining(['merged existing prev', 'merged new next', 'merged new prev', 'refused', 'split']),
    );
    expect([...rules]).toEqual(expect.arrayContaining(['vmFlags', 'vmFile', 'pgoff', 'anonVma']));
  });
});
