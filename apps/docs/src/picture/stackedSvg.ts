/** Space between two pictures; pixels. */
const GAP = 12;

/** Several pictures as one: rows from top to bottom, each from left to right. A picture is the text of an SVG with `width` and `height`. */
export function stackedSvg(rows: readonly (readonly string[])[], title: string): string {
  const placed: string[] = [];
  let width = 0;
  let height = 0;
  for (const row of rows) {
    let x = 0;
    let tallest = 0;
    for (const picture of row) {
      const size = sizeOf(picture);
      placed.push(picture.trim().replace('<svg ', `<svg x="${x}" y="${height}" `));
      x += size.width + GAP;
      tallest = Math.max(tallest, size.height);
    }
    width = Math.max(width, x - GAP);
    height += tallest + GAP;
  }
  height -= GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${placed.join('\n')}
</svg>
`;
}

/** Size of a picture; pixels. */
export function sizeOf(picture: string): { readonly width: number; readonly height: number } {
  const number = (name: string): number => Number(new RegExp(`<svg [^>]*?\\b${name}="([\\d.]+)"`).exec(picture)?.[1]);
  return { width: number('width'), height: number('height') };
}
