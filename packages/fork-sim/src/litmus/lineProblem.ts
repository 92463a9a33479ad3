/** A line that cannot be read; line and column count from 1, `end` is exclusive. */
export interface LineProblem {
  readonly line: number;
  readonly column: number;
  readonly end: number;
  readonly message: string;
}
