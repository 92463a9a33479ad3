import type { LineKind } from '../unfoldLine.ts';
import { beginsLine, endsLine, mendLine } from './mendLine.ts';

/** Lines of a log of strace. */
export const LOG_LINES: LineKind = { isLine: (text) => beginsLine(mendLine(text) ?? text), areLines };

/** Two lines of a log, and each that begins is whole: a new line in a string of a call would cut that call in two. */
function areLines(texts: readonly string[]): boolean {
  let whole = 0;
  for (const one of texts) {
    const text = mendLine(one) ?? one;
    if (!beginsLine(text)) continue;
    if (!endsLine(text)) return false;
    whole++;
  }
  return whole > 1;
}
