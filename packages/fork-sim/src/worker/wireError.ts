import { InputError } from 'proc-io';
import { OutOfMemoryError } from 'pt-model';
import { DiagramError, InvariantError, ProfileError } from 'vma-core';
import { CancelledError, ProtocolError, WorkerCrashedError } from './workerErrors.ts';

/** An error as plain data: what it is, what it says, and where. */
export interface WireError {
  /** Name of its class. */
  readonly name: string;
  readonly message: string;
  /** The stack in the worker. */
  readonly stack: string | undefined;
  /** InputError: name of the input. */
  readonly file?: string | undefined;
  /** InputError: from 1. */
  readonly line?: number | undefined;
  /** InputError, DiagramError: from 1. */
  readonly column?: number | undefined;
  /** OutOfMemoryError: bytes that were asked for. */
  readonly bytes?: number | undefined;
  /** OutOfMemoryError: bytes that were in use. */
  readonly held?: number | undefined;
  /** OutOfMemoryError: bytes that may be in use. */
  readonly limit?: number | undefined;
}

/** Takes an error apart. Whatever was thrown, the answer is plain data. */
export function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), stack: undefined };
  const { name, message, stack } = thrown;
  if (thrown instanceof InputError) {
    return { name, message, stack, file: thrown.file, line: thrown.line, column: thrown.column };
  }
  if (thrown instanceof OutOfMemoryError) {
    return { name, message, stack, bytes: thrown.bytes, held: thrown.held, limit: thrown.limit };
  }
  if (thrown instanceof DiagramError) return { name, message, stack, column: thrown.column };
  return { name, message, stack };
}

const REBUILD: Readonly<Record<string, (wire: WireError) => Error>> = {
  InputError: ({ message, file, line, column }) => new InputError(message, { file, line, column }),
  OutOfMemoryError: ({ message, bytes, held, limit }) =>
    Object.assign(new OutOfMemoryError(bytes ?? 0, held ?? 0, limit), { message }),
  DiagramError: ({ message, column }) => Object.assign(new DiagramError('', column ?? 1), { message }),
  InvariantError: ({ message }) => new InvariantError(message),
  ProfileError: ({ message }) => new ProfileError(message),
  CancelledError: ({ message }) => new CancelledError(message),
  ProtocolError: ({ message }) => new ProtocolError(message),
  WorkerCrashedError: ({ message }) => new WorkerCrashedError(message),
  TypeError: ({ message }) => new TypeError(message),
  RangeError: ({ message }) => new RangeError(message),
};

/** Puts an error together again: of the same class where this side knows it, so that `instanceof` works across the boundary. */
export function fromWireError(wire: WireError): Error {
  const rebuild = Object.hasOwn(REBUILD, wire.name) ? REBUILD[wire.name] : undefined;
  const error = rebuild?.(wire) ?? Object.assign(new Error(wire.message), { name: wire.name });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
