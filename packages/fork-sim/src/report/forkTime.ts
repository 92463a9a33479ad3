/** A stretch of time; ms. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What a fork has to do. */
export interface ForkWork {
  /** VMAs of the process. */
  readonly vmas: number;
  /** Entries of page tables that are copied, huge ones among them. */
  readonly entries: number;
  readonly huge: number;
}

/** Nanoseconds, least and most. */
type Cost = readonly [from: number, to: number];

/**
 * What one of each takes. An entry: Redis measured 9 to 23.3 ms for each GB of 4 kB pages on physical machines, VMware and KVM (its
 * documentation, "Diagnosing latency issues"), which is 34 to 89 ns an entry; a guest under KVM with Linux 6.18.44 took 37 to 79. A huge
 * entry, a VMA and the fork of a small process were measured on that guest alone.
 */
const COSTS = { entry: [34, 89], huge: [300, 700], vma: [150, 400], fork: [30_000, 150_000] } as const satisfies {
  readonly [what: string]: Cost;
};

/** How long a fork takes: from the fastest machine that was measured to the slowest, old Xen guests left out. */
export function forkTime({ vmas, entries, huge }: ForkWork): TimeRange {
  const of = (at: 0 | 1): number =>
    (COSTS.fork[at] + vmas * COSTS.vma[at] + (entries - huge) * COSTS.entry[at] + huge * COSTS.huge[at]) / 1e6;
  return { from: of(0), to: of(1) };
}
