import { type MapExtras, type MapScale, mapShapes, paintSvg, vmaOfAddr } from 'fork-sim/picture';
import { countOf, formatPages, formatRange } from 'fork-sim/words';
import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { flagsOf, PAGE_SIZE, permissions } from 'vma-core';
import { readMapColours } from '../../../mapPicture/mapColours.ts';
import { download } from '../exports.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapTable } from './MapTable.tsx';
import { MiniMap } from './MiniMap.tsx';
import { useMapDetails } from './useMapDetails.ts';
import { type MapFocus, useMapView } from './useMapView.ts';
import { useWidth } from './useWidth.ts';
import { VmaInfo } from './VmaInfo.tsx';

interface MapPanelProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  /** Where to look; a new object looks again. */
  readonly focus: MapFocus | null;
  readonly marks: readonly { readonly start: number; readonly end: number }[];
  /** Name of the file, for what is saved. */
  readonly name: string;
  /** The process, where there are several; empty: there is one. */
  readonly whose?: string;
  /** Says what the marks mean; not where a picture beside it does. */
  readonly legend?: boolean;
}

const SCALES: readonly { readonly scale: MapScale; readonly text: string }[] = [
  { scale: 'log', text: 'log' },
  { scale: 'pages', text: 'by page' },
  { scale: 'scale', text: 'to scale' },
];

/** A map to look around in: the picture, the whole of it, the VMA that was chosen, and a table that says it all. */
export function MapPanel({ lab, map, focus, marks, name, whose = '', legend = true }: MapPanelProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const state = useMapView(map, focus);
  const { layout, view, scale, setScale, zoom, pan, show, showAll } = state;
  const [hovered, setHovered] = useState<number | null>(null);
  // The VMA that was chosen is known by an address in it, so that it stays chosen while others come and go.
  const [chosen, setChosen] = useState<number | null>(null);
  const picked = chosen === null ? null : vmaOfAddr(map, chosen);
  const { borders, cells } = useMapDetails(lab, map, layout, view, width);
  const extras: MapExtras = useMemo(
    () => ({ picked: picked !== null && picked >= 0 ? picked : null, borders, cells, marks }),
    [picked, borders, cells, marks],
  );
  useEffect(() => {
    if (focus !== null) setChosen(focus.start);
  }, [focus]);
  const pick = (vma: number): void => {
    const start = map.start[vma];
    if (start === undefined) return;
    setChosen(start);
    const left = layout.left[vma]!;
    if (left < view.from || left > view.from + view.width) show(start, map.end[vma]!);
  };
  const label = `A map of ${countOf(map.count, 'VMA')}${whose === '' ? '' : ` of ${whose}`}, ${scale === 'scale' ? 'to scale' : scale === 'pages' ? 'by page' : 'widths by the logarithm of the size'}. Arrow keys pan, plus and minus zoom, 0 shows all, page up and page down choose a VMA.`;
  const saveSvg = (): void => {
    if (!box.current) return;
    const shapes = mapShapes(map, layout, view, width, extras);
    const svg = paintSvg(width, shapes, readMapColours(box.current), `${name}: ${countOf(map.count, 'VMA')}`);
    download(new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`);
  };
  return (
    <div className="bigmap" ref={box}>
      <MapCanvas map={map} state={state} extras={extras} label={label} onHover={setHovered} onPick={pick} />
      <MiniMap map={map} state={state} />
      <div className="controls bigmap-controls">
        <fieldset className="scale-switch">
          <legend className="visually-hidden">Scale</legend>
          {SCALES.map(({ scale: one, text }) => (
            <label key={one}>
              <input type="radio" name={`scale-${name}`} checked={scale === one} onChange={() => setScale(one)} />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" aria-label="Pan left" onClick={() => pan(-0.5)}>
          ←
        </button>
        <button type="button" aria-label="Pan right" onClick={() => pan(0.5)}>
          →
        </button>
        <button type="button" onClick={() => zoom(0.5)}>
          zoom in
        </button>
        <button type="button" onClick={() => zoom(2)}>
          zoom out
        </button>
        <button type="button" onClick={showAll}>
          all
        </button>
        <label className="profile-select">
          <span>VMA</span>
          <input
            type="number"
            min={1}
            max={Math.max(1, map.count)}
            value={picked === null || picked < 0 ? '' : picked + 1}
            onChange={(event) => {
              const at = Number(event.target.value) - 1;
              if (at >= 0 && at < map.count) pick(at);
            }}
          />
        </label>
        <button type="button" onClick={saveSvg}>
          save SVG
        </button>
      </div>
      {legend && <MapLegend />}
      <p className="bigmap-vma">
        {hovered === null || hovered >= map.count ? 'Point at a VMA, or choose one.' : lineOf(map, hovered)}
      </p>
      {picked !== null && picked >= 0 && <VmaInfo lab={lab} map={map} picked={picked} />}
      <MapTable lab={lab} map={map} picked={picked} onPick={pick} />
    </div>
  );
}

/** A VMA in one line. */
function lineOf(map: MapSlice, at: number): string {
  const start = map.start[at]!;
  const end = map.end[at]!;
  const perms = permissions(flagsOf(map.flagsLo[at]!, map.flagsHi[at]!));
  const name = map.names[map.name[at]!] ?? '';
  return `${formatRange(start, end)} ${perms} ${formatPages((end - start) / PAGE_SIZE)}${name === '' ? '' : ` ${name}`}`;
}
