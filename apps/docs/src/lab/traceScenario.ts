import {
  ARENA_PAGES,
  type Arena,
  type ForkDecision,
  type PerWindow,
  type Process,
  type Scenario,
  type StateRecord,
  type StepRecord,
  stepScenario,
} from 'fork-sim';
import { formatVmFlags, type KernelProfile, type MmEvent, NO_VMA, type VmaRef } from 'vma-core';
import { bordersOf } from './bordersOf.ts';
import type { DecisionView, EventView, MapState, MapVma, Trace, TraceStep } from './mapState.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters of one process's VMAs: a VMA keeps its letter for as long as the engine keeps the VMA. */
class Letters {
  readonly #byRef = new Map<VmaRef, string>();

  of(ref: VmaRef): string {
    const known = this.#byRef.get(ref);
    if (known !== undefined) return known;
    const used = new Set(this.#byRef.values());
    const letter = Array.from(LETTERS).find((one) => !used.has(one)) ?? '#';
    this.#byRef.set(ref, letter);
    return letter;
  }

  give(ref: VmaRef, letter: string): void {
    this.#byRef.set(ref, letter);
  }

  /** After a split the lower part has the old letter, whichever of the two records the engine kept. */
  split(below: VmaRef, above: VmaRef): void {
    const old = this.#byRef.get(below) ?? this.#byRef.get(above);
    if (old === undefined) return;
    this.#byRef.delete(above);
    this.#byRef.set(below, old);
  }

  keepOnly(live: ReadonlySet<VmaRef>): void {
    for (const ref of [...this.#byRef.keys()]) if (!live.has(ref)) this.#byRef.delete(ref);
  }
}

/** How a scenario is run for drawing. */
export interface TraceOptions {
  readonly profile: KernelProfile | string;
  /** Default false: pictures are calmer without a soft-dirty flag on every new mapping. */
  readonly softDirty?: boolean;
}

/**
 * Runs a scenario and keeps, for each step, all that a picture needs, as plain data: the map, the page states, what merged or
 * refused, and what fork decided. Everything in it is the engine's own answer.
 */
export function traceScenario(scenario: Scenario, options: TraceOptions): Trace {
  const run = {
    profile: options.profile,
    softDirty: options.softDirty ?? false,
    faultAroundPages: 1,
    format: 2 as const,
  };
  const letters = new Map<number, Letters>();
  const watched = new Set<Process>();
  const steps: TraceStep[] = [];
  let events: EventView[] = [];
  let decisions: readonly ForkDecision[] = [];
  let profile: string | null = null;

  const lettersOf = (process: Process): Letters => {
    let own = letters.get(process.pid);
    if (own === undefined) {
      own = new Letters();
      letters.set(process.pid, own);
    }
    return own;
  };
  const watch = (process: Process): void => {
    if (watched.has(process)) return;
    watched.add(process);
    process.mm.observer = (event) => events.push(viewEvent(event, lettersOf(process)));
    const fork = process.fork.bind(process);
    process.fork = () => {
      const result = fork();
      decisions = result.decisions;
      nameChild(result.child, result.decisions, lettersOf(process), lettersOf(result.child));
      return result;
    };
  };

  let before: MapState = emptyMap(scenario.span ?? ARENA_PAGES);
  for (const { record, arena } of stepScenario(scenario, run)) {
    profile ??= arena.world.profile.name;
    const parent = arena.current;
    const state = viewState(scenario, record, parent, lettersOf(parent));
    const forked = record.op.op === 'fork';
    const child = forked ? newestProcess(arena) : null;
    steps.push({
      index: steps.length,
      op: record.op,
      result: resultOf(record),
      before,
      state,
      child: child && record.child ? viewState(scenario, record.child, child, lettersOf(child)) : null,
      events,
      decisions: forked ? decisions.map((one) => viewDecision(one, lettersOf(parent))) : [],
      record,
    });
    events = [];
    before = state;
    const goesOnInChild = record.op.op === 'fork' && record.op.continueIn === 'child';
    if (goesOnInChild) before = steps.at(-1)?.child ?? state;
    for (const process of arena.world.processes.values()) watch(process);
  }
  return { scenario, profile: profile ?? nameOf(options.profile), steps };
}

function nameOf(profile: KernelProfile | string): string {
  return typeof profile === 'string' ? profile : profile.name;
}

function resultOf(record: StepRecord): TraceStep['result'] {
  return {
    text: record.res,
    ok: record.res === 'ok',
    at: record.at ?? null,
    faults: record.faults ?? null,
    values: record.vals ?? null,
  };
}

function emptyMap(span: number): MapState {
  return { span, vmas: [], pages: ' '.repeat(span), softDirty: '', borders: [], tablesKb: 0 };
}

function newestProcess(arena: Arena): Process | null {
  let newest: Process | null = null;
  for (const process of arena.world.processes.values())
    if (newest === null || process.pid > newest.pid) newest = process;
  return newest;
}

/** A child's VMA has the letter of the parent's it is a copy of. */
function nameChild(child: Process, decisions: readonly ForkDecision[], parents: Letters, own: Letters): void {
  for (const { parent, child: copy } of decisions) {
    if (copy === null) continue;
    const ref = child.mm.vmaLookup(copy.vmStart);
    if (ref !== NO_VMA) own.give(ref, parents.of(parent.ref));
  }
}

function viewState(scenario: Scenario, record: StateRecord, process: Process, letters: Letters): MapState {
  const span = scenario.span ?? ARENA_PAGES;
  const { mm } = process;
  const base = 0x2000_0000_0000;
  const live = mm.vmas().filter((vma) => vma.vmStart >= base && vma.vmStart < base + span * 4096);
  letters.keepOnly(new Set(mm.vmas().map(({ ref }) => ref)));
  const stickyWords = new Set(formatVmFlags(mm.profile.sticky).split(' '));
  const vmas = record.vmas.map(([start, end, perms, pgoff, backing, flags, name], index): MapVma => {
    const vma = live[index];
    const words = flags.split(' ').filter((word) => word !== '');
    return {
      letter: vma ? letters.of(vma.ref) : '?',
      start,
      end,
      perms,
      backing,
      kind: kindOf(perms, backing),
      pgoff,
      flags: words,
      sticky: words.filter((word) => stickyWords.has(word)),
      anonVma: vma?.anonVma ?? null,
      chain: vma?.anonVmaChain ?? 0,
      name: name ?? null,
    };
  });
  return {
    span,
    vmas,
    pages: flatten(scenario, record.pages, span),
    softDirty: typeof record.sd === 'string' ? record.sd : '',
    borders: bordersOf(live, vmas, mm),
    tablesKb: record.pt ?? 0,
  };
}

function kindOf(perms: string, backing: string): MapVma['kind'] {
  if (perms.endsWith('s')) return 'shared';
  return backing === 'anon' ? 'anon' : 'private';
}

/** Page states of all windows, laid into one row. */
function flatten(scenario: Scenario, pages: PerWindow, span: number): string {
  if (typeof pages === 'string') return pages;
  const row = Array.from({ length: span }, () => ' ');
  for (const [name, first, length] of scenario.windows ?? []) {
    const text = pages[name] ?? '';
    for (let i = 0; i < length; i++) row[first + i] = text[i] ?? ' ';
  }
  return row.join('');
}

function viewEvent(event: MmEvent, letters: Letters): EventView {
  switch (event.kind) {
    case 'merged':
      return {
        kind: 'merged',
        of: event.of,
        into: event.into,
        result: letters.of(event.result.ref),
        removed: event.removed.map(({ ref }) => letters.of(ref)),
        flags: formatVmFlags(event.result.vmFlags).split(' '),
      };
    case 'refused':
      return {
        kind: 'refused',
        of: event.of,
        side: event.side,
        neighbour: letters.of(event.neighbour.ref),
        refusal: event.refusal,
      };
    case 'split':
      letters.split(event.below.ref, event.above.ref);
      return {
        kind: 'split',
        below: letters.of(event.below.ref),
        above: letters.of(event.above.ref),
        flags: formatVmFlags(event.below.vmFlags).split(' '),
      };
    default:
      return event satisfies never;
  }
}

function viewDecision(decision: ForkDecision, letters: Letters): DecisionView {
  const { reason } = decision;
  return {
    letter: letters.of(decision.parent.ref),
    action: decision.action,
    rule: reason?.rule ?? null,
    flags: reason && 'flags' in reason ? formatVmFlags(reason.flags).split(' ') : [],
    ptes: decision.ptes,
    tables: decision.tables,
  };
}
