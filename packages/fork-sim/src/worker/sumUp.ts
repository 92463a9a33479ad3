import { formatVmFlags, type MergeRefusal, NO_VMA, PAGE_SIZE, VM_NONE, type Vma } from 'vma-core';
import { type PairInput, pairVerdict } from '../process/pairVerdicts.ts';
import type { Process } from '../process/process.ts';
import { type ForkPreviewVma, forkPreviewVmas } from '../report/forkPreview.ts';
import { guardRegions } from '../report/guardRegions.ts';
import { smapsPairVerdict } from '../report/smapsPairVerdict.ts';
import { tablesFor } from '../report/tablesFor.ts';
import type { ForkGroup, MapSummary, VmaDetail, WallGroup } from './logTypes.ts';
import type { Pacer } from './pacer.ts';
import type { ReplayContext } from './subject.ts';

/** VMAs between two looks at the clock. */
const LOOK_EVERY = 16;

/** What can be told of two VMAs that touch. */
export type Above = Exclude<VmaDetail['above'], { readonly kind: 'hole' | 'top' }>;

/** Sums a map up: asks the rules about every pair of neighbours, and fork about every VMA. */
export async function sumUp(process: Process, context: ReplayContext | null, pacer: Pacer): Promise<MapSummary> {
  const { mm } = process;
  const ask = pairAsker(process, context);
  const pairs = new Pairs();
  const fork = new ForkGroups();
  let pages = 0;
  let assumed = 0;
  let done = 0;
  let below: Vma | null = null;
  for (const decision of forkPreviewVmas(process, each(process))) {
    const { vma } = decision;
    if (below !== null && below.vmEnd === vma.vmStart) pairs.add(ask(below, vma), vma.vmStart);
    fork.add(decision);
    pages += decision.pages;
    if (context?.space.isAssumed(vma)) assumed++;
    below = vma;
    if (++done % LOOK_EVERY !== 0 || !pacer.due()) continue;
    const part = done / Math.max(1, mm.mapCount);
    await pacer.pause({ doing: 'asking the rules', part, done: pages, unit: 'pages' });
  }
  const guards = guardRegions(process);
  return {
    kernel: process.world.profile.name,
    vmas: mm.mapCount,
    pages,
    ...pairs.summary(),
    fork: fork.all(),
    childTablesKbAtMost: fork.childTablesKbAtMost(),
    guards: {
      regions: guards.length,
      pages: guards.reduce((sum, { start, end }) => sum + (end - start) / PAGE_SIZE, 0),
    },
    assumed,
    tablesKb: process.pageTable.vmPteKb,
  };
}

/** Asks the rules about two VMAs that touch; of a smaps, where anon_vmas are not known, in its own way. */
export function pairAsker(process: Process, context: ReplayContext | null): (below: Vma, above: Vma) => Above {
  const { profile, softDirty, files } = process.world;
  const input: PairInput = { profile, softDirty, files };
  if (context?.isSmaps) {
    return (below, above) => {
      const { answer, refusal } = smapsPairVerdict(below, above, input);
      if (answer === 'unknown') return { kind: 'unknown' };
      return refusal === null ? { kind: 'seam' } : { kind: 'wall', refusal };
    };
  }
  return (below, above) => {
    const { refusal } = pairVerdict(below, above, input);
    return refusal === null ? { kind: 'seam' } : { kind: 'wall', refusal };
  };
}

/** VMAs of a process in address order, one at a time. Precondition: it stays as it is meanwhile. */
function* each({ mm }: Process): Generator<Vma> {
  for (let ref = mm.index.first(); ref !== NO_VMA; ref = mm.index.next(ref)) yield mm.view(ref);
}

/** What is the same for the refusals of one group: the flags that differ, where it is flags. */
function detailOf(refusal: MergeRefusal): string {
  const flags = refusal.rule === 'vmFlags' ? refusal.diff : refusal.rule === 'special' ? refusal.flags : VM_NONE;
  return flags === VM_NONE ? '' : formatVmFlags(flags);
}

class Pairs {
  readonly #of = { seam: { count: 0, at: null as number | null }, unknown: { count: 0, at: null as number | null } };
  readonly #walls = new Map<string, { -readonly [Key in keyof WallGroup]: WallGroup[Key] }>();

  add(answer: Above, at: number): void {
    if (answer.kind !== 'wall') {
      const group = this.#of[answer.kind];
      group.count++;
      group.at ??= at;
      return;
    }
    const { rule } = answer.refusal;
    const detail = detailOf(answer.refusal);
    const key = `${rule} ${detail}`;
    const group = this.#walls.get(key) ?? { rule, detail, count: 0, at };
    group.count++;
    this.#walls.set(key, group);
  }

  summary(): Pick<MapSummary, 'seams' | 'unknown' | 'walls'> {
    const walls = [...this.#walls.values()].sort((a, b) => b.count - a.count);
    return { seams: this.#of.seam, unknown: this.#of.unknown, walls };
  }
}

class ForkGroups {
  readonly #groups = new Map<string, { decisions: ForkPreviewVma[]; because: string }>();
  readonly #copied: ForkPreviewVma[] = [];

  add(decision: ForkPreviewVma): void {
    const because = becauseOf(decision);
    const key = `${decision.action} ${decision.reason?.rule ?? ''} ${because}`;
    const group = this.#groups.get(key) ?? { decisions: [], because };
    group.decisions.push(decision);
    if (decision.action === 'copy') this.#copied.push(decision);
    this.#groups.set(key, group);
  }

  all(): ForkGroup[] {
    return [...this.#groups.values()].map(({ decisions, because }) => {
      const sum = (field: 'pages' | 'ptes' | 'kB'): number => decisions.reduce((all, one) => all + one[field], 0);
      const [first] = decisions;
      return {
        action: first?.action ?? 'skip',
        rule: first?.reason?.rule ?? null,
        because,
        vmas: decisions.length,
        pages: sum('pages'),
        ptes: sum('ptes'),
        kB: sum('kB'),
        kBAtMost: tablesFor(decisions.map(rangeOf)).kB,
      };
    });
  }

  childTablesKbAtMost(): number {
    return tablesFor(this.#copied.map(rangeOf)).kB;
  }
}

function rangeOf({ vma }: ForkPreviewVma): { readonly start: number; readonly end: number } {
  return { start: vma.vmStart, end: vma.vmEnd };
}

/** The flags that fork's rule found, in the letters of smaps. */
export function becauseOf({ reason }: Pick<ForkPreviewVma, 'reason'>): string {
  return reason !== null && 'flags' in reason ? formatVmFlags(reason.flags) : '';
}
