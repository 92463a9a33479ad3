import type { MapWindow } from 'fork-sim/worker';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flagsOf, formatVmFlags, PAGE_SIZE, permissions } from 'vma-core';
import { count, size } from '../../lab/phrases.ts';

const HEIGHT = 90;

/** Where each VMA is drawn: widths grow with the logarithm of the size, so that one page and one TiB are both seen. */
function layout(map: MapWindow): Float64Array {
  const lefts = new Float64Array(map.count + 1);
  let x = 0;
  for (let i = 0; i < map.count; i++) {
    const pages = ((map.end[i] ?? 0) - (map.start[i] ?? 0)) / PAGE_SIZE;
    const hole = i > 0 && map.end[i - 1] !== map.start[i];
    x += hole ? 1 : 0;
    lefts[i] = x;
    x += 1 + Math.log2(Math.max(1, pages));
  }
  lefts[map.count] = x;
  return lefts;
}

function firstAt(lefts: Float64Array, x: number): number {
  let low = 0;
  let high = lefts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lefts[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A map of many VMAs: zoom with the wheel or the buttons, pan by dragging or with the arrow keys. */
export function BigMap({ map }: { readonly map: MapWindow }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const lefts = useMemo(() => layout(map), [map]);
  const whole = lefts[map.count] ?? 1;
  const [view, setView] = useState({ from: 0, width: whole });
  const [picked, setPicked] = useState(0);
  const drag = useRef<{ x: number; from: number } | null>(null);
  useEffect(() => setView({ from: 0, width: whole }), [whole]);

  const moveTo = useCallback(
    (from: number, width: number): void => {
      const wide = Math.min(whole, Math.max(8, width));
      setView({ from: Math.max(0, Math.min(whole - wide, from)), width: wide });
    },
    [whole],
  );
  const zoom = useCallback(
    (factor: number, at = 0.5): void => {
      moveTo(view.from + view.width * at * (1 - factor), view.width * factor);
    },
    [moveTo, view],
  );

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current) draw(canvas.current, map, lefts, view, picked);
    });
    return () => cancelAnimationFrame(frame);
  }, [map, lefts, view, picked]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [zoom]);

  const keys = new Map<string, () => void>([
    ['ArrowLeft', () => moveTo(view.from - view.width / 8, view.width)],
    ['ArrowRight', () => moveTo(view.from + view.width / 8, view.width)],
    ['+', () => zoom(0.7)],
    ['-', () => zoom(1.4)],
    ['Home', () => moveTo(0, view.width)],
    ['End', () => moveTo(whole, view.width)],
  ]);
  return (
    <div className="bigmap">
      <canvas
        ref={canvas}
        height={HEIGHT}
        tabIndex={0}
        role="img"
        aria-label={`A map of ${count(map.count, 'VMA')}. Arrow keys pan, plus and minus zoom.`}
        onKeyDown={(event) => {
          const act = keys.get(event.key);
          if (!act) return;
          event.preventDefault();
          act();
        }}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, from: view.from };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const x = ((event.clientX - box.left) / box.width) * view.width + view.from;
          setPicked(Math.min(map.count - 1, firstAt(lefts, x)));
          if (drag.current)
            moveTo(drag.current.from - ((event.clientX - drag.current.x) / box.width) * view.width, view.width);
        }}
        onPointerUp={() => {
          drag.current = null;
        }}
      />
      <div className="controls">
        <button type="button" onClick={() => zoom(0.6)}>
          zoom in
        </button>
        <button type="button" onClick={() => zoom(1.7)}>
          zoom out
        </button>
        <button type="button" onClick={() => moveTo(0, whole)}>
          all
        </button>
        <label className="profile-select">
          <span>VMA</span>
          <input
            type="number"
            min={1}
            max={Math.max(1, map.count)}
            value={picked + 1}
            onChange={(event) => setPicked(Math.max(0, Math.min(map.count - 1, Number(event.target.value) - 1)))}
          />
        </label>
      </div>
      {map.count > 0 && <p className="bigmap-vma">{describe(map, picked)}</p>}
    </div>
  );
}

function describe(map: MapWindow, at: number): string {
  const start = map.start[at] ?? 0;
  const end = map.end[at] ?? 0;
  const flags = flagsOf(map.flagsLo[at] ?? 0, map.flagsHi[at] ?? 0);
  const file = map.file[at] ? `file ${map.file[at]}, offset ${map.pgoff[at]} pages` : 'anonymous';
  const anonVma = map.anonVma[at] ? `, av${map.anonVma[at]}` : '';
  return `0x${start.toString(16)} to 0x${end.toString(16)}: ${size((end - start) / PAGE_SIZE)}, ${permissions(flags)}, ${file}${anonVma}; ${formatVmFlags(flags)}`;
}

function draw(
  canvas: HTMLCanvasElement,
  map: MapWindow,
  lefts: Float64Array,
  view: { readonly from: number; readonly width: number },
  picked: number,
): void {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = width * scale;
  canvas.height = HEIGHT * scale;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  const colours = { anon: colour('--lab-anon'), file: colour('--lab-private'), shared: colour('--lab-shared') };
  const none = colour('--lab-line');
  const text = colour('--lab-wall');
  pen.scale(scale, scale);
  const perUnit = width / view.width;
  const last = view.from + view.width;
  let drawnTo = -1;
  for (let i = firstAt(lefts, view.from); i < map.count && (lefts[i] ?? 0) < last; i++) {
    const left = ((lefts[i] ?? 0) - view.from) * perUnit;
    const next = map.end[i] === map.start[i + 1] || i + 1 === map.count ? (lefts[i + 1] ?? 0) : (lefts[i + 1] ?? 0) - 1;
    const right = (next - view.from) * perUnit;
    // Many VMAs in one pixel: one mark is enough.
    if (right < drawnTo + 0.75 && i !== picked) continue;
    drawnTo = right;
    const lo = map.flagsLo[i] ?? 0;
    pen.fillStyle =
      (lo & 3) === 0 ? none : (lo & 128) !== 0 ? colours.shared : map.file[i] ? colours.file : colours.anon;
    const top = (lo & 2) !== 0 ? 10 : (lo & 3) !== 0 ? 26 : 42;
    pen.fillRect(left, top, Math.max(0.75, right - left - (perUnit > 3 ? 1 : 0)), HEIGHT - 26 - top);
    if (i === picked) {
      pen.strokeStyle = text;
      pen.lineWidth = 2;
      pen.strokeRect(left, 6, Math.max(2, right - left), HEIGHT - 28);
    }
  }
  pen.fillStyle = text;
  pen.font = '11px ui-monospace, monospace';
  const first = firstAt(lefts, view.from);
  pen.fillText(`0x${(map.start[first] ?? 0).toString(16)}`, 2, HEIGHT - 6);
}
