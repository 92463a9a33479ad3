import type { MapState } from 'fork-sim';
import { escaped, type MapColours, PALETTE, STATE_SVG_HEIGHT, stateSvg } from 'fork-sim/picture';
import { stateSentence } from '../words/phrases.ts';
import type { View } from './view.ts';

const PAGE = 44;
const MARGIN = 16;
const FONT = "Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

/** A state as a picture that stands alone: page numbers, and the sentence that says the same. Light, if no other colours are given. */
export function exportSvg(state: MapState, view: View, title: string, colours: MapColours = PALETTE.light): string {
  const pages = view.to - view.from;
  const pageWidth = pages > 40 ? 22 : PAGE;
  const width = pages * pageWidth + 2 * MARGIN;
  const height = STATE_SVG_HEIGHT + 48;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" role="img">
<title>${escaped(`${title}. ${stateSentence(state)}`)}</title>
<rect width="100%" height="100%" fill="${colours.ground}"/>
<text x="${MARGIN}" y="28" font-size="15" font-weight="600" fill="${colours.text}">${escaped(title)}</text>
${stateSvg(state, { x: MARGIN, y: 34, ...view, pageWidth, colours })}
</svg>
`;
}
