import { ARENA_PAGES, type Op, type Scenario } from 'fork-sim';
import { type ProbedKernel, runOnKernel } from './kernelProber.ts';
import type { Prober } from './prober.ts';

/** Scenarios that this kernel, or this user, cannot perform as they are meant. */
export interface LeftOut {
  /** What is missing, and what to do. */
  readonly why: string;
  readonly needs: (scenario: Scenario) => boolean;
}

const map = (page: number, more: object = {}): Op => ({ op: 'mmap', page, pages: 2, prot: 'rw', ...more });
const hasOp = (pattern: RegExp) => {
  return ({ ops }: Scenario): boolean => ops.some(({ op }) => pattern.test(op));
};

/** What must be allowed for a comparison to mean anything; a container, or a user who is not root, may be refused some of it. */
const TRIED: readonly (LeftOut & { readonly ops: readonly Op[] })[] = [
  {
    why: 'userfaultfd is not permitted: run as root, or set vm.unprivileged_userfaultfd to 1',
    ops: [map(20), { op: 'uffd_register', page: 20, pages: 2, mode: 'missing' }],
    needs: hasOp(/^uffd_/),
  },
  {
    why: 'the heap cannot be placed (PR_SET_MM_MAP)',
    ops: [
      { op: 'set_brk', page: 40 },
      { op: 'brk', page: 42 },
    ],
    needs: hasOp(/brk$/),
  },
  {
    why: 'System V shared memory cannot be attached (shmget, shmat)',
    ops: [map(10, { backing: 'sysv', shared: true })],
    needs: ({ ops }) => ops.some((op) => op.op === 'mmap' && op.backing === 'sysv'),
  },
  {
    why: 'memory cannot be locked: raise ulimit -l',
    ops: [map(10), { op: 'mlock', page: 10, pages: 2 }],
    needs: (scenario) => locks(scenario),
  },
];

function locks({ ops }: Scenario): boolean {
  return ops.some((op) => op.op === 'mlock' || op.op === 'mlock2' || (op.op === 'mmap' && op.locked === true));
}

/** Finds out what has to be left out, by trying it. @throws ProberError */
export async function findLeftOut(prober: Prober, kernel: ProbedKernel): Promise<readonly LeftOut[]> {
  const tries = TRIED.map(({ why, ops }): Scenario => ({ id: why, ops }));
  const found: LeftOut[] = [];
  for await (const { scenario, steps } of runOnKernel(prober, tries, 2)) {
    if (steps.every(({ res }) => res === 'ok')) continue;
    found.push(TRIED.find(({ why }) => why === scenario.id) as LeftOut);
  }
  const { lockLimitPages, setAnonName } = kernel;
  if (lockLimitPages !== null) {
    found.push({
      why: `no more than ${lockLimitPages} pages can be locked: run as root, or raise ulimit -l`,
      needs: (scenario) => (scenario.span ?? ARENA_PAGES) > lockLimitPages && locks(scenario),
    });
  }
  if (setAnonName === 'ok') {
    found.push({
      why: 'this kernel names anonymous memory (CONFIG_ANON_VMA_NAME), which no recorded kernel does',
      needs: hasOp(/^setname$/),
    });
  }
  return found;
}
