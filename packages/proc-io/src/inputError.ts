/** Where in an input something is: line and column count from 1. */
export interface InputPlace {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * An input that cannot be used: not what it should be, cut off, empty. `toString()` is the one line to show:
 * `file:line:column: message`. Single bad lines of a strace log are events ({@link UnreadableLine}), not errors.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The name of the input, if the caller gave one. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  constructor(message: string, place: InputPlace = {}) {
    super(message);
    this.file = place.file;
    this.line = place.line ?? 1;
    this.column = place.column ?? 1;
  }

  override toString(): string {
    return `${this.file ?? '(input)'}:${this.line}:${this.column}: ${this.message}`;
  }
}
