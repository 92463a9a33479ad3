import { join } from 'node:path';
import { it } from 'vitest';
import { recording } from '../cli.ts';

/** What is right to say of one input. */
export interface Right {
  /** The right value, and how it is known. */
  readonly right: string;
  /** What was said before. */
  readonly before: string;
}

/** The path of a file below `conformance/cases`, for a command line. */
export function caseFile(path: string): string {
  return join(recording('cases'), path);
}

/**
 * One row of the table of cases: a test that holds the right value of one input.
 *
 * @param input path below `conformance/cases`, or what the input is
 * @param timeout ms; default that of every test
 */
export function rightCase(
  input: string,
  { right, before }: Right,
  check: () => Promise<void> | void,
  timeout?: number,
): void {
  it(`${input}: ${right} (before: ${before})`, check, timeout);
}
