import type { Style } from '../cli/style.ts';
import { wrap } from './drawTable.ts';

/** Columns of the label left of an item. */
export const LABEL = 13;

/** The title of a section, with a quiet remark. */
export function title(text: string, aside: string, style: Style): string {
  return `${style.bold(text)}  ${style.dim(aside)}`;
}

/** A label and what is said about it, in as many lines as it takes. */
export function item(label: string, text: string, style: Style): string[] {
  const [first = '', ...rest] = wrap(text, style.width - LABEL - 2);
  return [`  ${label.padEnd(LABEL - 1)} ${first}`, ...rest.map((line) => `${' '.repeat(LABEL + 2)}${line}`)];
}

/** {@link item} of each label and text. */
export function items(all: readonly (readonly [label: string, text: string])[], style: Style): string[] {
  return all.flatMap(([label, text]) => item(label, text, style));
}

/** The sign that something is left out. */
export function ellipsisOf(style: Style): string {
  return style.ascii ? '..' : style.sign.ellipsis;
}

const ASCII_SIGNS: readonly (readonly [string, string])[] = [
  ['≠', '!='],
  ['‖', '||'],
  ['→', '->'],
  ['…', '..'],
  ['–', '-'],
  ['×', 'x'],
];

/** The lines of a drawing as one text; in plain ASCII without the signs that it has not. */
export function finish(lines: readonly string[], style: Style): string {
  const text = `${lines.join('\n')}\n`;
  return style.ascii ? ASCII_SIGNS.reduce((plain, [sign, instead]) => plain.replaceAll(sign, instead), text) : text;
}
