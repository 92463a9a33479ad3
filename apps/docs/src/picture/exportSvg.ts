import { type MapState, type MapVma, pageState } from 'fork-sim';
import { escaped } from 'fork-sim/picture';
import { refusalShort } from 'fork-sim/words';
import { stateSentence } from '../words/phrases.ts';
import type { View } from './view.ts';

const CELL = 22;
const FILL: Readonly<Record<MapVma['kind'], readonly [full: string, soft: string, text: string]>> = {
  anon: ['#0072b2', '#d3e8f5', '#ffffff'],
  private: ['#e69f00', '#fbebcb', '#1a1300'],
  shared: ['#009e73', '#cdeee3', '#00120c'],
};
const CELLS: Readonly<Record<string, string>> = {
  '.': '#ffffff',
  z: '#e6e9ec',
  A: '#0072b2',
  a: '#d3e8f5',
  F: '#009e73',
  f: '#cdeee3',
  G: '#ffe3cf',
  W: '#f8e3ef',
  S: '#f8e3ef',
};

/** A state as a picture that stands alone: light colours, page numbers, and the sentence that says the same. */
export function exportSvg(state: MapState, view: View, title: string): string {
  const width = (view.to - view.from) * CELL + 20;
  const x = (page: number): number => 10 + (page - view.from) * CELL;
  const parts: string[] = [];
  for (let page = view.from; page < view.to; page += 2) {
    parts.push(`<text x="${x(page)}" y="48" font-size="10" fill="#57606a">${page}</text>`);
  }
  for (const vma of state.vmas) parts.push(bar(vma, x(vma.start), (vma.end - vma.start) * CELL));
  for (const { page, refusal } of state.borders) {
    const dash = refusal === null ? ' stroke-dasharray="3 3"' : '';
    parts.push(`<line x1="${x(page)}" x2="${x(page)}" y1="52" y2="112" stroke="#1b1f24" stroke-width="3"${dash}/>`);
  }
  for (let page = view.from; page < view.to; page++) {
    const letter = pageState(state, page);
    if (letter === 'G') parts.push(guard(x(page)));
    if (letter !== ' ') parts.push(cell(letter, x(page)));
  }
  const walls = state.borders
    .map(
      ({ below, above, refusal }) =>
        `${below}${refusal === null ? '|' : '‖'}${above} ${refusal === null ? 'could merge' : refusalShort(refusal)}`,
    )
    .join('   ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="170" viewBox="0 0 ${width} 170" font-family="ui-monospace, monospace" role="img">
<title>${escaped(`${title}. ${stateSentence(state)}`)}</title>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffe3cf"/><rect width="3" height="6" fill="#b24a00"/></pattern></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="24" font-size="14" fill="#1b1f24">${escaped(title)}</text>
${parts.join('\n')}
<text x="10" y="158" font-size="11" fill="#57606a">${escaped(walls)}</text>
</svg>
`;
}

function bar(vma: MapVma, left: number, width: number): string {
  const [full, soft, light] = FILL[vma.kind];
  const none = vma.perms.startsWith('---');
  const write = vma.perms[1] === 'w';
  const fill = none ? '#ffffff' : write ? full : soft;
  const text = write ? light : '#12202b';
  const dash = none ? ' stroke-dasharray="5 3"' : '';
  const flags = vma.sticky.map((word) => `${word}*`).join(' ');
  const label = escaped(`${vma.letter} ${vma.perms} ${flags}`.slice(0, Math.max(1, Math.floor(width / 8.5))));
  return `<rect x="${left}" y="60" width="${width}" height="44" rx="4" fill="${fill}" stroke="${full}" stroke-width="2"${dash}/><text x="${left + 6}" y="87" font-size="13" fill="${text}">${label}</text>`;
}

function guard(left: number): string {
  return `<rect x="${left}" y="52" width="${CELL}" height="60" rx="3" fill="url(#hatch)" stroke="#b24a00" stroke-width="2"/>`;
}

function cell(letter: string, left: number): string {
  const dark = letter === 'A' || letter === 'F';
  const shown = letter === '.' ? '' : letter;
  return `<rect x="${left + 1}" y="118" width="${CELL - 2}" height="18" rx="2" fill="${CELLS[letter] ?? '#ffffff'}" stroke="#57606a" stroke-width="0.7"/><text x="${left + CELL / 2}" y="131" font-size="11" text-anchor="middle" fill="${dark ? '#ffffff' : '#12202b'}">${shown}</text>`;
}
