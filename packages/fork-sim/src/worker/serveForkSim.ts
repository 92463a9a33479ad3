import { type Remote, releaseProxy, transfer } from 'comlink';
import type { ForkSimApi, JobControl, Progress } from './forkSimApi.ts';
import {
  type Answer,
  type MethodName,
  PROTOCOL_VERSION,
  type WireApi,
  type WireCall,
  type WireEvent,
  type WireInputs,
  type WireReply,
  type WireSink,
} from './protocol.ts';
import { transferablesOf } from './transferables.ts';
import { toWireError } from './wireError.ts';
import { ProtocolError } from './workerErrors.ts';

type Handlers = {
  readonly [Method in MethodName]: (
    sim: ForkSimApi,
    input: WireInputs[Method],
    control: JobControl,
  ) => Promise<Answer<Method>>;
};

const HANDLERS: Handlers = {
  loadScenario: (sim, input, control) => sim.loadScenario(input, control),
  loadStrace: (sim, input, control) => sim.loadStrace(input, control),
  loadSmaps: (sim, input, control) => sim.loadSmaps(input, control),
  newProcess: (sim, input, control) => sim.newProcess(input, control),
  buildAnon: (sim, input, control) => sim.buildAnon(input, control),
  fork: (sim, input, control) => sim.fork(input, control),
  touch: (sim, input, control) => sim.touch(input, control),
  exit: (sim, input, control) => sim.exit(input, control),
  step: (sim, input, control) => sim.step(input, control),
  stepBack: (sim, input, control) => sim.stepBack(input, control),
  jump: (sim, input, control) => sim.jump(input, control),
  runToEnd: (sim, _input, control) => sim.runToEnd(control),
  logAnswer: (sim, input, control) => sim.logAnswer(input, control),
  readHistory: (sim, input, control) => sim.readHistory(input, control),
  readCalls: (sim, input, control) => sim.readCalls(input, control),
  findStep: (sim, input, control) => sim.findStep(input, control),
  readVmas: (sim, input, control) => sim.readVmas(input, control),
  sumUp: (sim, input, control) => sim.sumUp(input, control),
  askGuard: (sim, input, control) => sim.askGuard(input, control),
  whatIf: (sim, input, control) => sim.whatIf(input, control),
  compare: (sim, input, control) => sim.compare(input, control),
  trace: (sim, input, control) => sim.trace(input, control),
  readMap: (sim, input, control) => sim.readMap(input, control),
  readPages: (sim, input, control) => sim.readPages(input, control),
  readTables: (sim, input, control) => sim.readTables(input, control),
  state: (sim) => sim.state(),
};

/** Kind of input of those calls that do not take an object. */
const INPUT_TYPE: { readonly [method: string]: string } = {
  step: 'number',
  stepBack: 'number',
  jump: 'number',
  runToEnd: 'null',
  state: 'null',
};

/** Offers a simulation to the other side of a boundary: calls by name, errors as data, events to a sink, cancelling by number. */
export function serveForkSim(sim: ForkSimApi): WireApi {
  let sink: WireSink | null = null;
  const running = new Map<number, AbortController>();
  return {
    async hello(to) {
      (sink as Partial<Remote<WireSink>> | null)?.[releaseProxy]?.();
      sink = to;
      return PROTOCOL_VERSION;
    },
    async call(call) {
      try {
        checkCall(call, running);
        const abort = new AbortController();
        running.set(call.job, abort);
        const events = new EventSender(call.job, sink);
        try {
          const value = await perform(sim, call, events.control(abort.signal));
          await events.delivered();
          const reply: WireReply = { ok: true, value };
          return transfer(reply, transferablesOf(reply));
        } finally {
          running.delete(call.job);
        }
      } catch (error) {
        return { ok: false, error: toWireError(error) };
      }
    },
    async cancel(job) {
      running.get(job)?.abort();
    },
    async ping() {},
  };
}

/** The call of one name, with the input that this name has. */
function perform<Method extends MethodName>(
  sim: ForkSimApi,
  call: { readonly method: Method; readonly input: WireInputs[Method] },
  control: JobControl,
): Promise<Answer<Method>> {
  return HANDLERS[call.method](sim, call.input, control);
}

/** @throws ProtocolError for what is no call */
function checkCall(call: WireCall, running: ReadonlyMap<number, unknown>): void {
  if (typeof call !== 'object' || call === null) throw new ProtocolError('a call is an object');
  const { job, method, input } = call as { job: unknown; method: unknown; input: unknown };
  if (typeof job !== 'number' || !Number.isSafeInteger(job) || job < 1) throw new ProtocolError('a call has a number');
  if (running.has(job)) throw new ProtocolError(`there is a call ${job} already`);
  if (typeof method !== 'string' || !Object.hasOwn(HANDLERS, method)) {
    throw new ProtocolError(`no call ${JSON.stringify(method)}; there are ${Object.keys(HANDLERS).join(', ')}`);
  }
  const wanted = INPUT_TYPE[method] ?? 'object';
  const got = input === null ? 'null' : typeof input;
  if (got !== wanted) throw new ProtocolError(`${method} takes ${wanted}, not ${got}`);
}

/** Sends the events of one call: decisions always; of progress the latest, whenever the one before was taken in. */
class EventSender {
  readonly #job: number;
  readonly #sink: WireSink | null;
  readonly #waiting = new Set<Promise<void>>();
  #progressWaits = false;
  #latest: Progress | null = null;

  constructor(job: number, sink: WireSink | null) {
    this.#job = job;
    this.#sink = sink;
  }

  control(signal: AbortSignal): JobControl {
    return {
      signal,
      onProgress: (progress) => {
        this.#latest = progress;
        if (!this.#progressWaits) this.#sendLatest();
      },
      onDecisions: (batch) => void this.#send({ kind: 'decisions', job: this.#job, batch }),
    };
  }

  /** Everything sent has been taken in, so that no event comes after the answer. */
  async delivered(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
  }

  #sendLatest(): void {
    const progress = this.#latest;
    if (progress === null) return;
    this.#latest = null;
    this.#progressWaits = true;
    void this.#send({ kind: 'progress', job: this.#job, progress });
  }

  #send(event: WireEvent): Promise<void> {
    const sent = Promise.resolve(this.#sink?.(event))
      .catch(() => {})
      .then(() => {
        if (event.kind === 'progress') {
          this.#progressWaits = false;
          this.#sendLatest();
        }
        this.#waiting.delete(sent);
      });
    this.#waiting.add(sent);
    return sent;
  }
}
