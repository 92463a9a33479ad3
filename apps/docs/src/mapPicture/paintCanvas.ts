import type { MapColours } from 'fork-sim/picture';
import { type Box, cellColours, MAP_HEIGHT, type Shape, TEXT, zigzag } from 'fork-sim/picture';

/** Paints shapes on a canvas; sizes in pixels. */
export function paintCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  shapes: readonly Shape[],
  colours: MapColours,
): void {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(MAP_HEIGHT * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, MAP_HEIGHT);
  for (const shape of shapes) paint(pen, shape, colours);
}

function paint(pen: CanvasRenderingContext2D, shape: Shape, colours: MapColours): void {
  switch (shape.kind) {
    case 'bar':
      bar(pen, shape, colours);
      break;
    case 'guard':
      guard(pen, shape, colours);
      break;
    case 'cell': {
      const { fill, text, edge } = cellColours(shape.letter, colours);
      if (fill !== null) {
        pen.fillStyle = fill;
        pen.fillRect(shape.x, shape.y, shape.w, shape.h);
      }
      outline(pen, shape, edge, 1, []);
      if (shape.w >= 9 && shape.letter !== '.')
        write(pen, shape.x + shape.w / 2 - 3, shape.y + 12, shape.letter, text, 10);
      break;
    }
    case 'line':
      pen.strokeStyle = colours[shape.colour];
      pen.lineWidth = shape.width;
      pen.setLineDash(shape.dash ? [2, 3] : []);
      pen.beginPath();
      pen.moveTo(shape.x1, shape.y1);
      pen.lineTo(shape.x2, shape.y2);
      pen.stroke();
      break;
    case 'break':
      pen.strokeStyle = colours.quiet;
      pen.lineWidth = 1.5;
      pen.setLineDash([]);
      pen.stroke(new Path2D(zigzag(shape.x, shape.y, shape.h)));
      break;
    case 'frame':
      outline(pen, shape, colours.text, 2.5, []);
      break;
    case 'text':
      write(pen, shape.x, shape.y, shape.text, colours[shape.colour], TEXT);
      break;
    default:
      shape satisfies never;
  }
}

function outline(
  pen: CanvasRenderingContext2D,
  { x, y, w, h }: Box,
  colour: string,
  width: number,
  dash: number[],
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.strokeRect(x + width / 2, y + width / 2, Math.max(0, w - width), h - width);
}

function write(pen: CanvasRenderingContext2D, x: number, y: number, text: string, colour: string, size: number): void {
  pen.fillStyle = colour;
  pen.font = `${size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`;
  pen.fillText(text, x, y);
}

function bar(pen: CanvasRenderingContext2D, shape: Extract<Shape, { kind: 'bar' }>, colours: MapColours): void {
  const { x, y, w, h, fill, edge, notch, rules } = shape;
  if (fill !== null) {
    pen.fillStyle = colours[fill];
    // Rectangles are by far the cheapest, and nearly all there is.
    if (notch) fillNotched(pen, shape);
    else pen.fillRect(x, y, w, h);
  }
  if (fill !== edge && w > 2) outline(pen, shape, colours[edge], 1, fill === null ? [3, 2] : []);
  if (rules === 0) return;
  pen.fillStyle = fill === edge ? colours.ground : colours[edge];
  for (let i = 0; i < rules; i++) pen.fillRect(x, y + 3 + i * 3, notch ? w - 7 : w, 1);
}

function fillNotched(pen: CanvasRenderingContext2D, { x, y, w, h }: Box): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + w - 7, y);
  pen.lineTo(x + w, y + 7);
  pen.lineTo(x + w, y + h);
  pen.lineTo(x, y + h);
  pen.fill();
}

function guard(pen: CanvasRenderingContext2D, shape: Extract<Shape, { kind: 'guard' }>, colours: MapColours): void {
  const { x, y, w, h } = shape;
  pen.fillStyle = colours.guardSoft;
  pen.fillRect(x, y, w, h);
  if (w > 5) {
    pen.save();
    pen.beginPath();
    pen.rect(x, y, w, h);
    pen.clip();
    pen.strokeStyle = colours.guard;
    pen.lineWidth = 2;
    pen.setLineDash([]);
    pen.beginPath();
    for (let at = -h; at < w; at += 6) {
      pen.moveTo(x + at, y + h);
      pen.lineTo(x + at + h, y);
    }
    pen.stroke();
    pen.restore();
  }
  outline(pen, shape, colours.guard, 1.5, []);
}
