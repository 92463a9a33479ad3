import type { ReactNode } from 'react';

/** What the picture's colours, heights and marks mean. */
export function MapLegend(): ReactNode {
  return (
    <p className="map-legend">
      <span className="legend-anonymous">anonymous</span>
      <span className="legend-file">private file (one line)</span>
      <span className="legend-shared">shared (two lines)</span>
      <span className="legend-special">special (three)</span>
      <span>tall: writable, lower: read only, dashed: no access, cut corner: code</span>
      <span className="legend-guard">guard marker</span>
      <span>┊ could merge, ┃ stays apart, ⋯ a hole</span>
    </p>
  );
}
