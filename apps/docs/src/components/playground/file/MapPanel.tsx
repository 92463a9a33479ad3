import { type MapExtras, type MapScale, mapShapes, paintSvg, vmaOfAddr } from 'fork-sim/picture';
import { countOf, formatPages, formatRange } from 'fork-sim/words';
import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { flagsOf, PAGE_SIZE, permissions } from 'vma-core';
import { readMapColours } from '../../../mapPicture/mapColours.ts';
import { download } from '../exports.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapFind } from './MapFind.tsx';
import { MiniMap } from './MiniMap.tsx';
import { useMapDetails } from './useMapDetails.ts';
import { type MapFocus, useMapView } from './useMapView.ts';
import { useWidth } from './useWidth.ts';

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
  /** An address in the VMA that is chosen: it stays chosen while others come and go. `null`: none is. */
  readonly chosen: number | null;
  readonly onChosen: (addr: number) => void;
}

const SCALES: readonly { readonly scale: MapScale; readonly text: string }[] = [
  { scale: 'log', text: 'log' },
  { scale: 'pages', text: 'by page' },
  { scale: 'scale', text: 'to scale' },
];

/** A map to look around in: the picture, the whole of it below, and the ways to move, zoom and find. */
export function MapPanel(props: MapPanelProps): ReactNode {
  const { lab, map, focus, marks, name, whose = '', chosen, onChosen } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const state = useMapView(map, focus);
  const { layout, view, scale, setScale, zoom, pan, show, showAll } = state;
  const [hovered, setHovered] = useState<number | null>(null);
  const picked = chosen === null ? -1 : vmaOfAddr(map, chosen);
  const { borders, cells } = useMapDetails(lab, map, layout, view, width);
  const extras: MapExtras = useMemo(
    () => ({ picked: picked >= 0 ? picked : null, borders, cells, marks }),
    [picked, borders, cells, marks],
  );
  const pick = (vma: number): void => {
    const start = map.start[vma];
    if (start === undefined) return;
    onChosen(start);
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
        <button type="button" aria-label="zoom in" onClick={() => zoom(0.5)}>
          +
        </button>
        <button type="button" aria-label="zoom out" onClick={() => zoom(2)}>
          −
        </button>
        <button type="button" onClick={showAll}>
          all
        </button>
        <MapFind
          map={map}
          picked={picked}
          onFound={(vma) => {
            pick(vma);
            show(map.start[vma]!, map.end[vma]!);
          }}
        />
        <button type="button" onClick={saveSvg}>
          save SVG
        </button>
        <span className="bigmap-vma">
          {hovered === null || hovered >= map.count ? 'Point at a VMA, or choose one.' : lineOf(map, hovered)}
        </span>
      </div>
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
