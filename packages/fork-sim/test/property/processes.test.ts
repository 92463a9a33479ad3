import fc from 'fast-check';
import { pteGuard, virtPage } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { kernelProfile, PAGE_SIZE, VM_EXEC, VM_READ, VM_WRITE } from 'vma-core';
import { forkPreview, type Process, validateFork, validateWorld, World } from '../../src/index.ts';
import { seed } from '../support/seed.ts';
import { ARENA_PAGES, addressOf, type Call, callLine, calls, FILE_PAGES, performCall } from './call.ts';
import { ProgramView, SharedBytes } from './programView.ts';

/** The processes as their programs see them, in the order of {@link Real}. */
interface Model {
  views: ProgramView[];
}

interface Real {
  readonly world: World;
  readonly file: number;
  readonly processes: Process[];
  readonly lines: string[];
}

const MAX_PROCESSES = 4;

/** After every step: what holds in every state, and what a program can see without touching anything. */
function check(model: Model, { world, processes, lines }: Real): void {
  expect(validateWorld(world), lines.join('\n')).toEqual([]);
  for (const [i, process] of processes.entries()) {
    const seen = Array.from({ length: ARENA_PAGES }, (_, page) => lookAt(process, page));
    const expected = model.views[i]?.pages.map((page) =>
      page === null ? null : { prot: page.prot, guard: page.guard },
    );
    expect(seen, `process ${i} after\n${lines.join('\n')}`).toEqual(expected);
  }
}

function lookAt({ mm, pageTable }: Process, page: number): { prot: number; guard: boolean } | null {
  const vma = mm.vmaLookup(addressOf(page));
  if (vma === 0) return null;
  const flags = mm.store.flags(vma) & (VM_READ | VM_WRITE | VM_EXEC);
  return { prot: Number(flags), guard: pteGuard(pageTable.get(virtPage(addressOf(page) / PAGE_SIZE))) };
}

class CallCommand implements fc.Command<Model, Real> {
  readonly who: number;
  readonly one: Call;

  constructor(who: number, one: Call) {
    this.who = who;
    this.one = one;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const who = this.who % real.processes.length;
    const answered = performCall(real.processes[who] as Process, real.file, this.one);
    real.lines.push(`${who}: ${callLine(this.one)} = ${Array.isArray(answered) ? '' : String(answered)}`);
    const { mremapUnmapsTargetFirst } = real.world.profile;
    const expected = model.views[who]?.run(this.one, answered, mremapUnmapsTargetFirst);
    if (expected !== undefined) expect(answered, real.lines.join('\n')).toEqual(expected);
    check(model, real);
  }

  toString(): string {
    return `${this.who}: ${callLine(this.one)}`;
  }
}

/** A fork: exactly what its preview said, and the child has and reads what the parent has and reads. */
class ForkCommand implements fc.Command<Model, Real> {
  readonly who: number;

  constructor(who: number) {
    this.who = who;
  }

  check({ views }: Readonly<Model>): boolean {
    return views.length < MAX_PROCESSES;
  }

  run(model: Model, real: Real): void {
    const who = this.who % real.processes.length;
    const parent = real.processes[who] as Process;
    real.lines.push(`${who}: fork`);
    const preview = forkPreview(parent);
    const { child, decisions } = parent.fork();
    expect(preview.vmas.map(({ action, ptes, tables }) => ({ action, ptes, tables }))).toEqual(
      decisions.map(({ action, ptes, tables }) => ({ action, ptes, tables })),
    );
    expect(preview.kB).toBe(child.pageTable.vmPteKb);
    expect(validateFork(parent, child), real.lines.join('\n')).toEqual([]);
    real.processes.push(child);
    model.views.push((model.views[who] as ProgramView).fork());
    check(model, real);
  }

  toString(): string {
    return `${this.who}: fork`;
  }
}

class ExitCommand implements fc.Command<Model, Real> {
  readonly who: number;

  constructor(who: number) {
    this.who = who;
  }

  check({ views }: Readonly<Model>): boolean {
    return views.length > 1;
  }

  run(model: Model, real: Real): void {
    const who = this.who % real.processes.length;
    real.lines.push(`${who}: exit`);
    real.processes[who]?.exit();
    real.processes.splice(who, 1);
    model.views.splice(who, 1);
    check(model, real);
  }

  toString(): string {
    return `${this.who}: exit`;
  }
}

/** Every program reads every page it has. */
class LookCommand implements fc.Command<Model, Real> {
  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    real.lines.push('everyone reads everything');
    for (const [i, process] of real.processes.entries()) {
      for (let page = 0; page < ARENA_PAGES; page++) {
        const seen = process.access(addressOf(page), 'read');
        expect(seen, `process ${i}, page ${page} after\n${real.lines.join('\n')}`).toEqual(model.views[i]?.read(page));
      }
    }
    check(model, real);
  }

  toString(): string {
    return 'everyone reads everything';
  }
}

const who = fc.nat(MAX_PROCESSES - 1);
const commands = fc.commands(
  [
    ...Array.from({ length: 5 }, () => fc.tuple(who, calls).map(([n, one]) => new CallCommand(n, one))),
    who.map((n) => new ForkCommand(n)),
    who.map((n) => new ExitCommand(n)),
    fc.constant(new LookCommand()),
  ],
  { size: 'max', maxCommands: 40 },
);

const initialByte = (index: number): number => 100 + index;

function setup(profile: string, softDirty: boolean, faultAroundPages: number): { model: Model; real: Real } {
  const world = new World({ profile, softDirty, faultAroundPages });
  const inode = world.newInode({ pages: FILE_PAGES, cached: true, firstByte: initialByte });
  const file = world.open({ inode, shmem: true });
  const view = new ProgramView(new SharedBytes(FILE_PAGES, initialByte), kernelProfile(profile).guards !== 'none');
  return { model: { views: [view] }, real: { world, file, processes: [world.newProcess()], lines: [] } };
}

// 6.16 loses an anon_vma in an mremap merge, and the series as posted a flag in an mprotect merge: findings.test.ts.
const SOUND = ['6.12', '6.18', 'guard-flag', '6.19', '7.3'];

describe(`random calls of processes that fork (fast-check seed ${seed})`, () => {
  it.each(SOUND)('%s: invariants hold, and each program sees what a page-by-page model says', (profile) => {
    fc.assert(
      fc.property(commands, fc.boolean(), fc.constantFrom(1, 4, 16), (sequence, softDirty, faultAroundPages) => {
        const { model, real } = setup(profile, softDirty, faultAroundPages);
        fc.modelRun(() => ({ model, real }), sequence);
        new LookCommand().run(model, real);
        for (const process of real.processes) process.exit();
        real.world.dropCaches();
        const { frames, processes, uffdContexts } = real.world;
        expect({
          frames: frames.live,
          tables: frames.tables.live,
          contexts: uffdContexts.size,
          processes: processes.size,
        }).toEqual({
          frames: 0,
          tables: 0,
          contexts: 0,
          processes: 0,
        });
      }),
      { seed, numRuns: 100 },
    );
  });
});
