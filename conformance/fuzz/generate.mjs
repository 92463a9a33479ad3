// Random scenarios (recordings/FORMAT.md, FORMAT2.md), the same for the same seed. A coarse picture of what is mapped
// steers the choices: next to what is there, over its edges, back to where it was.
import { Random } from './random.mjs';

/** What the scenarios of a flavour are made of: how often each kind of op comes, and the arena. */
const FLAVOURS = {
  /** As the recorded random ones of the first set. */
  plain: {
    ops: { mmap: 22, mprotect: 18, madvise: 16, guard: 14, mremap: 8, munmap: 6, touch: 14, mlock: 5, fork: 4 },
  },
  /** Everything of the first set, the rarer the better. */
  hostile: {
    ops: {
      mmap: 20,
      mprotect: 12,
      madvise: 16,
      guard: 8,
      mremap: 18,
      munmap: 6,
      touch: 16,
      mlock: 8,
      fork: 6,
      mseal: 2,
    },
    odd: true,
  },
  /** Moves, and what merges after them. */
  move: {
    ops: { mmap: 18, mprotect: 8, madvise: 4, guard: 6, mremap: 36, munmap: 6, touch: 18, mlock: 3, fork: 5 },
    odd: true,
  },
  /** Generations of children. */
  forks: {
    ops: { mmap: 18, mprotect: 12, madvise: 10, guard: 8, mremap: 8, munmap: 6, touch: 22, mlock: 3, fork: 16 },
  },
  /** Userfaultfd, without guards: one over a protected page of a file takes 1.5 s to break off. */
  uffd: {
    ops: { mmap: 16, mprotect: 8, madvise: 10, mremap: 10, munmap: 5, touch: 18, mlock: 3, fork: 8, uffd: 30 },
    format: 2,
    odd: true,
  },
  /** The same with guards. */
  uffdguard: {
    ops: {
      mmap: 16,
      mprotect: 8,
      madvise: 10,
      guard: 5,
      mremap: 10,
      munmap: 5,
      touch: 18,
      mlock: 3,
      fork: 8,
      uffd: 26,
    },
    format: 2,
  },
  /** Tables: ranges over 2 MiB, 1 GiB and 512 GiB boundaries. */
  geo: {
    ops: { mmap: 22, mprotect: 6, madvise: 8, guard: 8, mremap: 16, munmap: 12, touch: 22, fork: 8, uffd: 8 },
    format: 2,
    geo: true,
  },
  /** Placement without an address, the heap, stacks. */
  place: {
    ops: { mmap: 34, mprotect: 8, madvise: 4, mremap: 14, munmap: 14, touch: 14, fork: 4, brk: 14, mseal: 1, mlock: 3 },
    format: 2,
    reserve: true,
  },
  /** The same in an arena of several MiB: stacks and 2 MiB alignment. */
  bigplace: {
    ops: { mmap: 40, mprotect: 8, mremap: 14, munmap: 14, touch: 20, fork: 4, brk: 10, rlimit: 2 },
    format: 2,
    reserve: true,
    big: true,
  },
  /** Userfaultfds that fill missing pages, and holes punched into files. */
  fill: {
    ops: { mmap: 18, mprotect: 4, madvise: 12, guard: 1, mremap: 8, munmap: 5, touch: 20, mlock: 4, fork: 8, fill: 30 },
    format: 2,
    odd: true,
  },
  /** Stacks and heaps that grow, among other mappings, locked and registered too. */
  stacks: {
    ops: {
      mmap: 24,
      mprotect: 8,
      madvise: 6,
      guard: 4,
      mremap: 10,
      munmap: 8,
      touch: 30,
      mlock: 6,
      fork: 6,
      uffd: 6,
      brk: 10,
      rlimit: 3,
      mseal: 1,
    },
    format: 2,
    big: true,
    odd: true,
  },
  /** Every op there is, in every form, for long. */
  weird: {
    ops: {
      mmap: 20,
      mprotect: 8,
      madvise: 14,
      guard: 3,
      mremap: 18,
      munmap: 5,
      touch: 18,
      mlock: 6,
      fork: 6,
      mseal: 1,
      uffd: 14,
      brk: 4,
      rlimit: 1,
      other: 3,
    },
    format: 2,
    odd: true,
    weird: true,
  },
  /** Tables and userfaultfds, moves of whole tables. */
  geouffd: {
    ops: { mmap: 16, mprotect: 4, madvise: 8, mremap: 24, munmap: 8, touch: 22, fork: 8, uffd: 20 },
    format: 2,
    geo: true,
    odd: true,
  },
  /** At max_map_count. */
  limit: {
    ops: {
      mmap: 18,
      mprotect: 16,
      madvise: 14,
      guard: 6,
      mremap: 16,
      munmap: 12,
      touch: 8,
      mlock: 8,
      fork: 2,
      uffd: 4,
      brk: 3,
      mseal: 1,
    },
    format: 2,
    limit: true,
  },
};

/** The names of the flavours. */
export const FLAVOUR_NAMES = Object.keys(FLAVOURS);

const ARENA = 64;
/** Where the tables of geometry scenarios meet: the pages around these are used, and seen. */
const GEO_WINDOWS = [
  ['w0', 0, 16],
  ['w1', 496, 32],
  ['w2', 1008, 32],
  ['w3', 262128, 32],
  ['w4', 134217712, 32],
];
const GEO_SPAN = 134217728 + 4096;
const BIG_SPAN = 4096;
const BIG_WINDOWS = [
  ['w0', 0, 64],
  ['w1', 1000, 48],
  ['w2', 4032, 64],
];

const HINTS = 'NORMAL RANDOM SEQUENTIAL DONTFORK DOFORK WIPEONFORK KEEPONFORK DONTDUMP DODUMP'.split(' ');
const RARE_HINTS = 'MERGEABLE UNMERGEABLE HUGEPAGE NOHUGEPAGE WILLNEED COLD FREE'.split(' ');
const DOERS = 'DONTNEED DONTNEED DONTNEED_LOCKED POPULATE_READ POPULATE_WRITE'.split(' ');

/**
 * One random scenario.
 * @param {number} seed
 * @param {string} flavour one of `FLAVOUR_NAMES`
 * @returns {object} as a line of `scenarios.jsonl`; its id names flavour and seed
 */
export function generateScenario(seed, flavour) {
  return new Generator(seed, flavour).scenario();
}

class Generator {
  #random;
  #flavour;
  #name;
  #seed;
  #span;
  /** Ranges that ops have named: what is likely to be mapped. */
  #ranges = [];
  #features;
  #continued = 0;
  /** Whether there is a heap: without `set_brk` it is the prober's own. */
  #heap = false;

  constructor(seed, name) {
    const flavour = FLAVOURS[name];
    if (flavour === undefined) throw new Error(`no flavour ${name}; there are ${FLAVOUR_NAMES.join(', ')}`);
    let mixed = seed;
    for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
    this.#random = new Random(mixed);
    this.#flavour = flavour;
    this.#name = name;
    this.#seed = seed;
    this.#span = flavour.geo ? GEO_SPAN : flavour.big ? BIG_SPAN : ARENA;
    const r = this.#random;
    this.#features = [0, 1].map(() => ({
      ...(r.chance(40) ? { eventFork: true } : {}),
      ...(r.chance(30) ? { eventRemap: true } : {}),
      ...(r.chance(30) ? { unpopulated: true } : {}),
      ...(r.chance(15) ? { async: true } : {}),
    }));
  }

  scenario() {
    const { geo, big, reserve, limit } = this.#flavour;
    const r = this.#random;
    const ops = [];
    const first = r.int(1, 3);
    for (let i = 0; i < first; i++) ops.push(this.#mmap());
    if (limit) {
      for (let i = 0; i < 4; i++) ops.push(this.#op());
      ops.push({ op: 'fill_maps', slack: r.int(-1, 7) });
    }
    const length = r.int(8, limit ? 14 : this.#flavour.weird ? 60 : 30);
    while (ops.length < length) ops.push(...this.#withReturn(this.#op()));
    return {
      id: `fuzz.${this.#name}.${this.#seed}`,
      tags: ['fuzz', this.#name],
      ...(geo ? { span: GEO_SPAN, windows: GEO_WINDOWS } : {}),
      ...(big ? { span: BIG_SPAN, windows: BIG_WINDOWS } : {}),
      ...(reserve ? { reserve: true } : {}),
      ops,
    };
  }

  /** Now and then an op is followed by the one that undoes it: merges depend on where a range has been. */
  #withReturn(op) {
    const r = this.#random;
    if (!r.chance(25)) return [op];
    if (op.op === 'mremap' && op.newPage !== undefined && !op.dontUnmap && op.newPages > 0) {
      return [op, { op: 'mremap', page: op.newPage, pages: op.newPages, newPages: op.newPages, newPage: op.page }];
    }
    if (op.op === 'mprotect') return [op, { ...op, prot: this.#prot() }];
    if (op.op === 'mlock' || op.op === 'mlock2') return [op, { op: 'munlock', page: op.page, pages: op.pages }];
    return [op];
  }

  #op() {
    const kind = this.#random.weighted(this.#flavour.ops);
    switch (kind) {
      case 'mmap':
        return this.#mmap();
      case 'mprotect':
        return { op: 'mprotect', ...this.#range(), prot: this.#prot() };
      case 'madvise':
        return { op: 'madvise', ...this.#range(), advice: this.#advice() };
      case 'guard':
        return {
          op: 'madvise',
          ...this.#guardRange(),
          advice: this.#random.chance(80) ? 'GUARD_INSTALL' : 'GUARD_REMOVE',
        };
      case 'mremap':
        return this.#mremap();
      case 'munmap':
        return { op: 'munmap', ...this.#range() };
      case 'touch':
        return this.#touch();
      case 'mlock':
        return { op: this.#random.weighted({ mlock: 3, mlock2: 3, munlock: 4 }), ...this.#range() };
      case 'mseal':
        return { op: 'mseal', ...this.#range() };
      case 'fork':
        return this.#fork();
      case 'uffd':
        return this.#uffd();
      case 'fill':
        return this.#fill();
      case 'brk':
        return this.#brk();
      case 'other':
        return this.#other();
      case 'rlimit':
        return { op: 'rlimit_stack', pages: this.#random.int(1, 600) };
      default:
        throw new Error(kind);
    }
  }

  #prot() {
    return this.#random.weighted({ rw: 10, r: 6, none: 4, rwx: 2, rx: 2, w: 1, x: 1 });
  }

  #advice() {
    const r = this.#random;
    if (r.chance(35)) return r.pick(DOERS);
    if (r.chance(3)) return 'REMOVE';
    return r.chance(70) ? r.pick(HINTS) : r.pick(RARE_HINTS);
  }

  /** Somewhere in the arena, most often next to or in a range that was named before. */
  #start(pages) {
    const r = this.#random;
    const limit = this.#span - pages;
    const known = this.#ranges.length > 0 && r.chance(75) ? r.pick(this.#ranges) : null;
    let page;
    if (known !== null) {
      const beside = [known.page + known.pages, known.page - pages, known.page, known.page + known.pages - pages];
      page = r.pick(beside);
    } else if (this.#flavour.geo) {
      const [, from, length] = r.pick(GEO_WINDOWS);
      page = from + r.int(0, length - 1);
    } else if (this.#flavour.big) {
      const [, from, length] = r.pick(BIG_WINDOWS);
      page = from + r.int(0, length - 1);
    } else page = r.int(0, limit);
    return Math.max(0, Math.min(page, limit));
  }

  #size() {
    const r = this.#random;
    if (this.#flavour.geo && r.chance(30)) return r.pick([512, 1024, 1536, 262144, 513, 511, 262656]);
    if (this.#flavour.big && r.chance(50)) return r.pick([512, 1024, 256, 300, 700]);
    return r.weighted({ small: 5, large: 1 }) === 'small' ? r.int(1, 8) : r.int(8, 16);
  }

  /** A range, most often (a part of) one that was named before, sometimes over its edges or several. */
  #range() {
    const r = this.#random;
    if (this.#ranges.length === 0 || r.chance(8)) {
      const pages = this.#size();
      return { page: this.#start(pages), pages };
    }
    const { page, pages } = r.pick(this.#ranges);
    const shape = r.weighted({ whole: 8, head: 4, tail: 4, middle: 3, over: 2, span: 2 });
    const part = r.int(1, pages);
    switch (shape) {
      case 'whole':
        return { page, pages };
      case 'head':
        return { page, pages: part };
      case 'tail':
        return { page: page + pages - part, pages: part };
      case 'middle': {
        const from = r.int(0, pages - 1);
        return { page: page + from, pages: r.int(1, pages - from) };
      }
      case 'over': {
        const from = Math.max(0, page - r.int(0, 3));
        return { page: from, pages: Math.min(this.#span, page + pages + r.int(0, 3)) - from };
      }
      default: {
        const other = r.pick(this.#ranges);
        const from = Math.min(page, other.page);
        const to = Math.max(page + pages, other.page + other.pages);
        return { page: from, pages: to - from };
      }
    }
  }

  /** What no sensible program does. */
  #other() {
    const r = this.#random;
    const { page, pages } = this.#range();
    const empty = { page, pages: 0 };
    switch (r.weighted({ empty: 4, advice: 4, name: 1, stack: 1 })) {
      case 'empty':
        return r.pick([
          { op: 'munmap', ...empty },
          { op: 'mprotect', ...empty, prot: 'rw' },
          { op: 'madvise', ...empty, advice: 'DONTNEED' },
          { op: 'mlock', ...empty },
          { op: 'mseal', ...empty },
          { op: 'mremap', page, pages, newPages: 0 },
        ]);
      case 'advice':
        return { op: 'madvise', page, pages, advice: r.pick(['REMOVE', 'COLD', 'FREE', 'WILLNEED']) };
      case 'name':
        return { op: 'setname', page, pages, ...(r.chance(50) ? { name: 'heap' } : {}) };
      default:
        return { op: 'rlimit_stack', pages: r.int(1, 60) };
    }
  }

  #guardRange() {
    const range = this.#range();
    return this.#random.chance(60) ? { page: range.page, pages: Math.min(range.pages, this.#random.int(1, 3)) } : range;
  }

  #remember(page, pages) {
    this.#ranges.push({ page, pages });
    if (this.#ranges.length > 8) this.#ranges.shift();
  }

  #mmap() {
    const r = this.#random;
    const { odd, reserve, big, weird } = this.#flavour;
    const pages = this.#size();
    const page = this.#start(pages);
    const prot = r.weighted({ rw: 12, r: 5, none: 2, rwx: 1, rx: 1 });
    const op = { op: 'mmap', page, pages, prot };
    if ((reserve && r.chance(60)) || (weird && r.chance(8))) {
      delete op.page;
      if (r.chance(60)) op.anywhere = true;
      else op.hint = page;
    }
    const backing = r.weighted({ anon: 14, file0: 5, file1: 1, file0b: 1, sysv: odd ? 2 : 0 });
    if (backing !== 'anon') op.backing = backing;
    if (backing === 'sysv' && op.hint !== undefined) {
      // shmat knows no hints.
      delete op.hint;
      op.anywhere = true;
    }
    if (backing.startsWith('file')) op.pgoff = this.#pgoff(page, pages);
    if (backing !== 'sysv' && r.chance(backing === 'anon' ? 12 : 30)) op.shared = true;
    if (backing === 'sysv') {
      op.prot = 'rw';
      op.shared = true;
    } else {
      if (r.chance(5)) op.noreserve = true;
      if (r.chance(odd ? 6 : 3)) op.locked = true;
      if (r.chance(8)) op.populate = true;
      if (r.chance(odd ? 4 : 1)) op.stack = true;
      if (backing === 'anon' && !op.shared && r.chance(odd ? 6 : 1)) op.droppable = true;
      if (!op.droppable && r.chance(big ? 20 : odd || reserve ? 3 : 0)) op.growsdown = true;
      if (op.page !== undefined && r.chance(4)) op.noreplace = true;
    }
    this.#remember(page, pages);
    return op;
  }

  /** Mostly offsets that continue from one mapping to the next; sometimes at the file's end. */
  #pgoff(page, pages) {
    const r = this.#random;
    const near = page % 512;
    if (pages > 200) return r.pick([0, 512, near]);
    return r.weighted({ same: 8, end: 2, other: 1 }) === 'same'
      ? near % 200
      : r.chance(60)
        ? 256 - r.int(0, pages)
        : r.int(0, 250);
  }

  #touch() {
    const r = this.#random;
    const { page, pages } = this.#range();
    const op = { op: 'touch', page, access: r.chance(65) ? 'write' : 'read' };
    const most = Math.min(pages, 16);
    if (most > 1 && r.chance(55)) op.pages = r.int(2, most);
    if (pages > 1024 && r.chance(30)) {
      op.pages = r.int(2, 4);
      op.stride = 512;
    }
    if (this.#flavour.big && r.chance(30)) op.page = Math.max(0, op.page - r.int(1, 300));
    if (op.page + (op.stride ?? 1) * ((op.pages ?? 1) - 1) >= this.#span)
      return { op: 'touch', page, access: op.access };
    return op;
  }

  #mremap() {
    const r = this.#random;
    const { odd, reserve, weird } = this.#flavour;
    const { page, pages } = this.#range();
    const form = r.weighted({
      same: 10,
      back: 3,
      grow: 3,
      shrink: 2,
      inPlace: 4,
      dontUnmap: 4,
      zero: odd ? 2 : 0,
      mayMove: reserve ? 8 : weird ? 3 : 0,
    });
    const fixed = (newPages, more = {}) => {
      const newPage = this.#start(newPages);
      this.#remember(newPage, newPages);
      return { op: 'mremap', page, pages, newPages, newPage, ...more };
    };
    const grown = Math.min(pages + r.int(1, 6), this.#span);
    switch (form) {
      case 'back':
      case 'same':
        return fixed(pages);
      case 'grow':
        return fixed(grown);
      case 'shrink':
        return fixed(Math.max(1, pages - r.int(1, 4)));
      case 'dontUnmap':
        return fixed(odd && r.chance(8) ? grown : pages, { dontUnmap: true });
      case 'zero': {
        const op = fixed(r.int(1, 8));
        return { ...op, pages: 0 };
      }
      case 'mayMove':
        return { op: 'mremap', page, pages, newPages: r.chance(70) ? grown : r.int(1, pages), mayMove: true };
      default:
        return { op: 'mremap', page, pages, newPages: r.chance(65) ? grown : r.int(1, pages) };
    }
  }

  #fork() {
    const r = this.#random;
    if (this.#continued < 3 && r.chance(45)) {
      this.#continued++;
      return { op: 'fork', continueIn: 'child', ...(r.chance(50) ? { parentExits: true } : {}) };
    }
    return r.chance(40) ? { op: 'fork', childLives: true } : { op: 'fork' };
  }

  #uffd() {
    const r = this.#random;
    const n = r.chance(15) ? 1 : 0;
    const which = { ...(n === 0 ? {} : { uffd: n }), ...this.#features[n] };
    const range = this.#range();
    const kind = r.weighted({ register: 20, wp: 24, unregister: 6, copy: 4, zero: 2, close: 1 });
    switch (kind) {
      case 'register':
        return { op: 'uffd_register', ...range, mode: r.weighted({ wp: 12, 'wp+missing': 4, missing: 3 }), ...which };
      case 'wp':
        return { op: 'uffd_wp', ...range, on: r.chance(75), ...which };
      case 'unregister':
        return { op: 'uffd_unregister', ...range, ...which };
      case 'close':
        return { op: 'uffd_close', ...(n === 0 ? {} : { uffd: n }) };
      default:
        return {
          op: `uffd_${kind}`,
          page: range.page,
          pages: Math.min(range.pages, 8),
          ...(kind === 'copy' && r.chance(40) ? { wp: true } : {}),
          ...which,
        };
    }
  }

  #fill() {
    const r = this.#random;
    const n = r.chance(15) ? 1 : 0;
    const which = { ...(n === 0 ? {} : { uffd: n }), ...this.#features[n] };
    const range = this.#range();
    const some = { page: range.page, pages: Math.min(range.pages, r.int(1, 8)) };
    const kind = r.weighted({ register: 8, copy: 12, zero: 7, wp: 4, remove: 5, dontneed: 5 });
    switch (kind) {
      case 'register':
        return { op: 'uffd_register', ...range, mode: r.weighted({ missing: 8, 'wp+missing': 6, wp: 2 }), ...which };
      case 'copy':
        return { op: 'uffd_copy', ...some, ...(r.chance(30) ? { wp: true } : {}), ...which };
      case 'zero':
        return { op: 'uffd_zero', ...some, ...which };
      case 'wp':
        return { op: 'uffd_wp', ...range, on: r.chance(75), ...which };
      case 'remove':
        return { op: 'madvise', ...some, advice: 'REMOVE' };
      default:
        return { op: 'madvise', ...some, advice: 'DONTNEED' };
    }
  }

  #brk() {
    const r = this.#random;
    const page = this.#start(1);
    if (!this.#heap || r.chance(20)) {
      this.#heap = true;
      return { op: 'set_brk', page };
    }
    return { op: 'brk', page, ...(r.chance(20) ? { bytes: r.int(1, 4095) } : {}) };
  }
}
