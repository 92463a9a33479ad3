/** A broken precondition: a bug of the caller, not something a kernel refuses. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
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
