import type { VmaHistory, VmaRow } from 'fork-sim';
import {
  type Borders,
  type ColourName,
  historyPaths,
  layoutMap,
  type MapColours,
  type MapScale,
  mapShapes,
  NO_EXTRAS,
  PALETTE,
  paintSvg,
  sliceOfRows,
} from 'fork-sim/picture';
import { countOf, formatCount } from 'fork-sim/words';
import type { ReportAnswer } from '../cli/answers.ts';
import { Html, html } from './htmlText.ts';
import { variable } from './pageStyle.ts';

/** Width of a map in its own units; the page scales it. */
const MAP_WIDTH = 1160;
const CHART = { width: 1000, height: 180 };

/** The colours of the page, so that pictures are light or dark as it is. */
const COLOURS = Object.fromEntries(
  Object.keys(PALETTE.light).map((name) => [name, `var(${variable(name)})`]),
) as Record<ColourName, string> satisfies MapColours;

/** The map, every VMA of it, in one of the scales of the site. */
export function drawMapPicture({ map, guards }: ReportAnswer, scale: MapScale, title: string): Html {
  const slice = sliceOfRows(map, guards);
  const layout = layoutMap(slice, scale);
  const view = { from: 0, width: layout.whole };
  const shapes = mapShapes(slice, layout, view, MAP_WIDTH, { ...NO_EXTRAS, borders: bordersOf(map) });
  return new Html(paintSvg(MAP_WIDTH, shapes, COLOURS, title));
}

function bordersOf(map: readonly VmaRow[]): Borders {
  const borders = new Map<number, 'seam' | 'wall' | 'unknown'>();
  for (const { end, above } of map) {
    if (above.kind === 'seam' || above.kind === 'wall' || above.kind === 'unknown') borders.set(end, above.kind);
  }
  return borders;
}

/** VMAs over the calls, with the peak, and the limit where it is near. */
export function drawHistory(history: VmaHistory, peak: number, maxMapCount: number): Html {
  const isNear = peak * 2 > maxMapCount;
  const top = Math.max(1, peak, isNear ? maxMapCount : 0);
  const { width, height } = CHART;
  const { band, line } = historyPaths(history, { width, height, length: history.calls, top });
  const area = `${line(history.most, top)}V${height}H0z`;
  const at = history.most.indexOf(Math.max(...history.most));
  const x = Math.min(width, ((at + 1) * history.every * width) / Math.max(1, history.calls));
  const y = height * (1 - maxMapCount / top);
  const limit = isNear
    ? html`<line class="limit" x1="0" x2="${width}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>`
    : '';
  const said = isNear
    ? `the limit of ${formatCount(maxMapCount)} is the line across`
    : `the limit of ${formatCount(maxMapCount)} is far above`;
  return html`<figure><figcaption>The dashed line marks the peak, ${countOf(peak, 'VMA')}; ${said}.</figcaption>
<div class="chart"><div class="y" aria-hidden="true"><span>${formatCount(top)}</span><span>0</span></div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="VMAs over ${countOf(history.calls, 'call')}: at most ${formatCount(peak)}"><path class="area" d="${area}"/><path class="band" d="${band}"/><line class="peak" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="${height}"/>${limit}</svg>
<div class="x" aria-hidden="true"><span>call 0</span><span>${formatCount(history.calls)}</span></div></div></figure>`;
}
