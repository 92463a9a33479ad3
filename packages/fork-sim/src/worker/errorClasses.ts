import { type TransferHandler, transferHandlers } from 'comlink';
import { InputError } from 'proc-io';
import { OutOfMemoryError } from 'pt-model';
import { InvariantError, ProfileError } from 'vma-core';
import { DiagramError } from 'vma-core/diagram';
import { CancelledError, ProtocolError, WorkerCrashedError } from './workerErrors.ts';

/** By the name that each error bears, which bundlers leave alone. */
const CLASSES: { readonly [name: string]: { readonly prototype: Error } } = {
  CancelledError,
  DiagramError,
  InputError,
  InvariantError,
  OutOfMemoryError,
  ProfileError,
  ProtocolError,
  RangeError,
  TypeError,
  WorkerCrashedError,
};

type ThrowHandler = TransferHandler<{ readonly value: unknown }, { readonly isError: boolean; readonly value: object }>;
const PLAIN = transferHandlers.get('throw') as ThrowHandler;

const HANDLER: ThrowHandler = {
  canHandle: (thrown): thrown is { readonly value: unknown } => PLAIN.canHandle(thrown),
  serialize(thrown) {
    const { value } = thrown;
    if (!(value instanceof Error)) return PLAIN.serialize(thrown);
    const { name, message, stack } = value;
    const facts = Object.entries(value).filter(([, fact]) => Object(fact) !== fact);
    return [{ isError: true, value: { ...Object.fromEntries(facts), name, message, stack } }, []];
  },
  deserialize({ isError, value }) {
    if (!isError) throw value;
    const { name, message } = value as Error;
    const error = Object.assign(new Error(message), value);
    throw Object.hasOwn(CLASSES, name) ? Object.setPrototypeOf(error, CLASSES[name]?.prototype ?? null) : error;
  },
};

/**
 * Lets errors keep their class and what they tell (file, line, bytes) across comlink, so that `instanceof` works on the other side. What
 * is sent is what comlink sends, with more fields: another user of comlink in the same page is not disturbed.
 */
export function keepErrorClasses(): void {
  transferHandlers.set('throw', HANDLER);
}
