import { type Program, readProgram } from 'fork-sim';

/** What is in the playground's editor. */
export function programOf(text: string): Program {
  return readProgram(text, 'playground');
}

/** The last step that stands in a line or above it, from 0; 0 where there is none. */
export function stepOfLine({ lines }: Program, line: number): number {
  return Math.max(
    0,
    lines.findLastIndex((at) => at <= line),
  );
}
