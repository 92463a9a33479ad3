import { escaped } from 'fork-sim/picture';

/** A piece of HTML; what is put into it is escaped, unless it is HTML itself. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers, HTML, lists of them. */
type Part = string | number | Html | readonly Part[];

/** Builds HTML of a template: every text in it is escaped. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(pieces.map((piece, at) => piece + (at < parts.length ? shown(parts[at]!) : '')).join(''));
}

/** Nothing. */
export const EMPTY: Html = new Html('');

function shown(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(shown).join('');
  return typeof part === 'number' ? String(part) : escaped(part);
}
