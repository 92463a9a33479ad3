import { type Endpoint, proxy, type Remote, transfer, wrap } from 'comlink';
import type { WorldOptions } from '../process/world.ts';
import type {
  BuildAnonInput,
  CompareInput,
  ExitInput,
  ForkInput,
  ForkSimApi,
  JobControl,
  LoadScenarioInput,
  LoadSmapsInput,
  LoadStraceInput,
  TouchInput,
  TraceInput,
} from './forkSimApi.ts';
import type { CallsInput, FindStepInput, HistoryInput, VmasInput } from './logTypes.ts';
import {
  type Answer,
  type MethodName,
  PROTOCOL_VERSION,
  type WireApi,
  type WireCall,
  type WireEvent,
  type WireInputs,
  type WireReply,
} from './protocol.ts';
import { streamed } from './streamed.ts';
import { transferablesOf } from './transferables.ts';
import { Watchdog } from './watchdog.ts';
import type { MapWindowInput, PageWindowInput, TableWindowInput } from './windows.ts';
import { fromWireError } from './wireError.ts';
import { CancelledError, ProtocolError, WorkerCrashedError } from './workerErrors.ts';

/** A worker, of a browser or of Node. */
export interface WorkerTransport {
  readonly endpoint: Endpoint;
  /** Calls `crashed` once, when the worker ends other than by {@link terminate}. */
  watch(crashed: (why: string) => void): void;
  /** Ends the worker at once, whatever it does. */
  terminate(): Promise<unknown>;
}

/** How a client looks after its worker. */
export interface ForkSimClientOptions {
  /** A worker that has been silent for so long, though it was asked, is taken for dead. Milliseconds; default 15,000. */
  readonly silenceMs?: number;
}

interface Job {
  readonly control: JobControl;
  readonly fail: (error: Error) => void;
}

/**
 * A simulation in a worker: the calls of {@link ForkSimApi}, and what has to do with the worker itself.
 *
 * A worker that dies rejects every call that waits, and those that follow, with a WorkerCrashedError, until {@link restart}.
 */
export class ForkSimClient implements ForkSimApi {
  readonly #makeTransport: () => WorkerTransport;
  readonly #watchdog: Watchdog;
  readonly #jobs = new Map<number, Job>();
  #transport: WorkerTransport | null = null;
  #remote: Remote<WireApi> | null = null;
  /** Why there is no worker. */
  #gone: Error = new WorkerCrashedError('the worker was not started');
  #lastJob = 0;

  /** See `startForkSim`, which also starts it. */
  constructor(makeTransport: () => WorkerTransport, options: ForkSimClientOptions = {}) {
    this.#makeTransport = makeTransport;
    this.#watchdog = new Watchdog(options.silenceMs ?? 15_000, {
      ask: () => this.#remote?.ping() ?? Promise.resolve(),
      dead: (why) => this.#crashed(why),
    });
  }

  /**
   * Starts the worker, again after it crashed or was ended; what was loaded is gone.
   * @throws WorkerCrashedError where it cannot be started
   */
  async restart(): Promise<void> {
    this.terminate();
    const transport = this.#makeTransport();
    this.#transport = transport;
    const remote = wrap<WireApi>(transport.endpoint);
    this.#remote = remote;
    transport.watch((why) => {
      if (this.#transport === transport) this.#crashed(why);
    });
    const version = await this.#guarded(undefined, {}, () => remote.hello(proxy((event) => this.#onEvent(event))));
    if (version === PROTOCOL_VERSION) return;
    this.terminate();
    throw new ProtocolError(
      `the worker speaks version ${version}, this page ${PROTOCOL_VERSION}: two versions are mixed`,
    );
  }

  /** Ends the worker at once; calls that wait are rejected with a WorkerCrashedError. */
  terminate(): void {
    void this.#end(new WorkerCrashedError('the worker was ended'));
  }

  /** Ends the worker and frees everything; calls that wait are rejected with a CancelledError. */
  async dispose(): Promise<void> {
    await this.#end(new CancelledError('the simulation was disposed of'));
  }

  loadScenario(input: LoadScenarioInput, control?: JobControl): Promise<Answer<'loadScenario'>> {
    return this.#call('loadScenario', input, control);
  }

  loadStrace(input: LoadStraceInput, control?: JobControl): Promise<Answer<'loadStrace'>> {
    return this.#call('loadStrace', withName(input), control);
  }

  loadSmaps(input: LoadSmapsInput, control?: JobControl): Promise<Answer<'loadSmaps'>> {
    return this.#call('loadSmaps', withName(input), control);
  }

  newProcess(options: WorldOptions = {}, control?: JobControl): Promise<Answer<'newProcess'>> {
    return this.#call('newProcess', options, control);
  }

  buildAnon(input: BuildAnonInput, control?: JobControl): Promise<Answer<'buildAnon'>> {
    return this.#call('buildAnon', input, control);
  }

  fork(input: ForkInput = {}, control?: JobControl): Promise<Answer<'fork'>> {
    return this.#call('fork', input, control);
  }

  touch(input: TouchInput, control?: JobControl): Promise<Answer<'touch'>> {
    return this.#call('touch', input, control);
  }

  exit(input: ExitInput, control?: JobControl): Promise<Answer<'exit'>> {
    return this.#call('exit', input, control);
  }

  step(count = 1, control?: JobControl): Promise<Answer<'step'>> {
    return this.#call('step', count, control);
  }

  stepBack(count = 1, control?: JobControl): Promise<Answer<'stepBack'>> {
    return this.#call('stepBack', count, control);
  }

  jump(position: number, control?: JobControl): Promise<Answer<'jump'>> {
    return this.#call('jump', position, control);
  }

  runToEnd(control?: JobControl): Promise<Answer<'runToEnd'>> {
    return this.#call('runToEnd', null, control);
  }

  logAnswer(input: Readonly<Record<string, never>> = {}, control?: JobControl): Promise<Answer<'logAnswer'>> {
    return this.#call('logAnswer', input, control);
  }

  readHistory(input: HistoryInput, control?: JobControl): Promise<Answer<'readHistory'>> {
    return this.#call('readHistory', input, control);
  }

  readCalls(input: CallsInput, control?: JobControl): Promise<Answer<'readCalls'>> {
    return this.#call('readCalls', input, control);
  }

  findStep(input: FindStepInput, control?: JobControl): Promise<Answer<'findStep'>> {
    return this.#call('findStep', input, control);
  }

  readVmas(input: VmasInput = {}, control?: JobControl): Promise<Answer<'readVmas'>> {
    return this.#call('readVmas', input, control);
  }

  sumUp(input: { readonly pid?: number } = {}, control?: JobControl): Promise<Answer<'sumUp'>> {
    return this.#call('sumUp', input, control);
  }

  askGuard(input: { readonly pid?: number; readonly addr: number }, control?: JobControl): Promise<Answer<'askGuard'>> {
    return this.#call('askGuard', input, control);
  }

  whatIf(input: Readonly<Record<string, never>> = {}, control?: JobControl): Promise<Answer<'whatIf'>> {
    return this.#call('whatIf', input, control);
  }

  compare(input: CompareInput, control?: JobControl): Promise<Answer<'compare'>> {
    return this.#call('compare', input, control);
  }

  trace(input: TraceInput, control?: JobControl): Promise<Answer<'trace'>> {
    return this.#call('trace', input, control);
  }

  readMap(input: MapWindowInput = {}, control?: JobControl): Promise<Answer<'readMap'>> {
    return this.#call('readMap', input, control);
  }

  readPages(input: PageWindowInput, control?: JobControl): Promise<Answer<'readPages'>> {
    return this.#call('readPages', input, control);
  }

  readTables(input: TableWindowInput = {}, control?: JobControl): Promise<Answer<'readTables'>> {
    return this.#call('readTables', input, control);
  }

  state(): Promise<Answer<'state'>> {
    return this.#call('state', null);
  }

  async #call<Method extends MethodName>(
    method: Method,
    input: WireInputs[Method],
    control: JobControl = {},
  ): Promise<Answer<Method>> {
    const remote = this.#remote;
    if (remote === null) throw this.#gone;
    if (control.signal?.aborted) throw new CancelledError();
    const job = ++this.#lastJob;
    const call = { job, method, input } as unknown as WireCall;
    const reply = await this.#guarded(job, control, () => send(remote, call));
    if (!reply.ok) throw fromWireError(reply.error);
    return reply.value as Answer<Method>;
  }

  /** Waits for an answer, or for the end of the worker, whichever comes first. */
  async #guarded<T>(job: number | undefined, control: JobControl, ask: () => Promise<T>): Promise<T> {
    const id = job ?? -1;
    const cancel = (): void => void this.#remote?.cancel(id);
    this.#watchdog.begin();
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#jobs.set(id, { control, fail: reject });
        control.signal?.addEventListener('abort', cancel);
        ask().then(resolve, reject);
      });
    } finally {
      control.signal?.removeEventListener('abort', cancel);
      this.#jobs.delete(id);
      this.#watchdog.finish();
    }
  }

  #onEvent(event: WireEvent): void {
    this.#watchdog.heard();
    const job = this.#jobs.get(event.job);
    if (job === undefined) return;
    try {
      if (event.kind === 'progress') job.control.onProgress?.(event.progress);
      else job.control.onDecisions?.(event.batch);
    } catch (error) {
      // The listener's own error: the call ends with it.
      job.fail(error instanceof Error ? error : new Error(String(error)));
      void this.#remote?.cancel(event.job);
    }
  }

  #crashed(why: string): void {
    void this.#end(new WorkerCrashedError(why));
  }

  async #end(why: Error): Promise<void> {
    const transport = this.#transport;
    this.#transport = null;
    this.#remote = null;
    this.#gone = why;
    for (const { fail } of this.#jobs.values()) fail(why);
    await transport?.terminate();
  }
}

/** Sends a call; buffers and streams in it are handed over. @throws ProtocolError for what cannot be sent */
async function send(remote: Remote<WireApi>, call: WireCall): Promise<WireReply> {
  const post = (one: WireCall): Promise<WireReply> => remote.call(transfer(one, transferablesOf(one)));
  try {
    return await post(call);
  } catch (error) {
    const other = streamed(call);
    if (other !== null) return post(other);
    throw new ProtocolError(error instanceof Error ? error.message : String(error));
  }
}

/** The name of a `File` does not survive every boundary, so it goes along. */
function withName<Input extends { readonly source: unknown; readonly name?: string }>(input: Input): Input {
  const { source, name } = input;
  if (name !== undefined || typeof File !== 'function' || !(source instanceof File)) return input;
  return { ...input, name: source.name };
}
