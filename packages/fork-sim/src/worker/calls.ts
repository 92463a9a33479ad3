import type { JobControl } from './forkSimApi.ts';
import type { METHODS } from './methods.ts';

type Methods = typeof METHODS;
type Input<Name extends keyof Methods> = Parameters<Methods[Name]>[1];
type Answer<Name extends keyof Methods> = Promise<Awaited<ReturnType<Methods[Name]>>>;

/**
 * What can be asked of a simulation, in a worker or in the same thread: every call of {@link METHODS}. Everything is plain data.
 *
 * One thing is loaded at a time: a scenario, a log, a smaps, or a process to try things with. Calls are carried out one after
 * the other, in the order in which they come. Each may throw: InputError for a text that cannot be read, with its file, line and
 * column; ProfileError for an unknown kernel; OutOfMemoryError with the size asked for; InvariantError for a call that makes no
 * sense; CancelledError. After any of them what is loaded can be used on, in the state that was reached.
 */
export type ForkSimApi = {
  readonly [Name in keyof Methods]: undefined extends Input<Name>
    ? (input?: Input<Name>, control?: JobControl) => Answer<Name>
    : (input: Input<Name>, control?: JobControl) => Answer<Name>;
} & {
  /** Frees everything. Nothing can be asked afterwards. */
  dispose(): Promise<void>;
};

/** Carries out a call of {@link METHODS}, or hands it to the thread that does. */
export type Call = (method: string, input?: unknown, control?: JobControl) => Promise<unknown>;

/** An object with every call, each of which goes through `call`, and with `own` besides. */
export function callable<Own extends Pick<ForkSimApi, 'dispose'>>(call: Call, own: Own): ForkSimApi & Own {
  const get = (_: Own, name: string | symbol): unknown => {
    // What is asked for `then` is whether this is a promise.
    if (name in own || typeof name === 'symbol' || name === 'then') return Reflect.get(own, name);
    return (input?: unknown, control?: JobControl) => call(name, input, control);
  };
  return new Proxy(own, { get }) as ForkSimApi & Own;
}
