// Pictures: shapes of a map, and SVG of them. They draw what an answer says, on the site and in files alike.

export { type HistorySamples, historyPaths } from './historyPaths.ts';
export * from './mapLayout.ts';
export * from './mapShapes.ts';
export { PAGE_SHAPES, type PageShape } from './pageShapes.ts';
export { cellColours, escaped, zigzag } from './paintParts.ts';
export { paintSvg } from './paintSvg.ts';
export { type ColourName, type MapColours, PALETTE, TERMINAL_COLOURS } from './palette.ts';
export { sliceOfRows } from './sliceOfRows.ts';
export { BACKING_HUE, STATE_SVG_HEIGHT, type StateSvgOptions, stateSvg } from './stateSvg.ts';
