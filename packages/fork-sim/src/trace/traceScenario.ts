import { type MmEvent, NO_VMA } from 'vma-core';
import type { ForkResult } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { Arena } from '../scenario/arena.ts';
import { callText } from '../scenario/callText.ts';
import { formatOp } from '../scenario/notation.ts';
import { stepScenario } from '../scenario/runScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { decisionView, eventView } from './eventView.ts';
import type { MapState } from './mapState.ts';
import { emptyMapState, mapStateOf } from './mapStateOf.ts';
import type { EventView, Trace, TraceOptions, TraceStep } from './trace.ts';
import { VmaLetters } from './vmaLetters.ts';

/**
 * Runs a scenario and keeps, for each step, all that a picture needs, as plain data: the map, the page states, the page tables, what
 * merged or refused, and what fork decided. Watching changes nothing: the records are those of `runScenario`.
 *
 * @throws ProfileError for an unknown kernel
 */
export function traceScenario(scenario: Scenario, options: TraceOptions): Trace {
  return { scenario, profile: profileName(options), steps: [...traceSteps(scenario, options)] };
}

/** The name under which a trace stands. */
export function profileName({ profile }: TraceOptions): string {
  return typeof profile === 'string' ? profile : profile.name;
}

/** The steps of a trace, each as soon as it is asked for. */
export function* traceSteps(scenario: Scenario, options: TraceOptions): Generator<TraceStep> {
  const run = {
    profile: options.profile,
    softDirty: options.softDirty ?? false,
    faultAroundPages: options.faultAroundPages ?? 1,
    format: 2 as const,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  };
  const watcher = new Watcher();
  let index = 0;
  const arena = new Arena(scenario, run);
  watcher.watch(arena.current);
  const lastStates = new Map<number, MapState>([[arena.current.pid, emptyMapState(scenario, arena.current.pid)]]);
  for (const { record, fork } of stepScenario(scenario, run, arena)) {
    const process = arena.current;
    const letters = watcher.lettersOf(process);
    const state = mapStateOf(scenario, record, process, letters);
    if (fork !== null) watcher.adopt(process, fork);
    const child =
      fork !== null && record.child
        ? mapStateOf(scenario, record.child, fork.child, watcher.lettersOf(fork.child))
        : null;
    const before = lastStates.get(process.pid) ?? state;
    lastStates.set(process.pid, state);
    if (child !== null) lastStates.set(child.pid, child);
    yield {
      index: index++,
      op: record.op,
      line: formatOp(record.op),
      call: callText(record.op),
      before,
      state,
      child,
      events: watcher.take(),
      decisions: (fork?.decisions ?? []).map((one) => decisionView(one, letters)),
      record,
    };
  }
}

/** Listens to the processes of a world, and names their VMAs. */
class Watcher {
  readonly #letters = new Map<number, VmaLetters>();
  #events: EventView[] = [];

  lettersOf({ pid }: Process): VmaLetters {
    let own = this.#letters.get(pid);
    if (own === undefined) {
      own = new VmaLetters();
      this.#letters.set(pid, own);
    }
    return own;
  }

  watch(process: Process): void {
    const letters = this.lettersOf(process);
    const { mm } = process;
    mm.observer = (event: MmEvent) => this.#events.push(eventView(event, letters, mm.profile.sticky));
  }

  /** Watches the child of a fork; each of its VMAs has the letter of the parent's it is a copy of. */
  adopt(parent: Process, { child, decisions }: ForkResult<Process>): void {
    const parents = this.lettersOf(parent);
    const own = parents.forChild();
    this.#letters.set(child.pid, own);
    for (const { src, dst } of decisions) {
      if (dst !== NO_VMA) own.give(dst, parents.of(src));
    }
    this.watch(child);
  }

  /** What happened since the last time. */
  take(): readonly EventView[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }
}
