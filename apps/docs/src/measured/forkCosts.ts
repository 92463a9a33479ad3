import type { Op, Scenario, Trace } from 'fork-sim';

/** What a fork does with one kind of memory. */
export interface ForkCostRow {
  readonly what: string;
  readonly action: string;
  /** Page table entries copied. */
  readonly ptes: number;
  /** Page tables of the child, in kB. */
  readonly kB: number;
}

/** 16 MiB. */
const PAGES = 4096;

const shared: Op = { op: 'mmap', page: 0, pages: PAGES, prot: 'rw', shared: true, populate: true };
const guard: Op = { op: 'madvise', page: 0, pages: 1, advice: 'GUARD_INSTALL' };

/** 16 MiB of memory of several kinds, every page present. */
const KINDS: readonly { readonly what: string; readonly ops: readonly Op[] }[] = [
  { what: 'shared mapping', ops: [shared] },
  { what: 'the same with one guard page', ops: [shared, guard] },
  { what: 'the same, guard removed again', ops: [shared, guard, { ...guard, advice: 'GUARD_REMOVE' }] },
  { what: 'private memory, every page written', ops: [{ ...shared, shared: false }] },
];

/** Forks each kind of memory, by one that runs a scenario: the engine while the site is built, a worker in the reader's browser. */
export async function forkCosts(run: (scenario: Scenario) => Trace | Promise<Trace>): Promise<ForkCostRow[]> {
  const rows: ForkCostRow[] = [];
  for (const { what, ops } of KINDS) {
    const trace = await run({ id: what, span: PAGES, ops: [...ops, { op: 'fork' }] });
    const step = trace.steps.at(-1);
    if (!step?.child) throw new Error(`${what}: no fork`);
    const ptes = step.decisions.reduce((sum, one) => sum + one.ptes, 0);
    rows.push({ what, action: step.decisions[0]?.action ?? '', ptes, kB: step.child.tablesKb });
  }
  return rows;
}

/** The kernel whose costs are in the page's HTML. */
export const FORK_COST_KERNEL = '6.19';
