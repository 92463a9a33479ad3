import { type MapState, type MapVma, pageState } from '../trace/mapState.ts';
import { refusalShort } from '../words/index.ts';
import { pageShapeSvg } from './pageShapes.ts';
import { escaped } from './paintParts.ts';
import type { ColourName, MapColours } from './palette.ts';

/** How a state is drawn: where, which pages, and how wide a page is. Pixels. */
export interface StateSvgOptions {
  readonly x: number;
  readonly y: number;
  /** First page that is drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly pageWidth: number;
  readonly colours: MapColours;
  /** A flag that is drawn with a thick edge. */
  readonly lit?: string;
}

/** Height of a state as {@link stateSvg} draws it. */
export const STATE_SVG_HEIGHT = 136;

const BARS = 34;
const BAR_HEIGHT = 52;
const CELLS = 98;
const CELL = 20;
const MONO = "font-family=\"'JetBrains Mono', ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\"";

/** The hue of a VMA by its kind. */
export const BACKING_HUE: Readonly<Record<MapVma['kind'], 'anonymous' | 'file' | 'shared'>> = {
  anon: 'anonymous',
  private: 'file',
  shared: 'shared',
};

/** A state as a group of SVG: walls with the values that differ, VMAs as bars, and below them the entries of the page table. */
export function stateSvg(state: MapState, options: StateSvgOptions): string {
  const { x, y, from, to, colours } = options;
  const pages = Array.from({ length: to - from }, (_, i) => from + i);
  return [
    `<g transform="translate(${x} ${y})">`,
    dotPattern(colours),
    ...state.vmas.filter((vma) => vma.end > from && vma.start < to).map((vma) => drawBar(vma, options)),
    ...drawBorders(state, options),
    ...pages.map((page) => drawEntry(state, page, options)),
    '</g>',
  ].join('\n');
}

function dotPattern(colours: MapColours): string {
  const dot = (hue: ColourName): string =>
    `<pattern id="none-${hue}" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="1.1" fill="${colours[hue]}"/></pattern>`;
  return `<defs>${Object.values(BACKING_HUE).map(dot).join('')}</defs>`;
}

function drawBar(vma: MapVma, { from, pageWidth, colours, lit }: StateSvgOptions): string {
  const hue = BACKING_HUE[vma.kind];
  const left = (vma.start - from) * pageWidth + 1;
  const width = (vma.end - vma.start) * pageWidth - 2;
  const none = vma.perms.startsWith('---');
  const fill = none
    ? `url(#none-${hue})`
    : vma.perms[1] === 'w'
      ? colours[`${hue}Fill` as const]
      : colours[`${hue}Soft` as const];
  const middle = BARS + BAR_HEIGHT / 2;
  const parts = [
    `<rect x="${left}" y="${BARS}" width="${width}" height="${BAR_HEIGHT}" rx="6" fill="${colours.ground}"/>`,
    `<rect x="${left}" y="${BARS}" width="${width}" height="${BAR_HEIGHT}" rx="6" fill="${fill}" stroke="${colours[hue]}" stroke-opacity="0.45"/>`,
    `<path d="M${left + 3} ${BARS}h-1a3 6 0 0 0-3 6v${BAR_HEIGHT - 12}a3 6 0 0 0 3 6h1z" fill="${colours[hue]}"/>`,
  ];
  const ink = colours.text;
  let at = left + 12;
  const end = left + width - 6;
  if (end - at >= 9) {
    parts.push(
      `<text x="${at}" y="${middle + 5}" font-size="15" font-weight="600" fill="${ink}">${escaped(vma.letter)}</text>`,
    );
  }
  at += 20;
  if (end - at >= 33)
    parts.push(`<text x="${at}" y="${middle + 5}" font-size="13" ${MONO} fill="${ink}">${vma.perms}</text>`);
  at += 44;
  for (const word of vma.sticky) {
    if (end - at < 32) break;
    parts.push(drawFlag(word, at, middle - 11, word === lit, colours));
    at += 38;
  }
  return parts.join('');
}

function drawFlag(word: string, x: number, y: number, thick: boolean, colours: MapColours): string {
  return `<rect x="${x}" y="${y}" width="32" height="22" rx="11" fill="${colours.markSoft}" stroke="${colours.mark}" stroke-width="${thick ? 2.5 : 1}"/><text x="${x + 16}" y="${y + 15.5}" font-size="13" font-weight="600" text-anchor="middle" ${MONO} fill="${colours.mark}">${escaped(word)}</text>`;
}

/** Seams and walls; on a wall stand the values that differ, if there is room for them. */
function drawBorders({ borders }: MapState, { from, to, pageWidth, colours }: StateSvgOptions): string[] {
  const shown = borders.filter(({ page }) => page > from && page < to);
  return shown.map(({ page, refusal }, i) => {
    const x = (page - from) * pageWidth;
    const line = { wall: `stroke-width="3"`, seam: `stroke-width="2" stroke-dasharray="3 3"` };
    const drawn = `<line x1="${x}" x2="${x}" y1="${BARS - 6}" y2="${BARS + BAR_HEIGHT + 4}" stroke="${colours.text}" ${line[refusal === null ? 'seam' : 'wall']}/>`;
    const before = shown[i - 1]?.page ?? 2 * from - page;
    const after = shown[i + 1]?.page ?? 2 * to - page;
    const room = Math.min(page - before, after - page) * pageWidth;
    const text = refusal === null ? 'could merge' : refusalShort(refusal);
    if (text.length * 7.4 > room) return drawn;
    return `${drawn}<text x="${x}" y="${BARS - 12}" font-size="13" text-anchor="middle" fill="${colours.text}">${escaped(text)}</text>`;
  });
}

/** An entry of the page table below its page, joined to the bar by a line where it holds something. */
function drawEntry(state: MapState, page: number, { from, pageWidth, colours }: StateSvgOptions): string {
  const letter = pageState(state, page);
  if (letter === ' ') return '';
  const left = (page - from) * pageWidth;
  const middle = left + pageWidth / 2;
  const vma = state.vmas.find(({ start, end }) => page >= start && page < end);
  const guard = letter === 'G';
  const edge = guard ? colours.guard : colours.line;
  const line =
    letter === '.'
      ? ''
      : `<line x1="${middle}" x2="${middle}" y1="${BARS + BAR_HEIGHT + 1}" y2="${CELLS}" stroke="${guard ? colours.guard : colours.quiet}"/>`;
  const notch = guard ? `<path d="M${middle - 5} ${BARS + BAR_HEIGHT}l5-6l5 6z" fill="${colours.guard}"/>` : '';
  return [
    line,
    notch,
    `<rect x="${left + 1}" y="${CELLS}" width="${pageWidth - 2}" height="${CELL}" rx="3" fill="${colours.ground}" stroke="${edge}"/>`,
    pageShapeSvg(letter, middle - 8, CELLS + 2, colours, vma ? BACKING_HUE[vma.kind] : 'special'),
    `<text x="${middle}" y="${CELLS + CELL + 14}" font-size="13" text-anchor="middle" ${MONO} fill="${colours.quiet}">${page % 2 === 0 || pageWidth > 24 ? page : ''}</text>`,
  ].join('');
}
