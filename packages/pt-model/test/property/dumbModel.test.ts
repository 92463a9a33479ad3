import fc from 'fast-check';
import { countFromScratch, exitMmap, FrameTable, type Pfn, virtPage } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { seed } from '../support/seed.ts';
import type { DumbFrame } from './dumbProcess.ts';
import { makeFile, SLOTS, Twin, type TwinFile, type Vma } from './twin.ts';

const MAX_PROCESSES = 4;

/** A step: what to do, and numbers that say where. */
interface Step {
  readonly what: (typeof WHATS)[number];
  readonly process: number;
  readonly slot: number;
  readonly other: number;
  readonly a: number;
  readonly b: number;
  readonly flag: boolean;
  readonly kind: Vma['kind'];
}

const WHATS = [
  ...['mmap', 'mmap', 'mmap', 'write', 'write', 'write', 'read', 'read', 'munmap', 'dontneed', 'mprotect'],
  ...['guard', 'guard', 'unguard', 'clearRefs', 'protect', 'protect', 'resolve', 'unregister'],
  ...['fork', 'fork', 'mremap', 'mremap', 'mremap', 'exit', 'upper'],
] as const;

const steps = fc.array(
  fc.record<Step>({
    what: fc.constantFrom(...WHATS),
    process: fc.nat(MAX_PROCESSES - 1),
    slot: fc.nat(SLOTS.length - 1),
    other: fc.nat(SLOTS.length - 1),
    a: fc.oneof(fc.constant(0), fc.nat(1024)),
    b: fc.oneof(fc.constant(1024), fc.nat(1024)),
    flag: fc.boolean(),
    kind: fc.constantFrom('anon', 'private file', 'shared file'),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

interface World {
  readonly twins: Twin[];
  readonly frames: FrameTable;
  readonly file: TwinFile;
}

/** Steps that need no VMA in their slot. */
const ON_PROCESS: Partial<Record<Step['what'], (twin: Twin, step: Step, world: World) => void>> = {
  mmap: (twin, { slot, kind, flag }) => twin.mmap(slot, { kind, uffdWp: flag }),
  mremap: (twin, { slot, other, flag, a }) => twin.mremap(slot, other, flag, a % 2 === 0),
  fork: (twin, { flag }, { twins, frames }) => {
    if (twins.length < MAX_PROCESSES) twins.push(twin.fork(frames, flag));
  },
  exit: (twin, _step, { twins, frames, file }) => {
    exitMmap(twin.pt);
    twins.splice(twins.indexOf(twin), 1);
    if (twins.length === 0) twins.push(new Twin(frames, file));
  },
};

/** Steps on part of a VMA, `[from, to)`. */
const ON_VMA: Partial<Record<Step['what'], (twin: Twin, vma: Vma, from: number, to: number, step: Step) => void>> = {
  write: (twin, vma, from, to) => twin.fault(vma, from, to),
  read: (twin, vma, from, to) => twin.read(vma, from, to),
  munmap: (twin, _vma, _from, _to, { slot }) => twin.munmap(slot),
  dontneed: (twin, vma, from, to, { flag }) => twin.dontneed(vma, from, to, flag),
  mprotect: (twin, _vma, from, to) => twin.mprotect(from, to),
  guard: (twin, vma, from, to) => twin.guardInstall(vma, from, to),
  unguard: (twin, _vma, from, to) => twin.guardRemove(from, to),
  clearRefs: (twin, _vma, from, to) => twin.clearRefs(from, to),
  protect: (twin, vma, from, to, { flag }) => {
    if (vma.uffdWp) twin.uffdProtect(vma, from, to, true, flag);
  },
  resolve: (twin, vma, from, to, { flag }) => {
    if (vma.uffdWp) twin.uffdProtect(vma, from, to, false, flag);
  },
  unregister: (twin, vma, _from, _to, { slot }) => twin.unregister(slot, vma),
  upper: (twin, _vma, from) => {
    twin.pt.allocUpper(virtPage(from));
    twin.dumb.allocTables(from, 1);
  },
};

function perform(step: Step, world: World): void {
  const twin = world.twins[step.process % world.twins.length]!;
  ON_PROCESS[step.what]?.(twin, step, world);
  const vma = twin.vmas.get(step.slot);
  if (vma === undefined) return;
  const { from, to } = twin.range(step.slot, step.a, step.b);
  ON_VMA[step.what]?.(twin, vma, from, to, step);
}

/** The engine and the dumb model hold the same; counters are what a walk counts; references are what entries hold. */
function compare(twins: readonly Twin[], frames: FrameTable, file: TwinFile): void {
  const nameOfPfn = new Map<Pfn, string>(file.real.map((pfn, i) => [pfn, `file ${i}`]));
  const nameOfFrame = new Map<DumbFrame, string>(file.dumb.map((frame, i) => [frame, `file ${i}`]));
  const named = <T>(names: Map<T, string>) => {
    return (key: T): string => {
      const name = names.get(key) ?? `anon ${names.size}`;
      names.set(key, name);
      return name;
    };
  };
  const references = new Map<number, number>(file.real.map((pfn) => [pfn, 1]));
  for (const twin of twins) {
    expect(twin.drawReal(named(nameOfPfn))).toEqual(twin.drawDumb(named(nameOfFrame)));
    const count = countFromScratch(twin.pt);
    const { pt, dumb } = twin;
    expect([count.pteTables, count.pmdTables, count.pudTables]).toEqual(dumb.tables.map((tables) => tables.size));
    expect([pt.pteTables, pt.pmdTables, pt.pudTables]).toEqual(dumb.tables.map((tables) => tables.size));
    expect(pt.vmPteKb).toBe(4 * dumb.tables.reduce((sum, tables) => sum + tables.size, 0));
    expect(pt.rss).toEqual({ anon: count.anon, file: count.file });
    for (const [pfn, times] of count.mapped) references.set(pfn, (references.get(pfn) ?? 0) + times);
  }
  expect(frames.live).toBe(references.size);
  for (const [pfn, times] of references) {
    if (frames.refcount(pfn as Pfn) !== times) expect([pfn, frames.refcount(pfn as Pfn)]).toEqual([pfn, times]);
  }
}

describe(`any sequence of calls (seed ${seed})`, () => {
  it('leaves what the page-by-page model says, exact counters, and nothing after the last exit', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const frames = new FrameTable();
        const file = makeFile(frames);
        const twins = [new Twin(frames, file)];
        for (const step of list) {
          perform(step, { twins, frames, file });
          compare(twins, frames, file);
        }
        for (const { pt } of twins) exitMmap(pt);
        expect([frames.live, frames.tables.live]).toEqual([file.real.length, 0]);
        for (const pfn of file.real) frames.dropFromCache(pfn);
        expect(frames.live).toBe(0);
      }),
      { seed, numRuns: 100 },
    );
  });
});
