/** VMAs of a process over the calls of a log, in samples. */
export interface HistorySamples {
  /** Calls that a sample stands for; the last one may stand for fewer. */
  readonly every: number;
  /** Most and fewest VMAs after a call of the sample. */
  readonly most: ArrayLike<number>;
  readonly fewest: ArrayLike<number>;
}

/** A place to draw in, and what its edges stand for. */
interface Plot {
  readonly width: number;
  readonly height: number;
  /** Calls at the right edge. */
  readonly length: number;
  /** Value at the upper edge. */
  readonly top: number;
}

/**
 * The paths of a chart over the calls of a log, as SVG has them: the band between most and fewest, and any line of samples.
 *
 * @param first index of the first sample that is drawn, and `last`: the first that is not
 */
export function historyPaths(
  { every, most, fewest }: HistorySamples,
  { width, height, length, top }: Plot,
  first = 0,
  last: number = most.length,
): { readonly band: string; readonly line: (values: ArrayLike<number>, top: number) => string } {
  const point = (sample: number, value: number, of: number): string => {
    const x = Math.min(width, (((sample + 1) * every) / Math.max(1, length)) * width);
    return `${x.toFixed(1)} ${(height * (1 - value / of)).toFixed(1)}`;
  };
  const points = (values: ArrayLike<number>, of: number): string[] =>
    Array.from({ length: Math.max(0, last - first) }, (_, at) => point(first + at, values[first + at] ?? 0, of));
  const path = (all: readonly string[]): string => (all.length === 0 ? '' : `M${all.join('L')}`);
  return {
    band: path([...points(most, top), ...points(fewest, top).reverse()]),
    line: (values, of) => path(points(values, of)),
  };
}
