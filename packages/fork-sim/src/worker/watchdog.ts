/** Between two questions to the worker, milliseconds. */
const MAX_TICK = 2000;

/** What a watchdog does. */
export interface WatchdogActions {
  /** Asks the worker for a sign of life. */
  readonly ask: () => Promise<unknown>;
  /** The worker is silent. */
  readonly dead: (why: string) => void;
}

/**
 * Notices that a worker has gone without a word: browsers tell nobody when a worker closes itself or runs out of memory. It asks while
 * calls wait, and only then. It counts its own ticks, not the clock, so that a machine that slept is not taken for a worker that died.
 */
export class Watchdog {
  readonly #tick: number;
  readonly #ticks: number;
  readonly #silenceMs: number;
  readonly #actions: WatchdogActions;
  #waiting = 0;
  #silent = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(silenceMs: number, actions: WatchdogActions) {
    this.#silenceMs = silenceMs;
    this.#tick = Math.min(MAX_TICK, silenceMs / 4);
    this.#ticks = Math.ceil(silenceMs / this.#tick);
    this.#actions = actions;
  }

  /** A call begins to wait. */
  begin(): void {
    if (this.#waiting++ > 0) return;
    this.#silent = 0;
    this.#timer = setInterval(() => this.#look(), this.#tick);
  }

  /** A call has its answer. */
  finish(): void {
    this.#silent = 0;
    if (--this.#waiting > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** The worker said something. */
  heard(): void {
    this.#silent = 0;
  }

  #look(): void {
    if (++this.#silent > this.#ticks) {
      this.#actions.dead(`the worker has been silent for ${this.#silenceMs} ms`);
      return;
    }
    this.#actions.ask().then(
      () => this.heard(),
      () => {},
    );
  }
}
