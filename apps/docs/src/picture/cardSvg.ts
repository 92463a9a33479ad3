import type { MapState, TraceStep } from 'fork-sim';
import { escaped, PALETTE, STATE_SVG_HEIGHT, stateSvg } from 'fork-sim/picture';
import type { View } from './view.ts';

/** The size at which social networks show a card; pixels. */
export const CARD_SIZE = { width: 1200, height: 630 } as const;

/** What stands on a card. */
export interface Card {
  readonly title: string;
  /** One sentence; left out where two pictures need its room. */
  readonly text: string;
  /** The call above the picture, in C. */
  readonly call: string;
  /** One state, or two, one above the other, each with its name. */
  readonly rows: readonly { readonly name: string; readonly state: MapState }[];
  readonly view: View;
}

const MARGIN = 64;
const NAME_WIDTH = 108;
const colours = PALETTE.light;
/** The site's own mark: a VMA with a guard below it. */
const LOGO = `<g transform="translate(${MARGIN} 40) scale(1.5)"><rect x="1" y="7" width="30" height="12" rx="3" fill="${colours.anonymous}"/><path d="M16 19v4" stroke="${colours.guard}" stroke-width="2"/><path d="M16 21.5l5 5-5 5-5-5z" fill="${colours.guard}"/></g>`;

/** A picture of the engine with a title and a sentence, as a preview of a link shows it. Its fonts have no sign for "is not". */
export function cardSvg({ title, text, call, rows, view }: Card): string {
  const two = rows.length > 1;
  const size = two ? 46 : 56;
  const titles = wrap(title, two ? 42 : 34);
  const texts = two ? [] : wrap(text, 76);
  const textAt = 106 + titles.length * size * 1.15;
  const left = two ? MARGIN + NAME_WIDTH : MARGIN;
  const width = CARD_SIZE.width - MARGIN - left;
  const scale = two ? 1.45 - 0.17 * (titles.length - 1) : 1.6;
  const pageWidth = width / scale / (view.to - view.from);
  const top = CARD_SIZE.height - 20 - rows.length * STATE_SVG_HEIGHT * scale;
  const parts = [
    LOGO,
    line('VMA Lab', 76, { x: MARGIN + 62, size: 30, weight: 600, fill: colours.quiet }),
    ...titles.map((words, i) => line(words, 106 + (i + 1) * size * 1.15, { size, weight: 600 })),
    ...texts.map((words, i) => line(words, textAt + 54 + i * 38, { size: 28, fill: colours.quiet })),
    // A letter of this font is 0.6 of its size wide.
    line(call, top - 2, {
      size: Math.min(24, (CARD_SIZE.width - 2 * MARGIN) / 0.6 / call.length),
      font: 'JetBrains Mono',
    }),
    ...rows.map(({ name, state }, i) => {
      const y = top + i * STATE_SVG_HEIGHT * scale;
      const picture = stateSvg(state, { x: 0, y: 0, ...view, pageWidth, colours });
      return `${line(name, y + 67 * scale, { size: 26, weight: 600 })}<g transform="translate(${left} ${y}) scale(${scale})">${picture}</g>`;
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_SIZE.width}" height="${CARD_SIZE.height}" font-family="Inter"><rect width="100%" height="100%" fill="${colours.ground}"/>${parts.join('\n')}</svg>`
    .replaceAll('≠', '!=')
    .replaceAll('→', '->');
}

/** The pages of some states, and no more: as large as can be. At least ten, so that a bar has room for its flags. */
export function tightView(states: readonly MapState[]): View {
  const vmas = states.flatMap((state) => state.vmas);
  const from = Math.min(...vmas.map(({ start }) => start));
  return { from, to: Math.max(from + 10, ...vmas.map(({ end }) => end)) };
}

/** The states of a step: parent and child of a fork, else what there is after it. */
export function rowsOf({ state, child }: TraceStep): Card['rows'] {
  if (child === null) return [{ name: '', state }];
  return [
    { name: 'Parent', state },
    { name: 'Child', state: child },
  ];
}

interface LineStyle {
  readonly x?: number;
  readonly size: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly font?: string;
}

function line(
  text: string,
  y: number,
  { x = MARGIN, size, weight = 400, fill = colours.text, font }: LineStyle,
): string {
  const family = font === undefined ? '' : ` font-family="${font}"`;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}"${family} fill="${fill}">${escaped(text)}</text>`;
}

/** One or two lines, each within the limit of letters; what does not fit ends in dots. */
function wrap(text: string, letters: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  const [first = '', second = ''] = lines;
  return lines.length <= 2 ? lines : [first, `${second.replace(/[.,;:]$/, '')} …`];
}
