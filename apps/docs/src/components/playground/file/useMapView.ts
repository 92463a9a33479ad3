import { clampView, layoutMap, type MapLayout, type MapScale, type MapView, viewOfRange } from 'fork-sim/picture';
import type { MapSlice } from 'fork-sim/worker';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** A part of the map to show; another object is another wish. */
export interface MapFocus {
  readonly start: number;
  readonly end: number;
}

/** What is in view, and how it moves. */
export interface MapViewState {
  readonly layout: MapLayout;
  readonly view: MapView;
  readonly scale: MapScale;
  readonly setScale: (scale: MapScale) => void;
  readonly moveTo: (view: MapView) => void;
  /** Moves by a part of what is in view. */
  readonly pan: (part: number) => void;
  /** Zooms by a factor around a place: 0 is the left edge, 1 the right. */
  readonly zoom: (factor: number, at?: number) => void;
  readonly show: (start: number, end: number) => void;
  readonly showAll: () => void;
}

/** Keeps a view of a map: whole at first, at the focus when there is one. */
export function useMapView(map: MapSlice, focus: MapFocus | null): MapViewState {
  const [scale, setScale] = useState<MapScale>('log');
  const layout = useMemo(() => layoutMap(map, scale), [map, scale]);
  const [asked, setAsked] = useState<MapView | null>(null);
  const view = useMemo(() => clampView(layout, asked ?? { from: 0, width: layout.whole }), [layout, asked]);
  const now = useRef({ layout, view, map });
  now.current = { layout, view, map };
  useEffect(() => {
    const { map: latest, layout: laidOut } = now.current;
    setAsked(focus === null ? null : viewOfRange(latest, laidOut, focus.start, focus.end));
  }, [focus]);
  const moveTo = useCallback((next: MapView) => setAsked(clampView(now.current.layout, next)), []);
  const pan = useCallback(
    (part: number) => moveTo({ ...now.current.view, from: now.current.view.from + part * now.current.view.width }),
    [moveTo],
  );
  const zoom = useCallback(
    (factor: number, at = 0.5) => {
      const { from, width } = now.current.view;
      moveTo({ from: from + width * at * (1 - factor), width: width * factor });
    },
    [moveTo],
  );
  const show = useCallback(
    (start: number, end: number) => setAsked(viewOfRange(now.current.map, now.current.layout, start, end)),
    [],
  );
  const showAll = useCallback(() => setAsked(null), []);
  const choose = useCallback((next: MapScale) => {
    setScale(next);
    setAsked(null);
  }, []);
  return { layout, view, scale, setScale: choose, moveTo, pan, zoom, show, showAll };
}
