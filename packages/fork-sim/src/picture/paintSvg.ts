import { type Box, MAP_HEIGHT, type Shape, TEXT } from './mapShapes.ts';
import { cellColours, escaped, zigzag } from './paintParts.ts';
import type { MapColours } from './palette.ts';

/** Shapes as a picture that stands alone; `title` says what it shows. */
export function paintSvg(width: number, shapes: readonly Shape[], colours: MapColours, title: string): string {
  const font = 'ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${MAP_HEIGHT}" viewBox="0 0 ${width} ${MAP_HEIGHT}" font-family="${font}" role="img">
<title>${escaped(title)}</title>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="${colours.guardSoft}"/><rect width="3" height="6" fill="${colours.guard}"/></pattern></defs>
<rect width="100%" height="100%" fill="${colours.ground}"/>
${shapes.map((shape) => svgOf(shape, colours)).join('\n')}
</svg>
`;
}

function svgOf(shape: Shape, colours: MapColours): string {
  switch (shape.kind) {
    case 'bar': {
      const { fill, edge, notch, w, h } = shape;
      const [x, y] = [n(shape.x), n(shape.y)];
      const cut = notch ? 7 : 0;
      const dash = fill === null ? ' stroke-dasharray="3 2"' : '';
      const rules = Array.from({ length: shape.rules }, (_, i) => {
        const colour = fill === edge ? colours.ground : colours[edge];
        return `<rect x="${x}" y="${n(shape.y + 3 + i * 3)}" width="${n(w - cut)}" height="1" fill="${colour}"/>`;
      }).join('');
      const path = `M${x} ${y}h${n(w - cut)}${notch ? 'l7 7' : ''}V${n(shape.y + h)}h${n(-w)}z`;
      return `<path d="${path}" fill="${fill === null ? 'none' : colours[fill]}" stroke="${colours[edge]}"${dash}/>${rules}`;
    }
    case 'guard':
      return box(shape, `fill="url(#hatch)" stroke="${colours.guard}" stroke-width="1.5"`);
    case 'cell': {
      const { fill, edge, text } = cellColours(shape.letter, colours);
      const letter =
        shape.w >= 9 && shape.letter !== '.'
          ? `<text x="${n(shape.x + shape.w / 2 - 3)}" y="${n(shape.y + 12)}" font-size="10" fill="${text}">${escaped(shape.letter)}</text>`
          : '';
      return box(shape, `fill="${fill ?? 'none'}" stroke="${edge}"`) + letter;
    }
    case 'line': {
      const dash = shape.dash ? ' stroke-dasharray="2 3"' : '';
      return `<line x1="${n(shape.x1)}" y1="${n(shape.y1)}" x2="${n(shape.x2)}" y2="${n(shape.y2)}" stroke="${colours[shape.colour]}" stroke-width="${shape.width}"${dash}/>`;
    }
    case 'break':
      return `<path d="${zigzag(shape.x, shape.y, shape.h)}" fill="none" stroke="${colours.quiet}" stroke-width="1.5"/>`;
    case 'frame':
      return box(shape, `fill="none" stroke="${colours.text}" stroke-width="2.5"`);
    case 'text':
      return `<text x="${n(shape.x)}" y="${n(shape.y)}" font-size="${TEXT}" fill="${colours[shape.colour]}">${escaped(shape.text)}</text>`;
    default:
      return shape satisfies never;
  }
}

function box({ x, y, w, h }: Box, attributes: string): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" ${attributes}/>`;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
