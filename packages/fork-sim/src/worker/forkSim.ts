import { type Call, callable, type ForkSimApi } from './calls.ts';
import type { Job } from './job.ts';
import { JobQueue } from './jobQueue.ts';
import { METHODS } from './methods.ts';
import { Session } from './session.ts';
import { ProtocolError } from './workerErrors.ts';

/** A simulation in the same thread. */
export function createForkSim(): ForkSimApi {
  const { call, dispose } = startSession();
  return callable(call, { dispose });
}

/** A simulation, free of any transport: carries calls out by their names. */
export function startSession(): { readonly call: Call; readonly dispose: () => Promise<void> } {
  const session = new Session();
  const queue = new JobQueue();
  const call: Call = async (name, input, control = {}) => {
    if (!Object.hasOwn(METHODS, name)) {
      throw new ProtocolError(`no call ${JSON.stringify(name)}; there are ${Object.keys(METHODS).join(', ')}`);
    }
    if (input === null || !['undefined', 'number', 'object'].includes(typeof input)) {
      throw new ProtocolError(`${name} takes an object or a number, not ${input === null ? 'null' : typeof input}`);
    }
    const method: (session: Session, input: never, job: Job) => unknown = METHODS[name as keyof typeof METHODS];
    return queue.run(control, (job) => method(session, input as never, job));
  };
  const dispose = async (): Promise<void> => {
    queue.close();
    session.unload();
  };
  return { call, dispose };
}
