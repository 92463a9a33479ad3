import { FILE_PAGES, type Op, ProcessNames, type Scenario } from 'fork-sim';
import type { AdviceName } from 'vma-core';
import { FLAVOURS, type Flavour, type FlavourName } from './flavours.ts';
import { Random } from './random.ts';
import { randomMmap } from './randomMmap.ts';
import { randomMremap } from './randomMremap.ts';
import { RandomUffdOps } from './randomUffdOps.ts';
import { RangePicker } from './rangePicker.ts';

const HINTS: readonly AdviceName[] = [
  'NORMAL',
  'RANDOM',
  'SEQUENTIAL',
  'DONTFORK',
  'DOFORK',
  'WIPEONFORK',
  'KEEPONFORK',
  'DONTDUMP',
  'DODUMP',
];
const RARE_HINTS: readonly AdviceName[] = [
  'MERGEABLE',
  'UNMERGEABLE',
  'HUGEPAGE',
  'NOHUGEPAGE',
  'WILLNEED',
  'COLD',
  'FREE',
];
const DOERS: readonly AdviceName[] = ['DONTNEED', 'DONTNEED', 'DONTNEED_LOCKED', 'POPULATE_READ', 'POPULATE_WRITE'];
/** Operations of a scenario, where its flavour says nothing else. */
const LENGTH = [8, 30] as const;
const GENERATIONS = [3, 45] as const;
/** Pages that one `touch` takes at most. */
const MOST_TOUCHED = 16;

/** One random scenario, the same for the same seed; its id names flavour and seed. @param seed a whole number */
export function generateScenario(seed: number, flavour: FlavourName): Scenario {
  return new Generator(seed, flavour).scenario();
}

class Generator {
  readonly #random: Random;
  readonly #flavour: Flavour;
  readonly #ranges: RangePicker;
  readonly #uffds: RandomUffdOps;
  readonly #id: string;
  readonly #names = new ProcessNames();
  #generations = 0;
  /** Whether there is a heap: without `set_brk` it is the prober's own. */
  #heap = false;

  constructor(seed: number, name: FlavourName) {
    let mixed = seed;
    for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
    this.#random = new Random(mixed);
    this.#flavour = FLAVOURS[name];
    this.#ranges = new RangePicker(this.#random, this.#flavour);
    this.#uffds = new RandomUffdOps(this.#random, this.#ranges);
    this.#id = `random.${name}.${seed}`;
  }

  scenario(): Scenario {
    const { span, reserve, limit, length: [least, most] = LENGTH } = this.#flavour;
    const r = this.#random;
    const ops: Op[] = Array.from({ length: r.int(1, 3) }, () => this.#mmap());
    if (limit) {
      for (let i = 0; i < 4; i++) ops.push(this.#op());
      ops.push({ op: 'fill_maps', slack: r.int(-1, 7) });
    }
    const length = r.int(least, most);
    while (ops.length < length) {
      const next = this.#withReturn(this.#op());
      for (const op of next) this.#names.after(op);
      ops.push(...next);
    }
    return {
      id: this.#id,
      ...(span === undefined ? {} : { span: span.pages, windows: span.windows }),
      ...(reserve ? { reserve } : {}),
      ops,
    };
  }

  /** Now and then an op is followed by the one that undoes it: merges depend on where a range has been. */
  #withReturn(op: Op): Op[] {
    if (!this.#random.chance(25)) return [op];
    if (op.op === 'mremap' && op.newPage !== undefined && op.dontUnmap !== true && op.newPages > 0) {
      const { page, newPage, newPages } = op;
      return [op, { op: 'mremap', page: newPage, pages: newPages, newPages, newPage: page }];
    }
    if (op.op === 'mprotect') return [op, { ...op, prot: this.#prot() }];
    if (op.op === 'mlock' || op.op === 'mlock2') return [op, { op: 'munlock', page: op.page, pages: op.pages }];
    return [op];
  }

  #op(): Op {
    const r = this.#random;
    switch (r.weighted(this.#flavour.ops)) {
      case 'mmap':
        return this.#mmap();
      case 'mprotect':
        return { op: 'mprotect', ...this.#ranges.range(), prot: this.#prot() };
      case 'madvise':
        return { op: 'madvise', ...this.#ranges.range(), advice: this.#advice() };
      case 'guard':
        return {
          op: 'madvise',
          ...this.#ranges.guardRange(),
          advice: r.chance(80) ? 'GUARD_INSTALL' : 'GUARD_REMOVE',
        };
      case 'vector':
        return this.#vector();
      case 'mremap':
        return randomMremap(r, this.#flavour, this.#ranges);
      case 'munmap':
        return { op: 'munmap', ...this.#ranges.range() };
      case 'touch':
        return this.#touch();
      case 'mlock':
        return { op: r.weighted({ mlock: 3, mlock2: 3, munlock: 4 }), ...this.#ranges.range() };
      case 'mseal':
        return { op: 'mseal', ...this.#ranges.range() };
      case 'fork':
        return this.#fork();
      case 'uffd':
        return this.#uffds.protecting();
      case 'fill':
        return this.#uffds.filling();
      case 'brk':
        return this.#brk();
      case 'rlimit':
        return { op: 'rlimit_stack', pages: r.int(1, 600) };
      case 'file':
        return this.#file();
      case 'other':
        return this.#other();
    }
  }

  #mmap(): Op {
    return randomMmap(this.#random, this.#flavour, this.#ranges);
  }

  #prot(): string {
    return this.#random.weighted({ rw: 10, r: 6, none: 4, rwx: 2, rx: 2, w: 1, x: 1 });
  }

  #advice(): AdviceName {
    const r = this.#random;
    if (r.chance(35)) return r.pick(DOERS);
    if (r.chance(3)) return 'REMOVE';
    return r.pick(r.chance(70) ? HINTS : RARE_HINTS);
  }

  /** Advice for several ranges, and now and then for a process that is not the caller. */
  #vector(): Op {
    const r = this.#random;
    const ranges = Array.from({ length: r.int(1, 4) }, () => {
      const { page, pages } = r.chance(70) ? this.#ranges.range() : this.#ranges.guardRange();
      return [page, r.chance(5) ? 0 : pages] as const;
    });
    // A guard over a write-protected page of a file would never return.
    const guards = this.#flavour.ops.uffd === undefined && r.chance(20);
    const advice = guards ? r.pick<AdviceName>(['GUARD_INSTALL', 'GUARD_REMOVE']) : this.#advice();
    const others = this.#others();
    if (others.length === 0 || r.chance(60)) return { op: 'process_madvise', ranges, advice };
    const remote = r.chance(80) ? r.pick<AdviceName>(['COLD', 'WILLNEED', 'PAGEOUT']) : advice;
    return { op: 'process_madvise', ranges, advice: remote, of: r.pick(others) };
  }

  /** Processes that are not the caller, by name. */
  #others(): readonly string[] {
    return [...this.#names.living].filter((name) => name !== this.#names.story);
  }

  #touch(): Op {
    const r = this.#random;
    const { span } = this.#flavour;
    const range = this.#ranges.range();
    const access = r.chance(65) ? 'write' : 'read';
    // Below what was named: a stack grows there.
    const below = span !== undefined && span.pages <= 4096 && r.chance(30) ? r.int(1, 300) : 0;
    const page = Math.max(0, range.page - below);
    const several = this.#severalPages(range.pages);
    const last = page + (several.stride ?? 1) * ((several.pages ?? 1) - 1);
    return { op: 'touch', page, access, ...(this.#ranges.isOutside(last) ? {} : several) };
  }

  #severalPages(pages: number): { readonly pages?: number; readonly stride?: number } {
    const r = this.#random;
    if (pages > 1024 && r.chance(30)) return { pages: r.int(2, 4), stride: 512 };
    return pages > 1 && r.chance(55) ? { pages: r.int(2, Math.min(pages, MOST_TOUCHED)) } : {};
  }

  #fork(): Op {
    const r = this.#random;
    const [most, percent] = this.#flavour.generations ?? GENERATIONS;
    if (this.#generations < most && r.chance(percent)) {
      this.#generations++;
      return { op: 'fork', continueIn: 'child', ...(r.chance(50) ? { parentExits: true } : {}) };
    }
    return { op: 'fork', ...(r.chance(40) ? { childLives: true } : {}) };
  }

  #brk(): Op {
    const r = this.#random;
    const page = this.#ranges.start(1);
    if (!this.#heap || r.chance(20)) {
      this.#heap = true;
      return { op: 'set_brk', page };
    }
    return { op: 'brk', page, ...(r.chance(20) ? { bytes: r.int(1, 4095) } : {}) };
  }

  /** A file that shrinks, grows, loses pages in its middle, or is sealed. */
  #file(): Op {
    const r = this.#random;
    if (r.chance(8)) return { op: 'seal', file: 'memfd0', ...(r.chance(50) ? { by: 'write' as const } : {}) };
    const file = r.weighted({ file0: 6, file1: 2, file0b: 2, memfd0: 2 });
    const page = this.#ranges.start(1);
    if (r.chance(50)) return { op: 'punch', file, page, pages: r.int(1, 6) };
    return { op: 'truncate', file, size: r.chance(70) ? r.int(0, page + 4) : r.int(0, FILE_PAGES) };
  }

  /** What no sensible program does. */
  #other(): Op {
    const r = this.#random;
    const { page, pages } = this.#ranges.range();
    const empty = { page, pages: 0 };
    switch (r.weighted({ empty: 4, advice: 4, name: 1, stack: 1 })) {
      case 'empty':
        return r.pick<Op>([
          { op: 'munmap', ...empty },
          { op: 'mprotect', ...empty, prot: 'rw' },
          { op: 'madvise', ...empty, advice: 'DONTNEED' },
          { op: 'mlock', ...empty },
          { op: 'mseal', ...empty },
          { op: 'mremap', page, pages, newPages: 0 },
        ]);
      case 'advice':
        return {
          op: 'madvise',
          page,
          pages,
          advice: r.pick<AdviceName>(['REMOVE', 'COLD', 'FREE', 'WILLNEED']),
        };
      case 'name':
        return { op: 'setname', page, pages, ...(r.chance(50) ? { name: 'heap' } : {}) };
      default:
        return { op: 'rlimit_stack', pages: r.int(1, 60) };
    }
  }
}
