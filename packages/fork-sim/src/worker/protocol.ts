import type { WorldOptions } from '../process/world.ts';
import type {
  BuildAnonInput,
  CompareInput,
  DecisionRecord,
  ExitInput,
  ForkInput,
  ForkSimApi,
  LoadScenarioInput,
  LoadSmapsInput,
  LoadStraceInput,
  Progress,
  TouchInput,
  TraceInput,
} from './forkSimApi.ts';
import type { CallsInput, FindStepInput, HistoryInput, VmasInput } from './logTypes.ts';
import type { MapWindowInput, PageWindowInput, TableWindowInput } from './windows.ts';
import type { WireError } from './wireError.ts';

/** Raised whenever a message changes its meaning: client and worker of one page come from one version, and this proves it. */
export const PROTOCOL_VERSION = 1;

/** What each call takes, besides its control, which stays on the caller's side. */
export interface WireInputs {
  readonly loadScenario: LoadScenarioInput;
  readonly loadStrace: LoadStraceInput;
  readonly loadSmaps: LoadSmapsInput;
  readonly newProcess: WorldOptions;
  readonly buildAnon: BuildAnonInput;
  readonly fork: ForkInput;
  readonly touch: TouchInput;
  readonly exit: ExitInput;
  readonly step: number;
  readonly stepBack: number;
  readonly jump: number;
  readonly runToEnd: null;
  readonly logAnswer: Readonly<Record<string, never>>;
  readonly readHistory: HistoryInput;
  readonly readCalls: CallsInput;
  readonly findStep: FindStepInput;
  readonly readVmas: VmasInput;
  readonly sumUp: { readonly pid?: number };
  readonly askGuard: { readonly pid?: number; readonly addr: number };
  readonly whatIf: Readonly<Record<string, never>>;
  readonly compare: CompareInput;
  readonly trace: TraceInput;
  readonly readMap: MapWindowInput;
  readonly readPages: PageWindowInput;
  readonly readTables: TableWindowInput;
  readonly state: null;
}

/** A call that can be sent. */
export type MethodName = keyof WireInputs;

/** What a call answers. */
export type Answer<Method extends MethodName> = Awaited<ReturnType<ForkSimApi[Method]>>;

/** A call on its way: plain data. */
export type WireCall = {
  readonly [Method in MethodName]: {
    /** Names the call, for its events and to cancel it: 1 or more, never the same twice. */
    readonly job: number;
    readonly method: Method;
    readonly input: WireInputs[Method];
  };
}[MethodName];

/** What comes back: the answer, or the error as data. */
export type WireReply =
  | { readonly ok: true; readonly value: Answer<MethodName> }
  | { readonly ok: false; readonly error: WireError };

/** What a worker tells while a call is being carried out. */
export type WireEvent =
  | { readonly kind: 'progress'; readonly job: number; readonly progress: Progress }
  | { readonly kind: 'decisions'; readonly job: number; readonly batch: readonly DecisionRecord[] };

/** Where events go; a worker waits for the answer before it sends more. */
export type WireSink = (event: WireEvent) => void | Promise<void>;

/** What a worker offers. */
export interface WireApi {
  /** Comes first: where events go. Answers {@link PROTOCOL_VERSION}. */
  hello(sink: WireSink): Promise<number>;
  call(call: WireCall): Promise<WireReply>;
  /** Cancels a call that waits or runs; one that is over is over. */
  cancel(job: number): Promise<void>;
  /** Answers at once, even while a call runs: the worker is alive. */
  ping(): Promise<void>;
}

/** The names of {@link WireApi}. */
export const WIRE_METHODS: ReadonlySet<string> = new Set<keyof WireApi>(['hello', 'call', 'cancel', 'ping']);
