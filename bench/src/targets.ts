import type { CaseReport, TargetReport } from './report.ts';

interface Target {
  readonly target: string;
  readonly title: string;
  readonly limit: string;
  /** What was measured; `undefined` where a case of it is missing. */
  readonly measure: (cases: Cases) => number | undefined;
  readonly show: (value: number) => string;
  readonly isMet: (value: number) => boolean;
}

/** The rows of a run, by name. */
class Cases {
  readonly #rows: ReadonlyMap<string, CaseReport>;
  constructor(rows: readonly CaseReport[]) {
    this.#rows = new Map(rows.map((row) => [row.name, row]));
  }

  /** Ours divided by the kernel's, of the p50s. */
  ratio(name: string): number | undefined {
    return this.#rows.get(name)?.ratio?.p50;
  }

  /** How much one case costs more than another. Of the minima: the two were not measured at the same time. */
  growth(from: string, to: string): number | undefined {
    const a = this.#rows.get(from)?.ours?.min;
    const b = this.#rows.get(to)?.ours?.min;
    return a === undefined || b === undefined ? undefined : b / a;
  }

  p50(name: string): number | undefined {
    return this.#rows.get(name)?.ours?.p50;
  }

  min(name: string): number | undefined {
    return this.#rows.get(name)?.ours?.min;
  }

  count(name: string, what: string): number | undefined {
    return this.#rows.get(name)?.counts[what];
  }
}

const KINDS = ['mmap', 'mprotect'] as const;
const PAGES_OF_256_MIB = 65_536;

const TARGETS: readonly Target[] = [
  {
    target: '1',
    title: "merge cycles at 65,000 VMAs, beside the kernel's",
    limit: '0.5 or less',
    measure: (cases) => worst(KINDS.map((kind) => cases.ratio(`merge/${kind}/65000`))),
    ...ratio(0.5),
  },
  {
    target: '2',
    title: 'growth of a cycle from 65,000 to 1,000,000 VMAs',
    limit: '2x or less',
    measure: (cases) => worst(KINDS.map((kind) => cases.growth(`merge/${kind}/65000`, `merge/${kind}/1000000`))),
    ...factor(2),
  },
  {
    target: '2',
    title: 'growth of a cycle from 1,000 to 1,000,000 VMAs',
    limit: '4x or less',
    measure: (cases) => worst(KINDS.map((kind) => cases.growth(`merge/${kind}/1000`, `merge/${kind}/1000000`))),
    ...factor(4),
  },
  {
    target: '3',
    title: "fork of 1 GiB, beside the kernel's",
    limit: '0.10 or less',
    measure: (cases) => cases.ratio('fork/anon/1024'),
    ...ratio(0.1),
  },
  {
    target: '4',
    title: 'PTEs that the fork of a shared file copies',
    limit: '0',
    measure: (cases) => cases.count('fork/shared/256', 'ptesCopied'),
    ...exactly(0),
  },
  {
    target: '4',
    title: 'the same with one guard page, 65,536 pages resident',
    limit: '65,536',
    measure: (cases) => cases.count('fork/shared/256/guard', 'ptesCopied'),
    ...exactly(PAGES_OF_256_MIB),
  },
  {
    target: '5',
    title: 'fork of 1,000,000 VMAs',
    limit: 'under 1,000 ms',
    measure: (cases) => cases.p50('fork/vmas/1000000'),
    ...below(1000, 'ms'),
  },
  {
    target: '5',
    title: 'fork of 64 GiB resident',
    limit: 'under 400 ms',
    measure: (cases) => cases.p50('bigfork'),
    ...below(400, 'ms'),
  },
  {
    target: '5',
    title: 'memory of the process that does it',
    limit: 'under 1,024 MiB',
    measure: (cases) => cases.count('bigfork', 'processMib'),
    ...below(1024, 'MiB'),
  },
  {
    target: '5',
    title: 'bytes a VMA',
    limit: '128 or less',
    measure: (cases) => cases.p50('memory/vma'),
    ...atMost(128),
  },
  {
    target: '5',
    title: 'bytes a resident page',
    limit: '8, and under 1 for arrays not yet full',
    measure: (cases) => cases.p50('memory/page'),
    ...below(9, ''),
  },
  {
    target: '5',
    title: 'bytes a page for each further sharer',
    limit: '4, and under 1 for arrays not yet full',
    measure: (cases) => cases.p50('memory/sharer'),
    ...below(5, ''),
  },
  {
    target: '6',
    title: 'lines of a strace log a second, parsed and replayed',
    limit: '300,000 or more',
    measure: (cases) => cases.p50('strace/replay'),
    show: (value) => Math.round(value).toLocaleString('en'),
    isMet: (value) => value >= 300_000,
  },
  {
    target: '7',
    title: 'longest gap of the main thread beside a busy worker (in Node)',
    limit: '50 ms or less',
    // Of the minima: a task of ours is in every round, what other programs do to the thread is not.
    measure: (cases) => worst([cases.min('worker/gap/fork'), cases.min('worker/gap/replay')]),
    show: (value) => `${value.toFixed(1)} ms`,
    isMet: (value) => value <= 50,
  },
  {
    target: '8',
    title: 'calls a second of a search, on one core',
    limit: '600,000 or more',
    measure: (cases) => perSecond(cases.min('check/calls')),
    show: (value) => Math.round(value).toLocaleString('en'),
    isMet: (value) => value >= 600_000,
  },
  {
    target: '8',
    title: 'bytes a state of a search that has met all',
    limit: '40 or less',
    measure: (cases) => cases.p50('check/memory'),
    ...atMost(40),
  },
  {
    target: '8',
    title: 'two threads of a search beside one, by CPU time',
    limit: '1.7x or more',
    measure: (cases) => twice(cases.growth('check/twoThreads', 'check/oneThread')),
    show: (value) => `${value.toFixed(2)}x`,
    isMet: (value) => value >= 1.7,
  },
];

/** Which targets a run meets. */
export function judge(rows: readonly CaseReport[]): TargetReport[] {
  const cases = new Cases(rows);
  return TARGETS.map(({ target, title, limit, measure, show, isMet }) => {
    const value = measure(cases);
    return {
      target,
      title,
      limit,
      value: value === undefined ? null : show(value),
      met: value === undefined ? null : isMet(value),
    };
  });
}

function perSecond(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : 1e9 / ns;
}

/** What two cores do in the time of one, where the work of each costs so much less than one that does all. */
function twice(share: number | undefined): number | undefined {
  return share === undefined ? undefined : 2 * share;
}

/** The largest; `undefined` as soon as one is missing. */
function worst(values: readonly (number | undefined)[]): number | undefined {
  return values.includes(undefined) ? undefined : Math.max(...(values as number[]));
}

type Judged = Pick<Target, 'show' | 'isMet'>;

function ratio(limit: number): Judged {
  return { show: (value) => value.toFixed(3), isMet: (value) => value <= limit };
}

function factor(limit: number): Judged {
  return { show: (value) => `${value.toFixed(2)}x`, isMet: (value) => value <= limit };
}

function exactly(wanted: number): Judged {
  return { show: (value) => value.toLocaleString('en'), isMet: (value) => value === wanted };
}

function atMost(limit: number): Judged {
  return { show: (value) => value.toFixed(1), isMet: (value) => value <= limit };
}

function below(limit: number, unit: string): Judged {
  return { show: (value) => `${value.toFixed(1)} ${unit}`.trimEnd(), isMet: (value) => value < limit };
}
