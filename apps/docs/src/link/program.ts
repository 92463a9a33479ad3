import { type Program, readProgram } from 'fork-sim';

/** What is in the playground's editor. A text at which the reader itself fails is a text that cannot be read. */
export function programOf(text: string): Program {
  try {
    return readProgram(text, 'playground');
  } catch (error) {
    const message = `this text cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const problems = [{ line: 1, column: 1, end: 2, message }];
    return { scenario: { id: 'playground', ops: [] }, lines: [], problems, litmus: null };
  }
}

/** The last step that stands in a line or above it, from 0; 0 where there is none. */
export function stepOfLine({ lines }: Program, line: number): number {
  return Math.max(
    0,
    lines.findLastIndex((at) => at <= line),
  );
}
