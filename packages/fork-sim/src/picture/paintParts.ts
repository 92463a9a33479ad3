import type { MapColours } from './palette.ts';

/** Text as XML has it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The path of a break mark: the scale jumps here. */
export function zigzag(x: number, y: number, h: number): string {
  const step = h / 6;
  const points = Array.from({ length: 7 }, (_, i) => `${x + (i % 2 === 0 ? -3 : 3)} ${y + i * step}`);
  return `M${points.join('L')}`;
}

/** How a page state is coloured; its letter says the same. */
export function cellColours(
  letter: string,
  colours: MapColours,
): { readonly fill: string | null; readonly edge: string; readonly text: string } {
  switch (letter) {
    case 'A':
      return { fill: colours.anonymous, edge: colours.anonymous, text: colours.anonymousText };
    case 'a':
      return { fill: colours.anonymousSoft, edge: colours.anonymous, text: colours.softText };
    case 'F':
      return { fill: colours.shared, edge: colours.shared, text: colours.sharedText };
    case 'f':
      return { fill: colours.sharedSoft, edge: colours.shared, text: colours.softText };
    case 'G':
      return { fill: colours.guardSoft, edge: colours.guard, text: colours.text };
    default:
      return { fill: null, edge: colours.line, text: colours.text };
  }
}
