/**
 * A broken precondition: a bug of the caller, not something that a kernel refuses.
 *
 * `pt-model` has a class of this name too, as neither package imports the other. `instanceof` goes by the name: an error of one is an
 * instance of both.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';

  // A method: rspack leaves out a function that only a static field names.
  static override [Symbol.hasInstance](this: unknown, value: unknown): boolean {
    // A class that extends it has instances of its own.
    if (this !== InvariantError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && value.name === 'InvariantError';
  }
}

/** A kernel profile that cannot be: an unknown name, an unknown field, masks that contradict each other. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** A drawing that cannot be read; `column` counts from 1. */
export class DiagramError extends Error {
  override readonly name = 'DiagramError';
  /** The column as written, from 1. */
  readonly column: number;
  constructor(message: string, column: number) {
    super(`${message} (column ${column})`);
    this.column = column;
  }
}

/** Throws {@link InvariantError} unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
