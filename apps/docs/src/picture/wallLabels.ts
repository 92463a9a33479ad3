import type { MapBorder, MapState } from 'fork-sim';
import type { View } from './view.ts';

/** The room that the label of a wall has, its wall in the middle. Percentages of the view. */
export interface WallLabel {
  readonly page: number;
  readonly refusal: NonNullable<MapBorder['refusal']>;
  readonly left: number;
  readonly width: number;
}

/** Least part of the view, in per cent, in which a label can be read. */
const LEAST = 9;

/** Labels of the walls of a view, none of which reaches into another: each ends half way to the next wall, or at the edge. */
export function wallLabels({ borders }: MapState, { from, to }: View): WallLabel[] {
  const walls = borders.flatMap(({ page, refusal }) =>
    refusal !== null && page > from && page < to ? [{ page, refusal }] : [],
  );
  const percent = 100 / (to - from);
  return walls.flatMap(({ page, refusal }, i) => {
    const below = walls[i - 1];
    const above = walls[i + 1];
    const half = Math.min(below ? (page - below.page) / 2 : page - from, above ? (above.page - page) / 2 : to - page);
    const width = 2 * half * percent;
    return width < LEAST ? [] : [{ page, refusal, left: (page - from - half) * percent, width }];
  });
}
