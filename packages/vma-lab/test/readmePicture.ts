import {
  type DecisionView,
  type MapState,
  type MapVma,
  pageState,
  readProgram,
  type TraceStep,
  traceScenario,
} from 'fork-sim';
import { escaped, type MapColours, PALETTE } from 'fork-sim/picture';
import { forkWhy } from 'fork-sim/words';

/** The calls of the README's picture. */
const CALLS = `mmap 2+4 r file0@2 shared
guard 4
mmap 6+4 rw file0@6 shared
mprotect 6+4 r
fork`;

/** The pages that it draws. */
const VIEW = { from: 2, to: 10 };

/** One row of the picture: the calls, a sentence on them, and the map after them. */
interface Row {
  readonly calls: string;
  readonly lines: readonly string[];
  readonly state: MapState;
  /** A flag that came along in this row's merge, or makes its fork copy. */
  readonly lit: string;
}

const PAGE = 58;
const LEFT = 366;
const ROW = 128;
const WIDTH = LEFT + (VIEW.to - VIEW.from) * PAGE + 16;

/** The README's picture: a merge in which the flag of a guard sticks, and a fork that copies because of it. */
export function readmePicture(theme: keyof typeof PALETTE): string {
  const rows = rowsOfPicture();
  const colours = PALETTE[theme];
  const height = rows.length * ROW + 4;
  const title = rows.map(({ calls, lines }) => `${calls}: ${lines.join(' ')}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif">
<title>${escaped(title)}</title>
<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="${colours.guardSoft}"/><rect width="3" height="8" fill="${colours.guard}"/></pattern></defs>
${rows.map((row, at) => `<g transform="translate(0 ${at * ROW})">\n${drawRow(row, at, colours)}\n</g>`).join('\n')}
</svg>
`;
}

const traceOn = (profile: string) => traceScenario(readProgram(CALLS, 'readme').scenario, { profile });

/** Runs the calls on 6.19. @throws Error where they no longer merge, stick and copy: the picture would say something untrue. */
function rowsOfPicture(): readonly Row[] {
  const { steps } = traceOn('6.19');
  const lost = traceOn('as-posted').steps.at(-1)?.child;
  const [, , mapped, merged, forked] = steps;
  const stuck = merged?.events.flatMap((event) => (event.kind === 'merged' ? event.stuck : [])) ?? [];
  const decision = forked?.decisions[0];
  const flag = stuck[0];
  if (!mapped || !merged || !forked?.child || flag === undefined || decision?.action !== 'copy') {
    throw new Error('the calls of the picture do not merge, or nothing sticks, or fork copies nothing');
  }
  if (!lost || pageState(lost, 4) === 'G') throw new Error('a kernel that loses the flag keeps the guard');
  return [
    {
      calls: 'mmap A, guard page 4, mmap B',
      lines: [
        'Two mappings of one file: the bars A and B.',
        'The guard is an entry of the page table.',
        `The flag ${flag} of ${letterWith(mapped, flag)} says that there may be one.`,
      ],
      state: mapped.state,
      lit: '',
    },
    {
      calls: 'mprotect B to read-only',
      lines: [
        `Both are alike now, and merge into ${letterWith(merged, flag)}.`,
        `The flag ${flag} is sticky: the whole result`,
        'carries it, the pages of B too.',
      ],
      state: merged.state,
      lit: flag,
    },
    { calls: 'fork: this is the child', lines: forkLines(decision, flag), state: forked.child, lit: flag },
  ];
}

/** The VMAs that have a flag, by their letters. */
function letterWith({ state }: TraceStep, flag: string): string {
  return state.vmas
    .filter(({ sticky }) => sticky.includes(flag))
    .map(({ letter }) => letter)
    .join(', ');
}

function forkLines(decision: DecisionView, flag: string): string[] {
  return [
    'It got a copy of the page table, because',
    `${forkWhy(decision, flag)}.`,
    'Without the flag the guard would be lost.',
  ];
}

function drawRow({ calls, lines, state, lit }: Row, at: number, colours: MapColours): string {
  const words = [
    `<circle cx="16" cy="22" r="12" fill="${colours.text}"/><text x="16" y="27" font-size="14" font-weight="600" text-anchor="middle" fill="${colours.ground}">${at + 1}</text>`,
    `<text x="38" y="28" font-size="16" font-weight="600" fill="${colours.text}">${escaped(calls)}</text>`,
    ...lines.map(
      (line, i) => `<text x="38" y="${52 + i * 19}" font-size="14" fill="${colours.quiet}">${escaped(line)}</text>`,
    ),
  ];
  const pages = Array.from({ length: VIEW.to - VIEW.from }, (_, i) => VIEW.from + i);
  return [
    ...words,
    ...state.vmas.map((vma) => drawBar(vma, lit, colours)),
    ...pages.map((page) => drawEntry(page, pageState(state, page), colours)),
  ].join('\n');
}

const x = (page: number): number => LEFT + (page - VIEW.from) * PAGE;

function drawBar(vma: MapVma, lit: string, colours: MapColours): string {
  const left = x(vma.start) + 2;
  const width = (vma.end - vma.start) * PAGE - 4;
  const write = vma.perms[1] === 'w';
  const ink = colours.softText;
  const chips = vma.sticky.map((word, i) => {
    const at = left + width - 44 - i * 46;
    const thick = word === lit ? 3 : 1.5;
    return `<rect x="${at}" y="18" width="36" height="24" rx="12" fill="${colours.markSoft}" stroke="${colours.mark}" stroke-width="${thick}"/><text x="${at + 18}" y="35" font-size="14" font-weight="600" text-anchor="middle" fill="${colours.mark}">${word}</text>`;
  });
  return [
    `<rect x="${left}" y="6" width="${width}" height="48" rx="6" fill="${write ? colours.sharedFill : colours.sharedSoft}" stroke="${colours.shared}" stroke-width="2"/>`,
    `<text x="${left + 12}" y="36" font-size="17" font-weight="600" fill="${ink}">${vma.letter}</text>`,
    `<text x="${left + 32}" y="36" font-size="14" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" fill="${ink}">${vma.perms}</text>`,
    ...chips,
  ].join('');
}

/** An entry of the page table, below its page. */
function drawEntry(page: number, letter: string, colours: MapColours): string {
  const guard = letter === 'G';
  const fill = guard ? 'url(#hatch)' : 'none';
  const stroke = guard ? colours.guard : colours.line;
  const text = guard
    ? `<rect x="${x(page) + PAGE / 2 - 10}" y="68" width="20" height="20" rx="4" fill="${colours.guardSoft}"/><text x="${x(page) + PAGE / 2}" y="83" font-size="14" font-weight="600" text-anchor="middle" fill="${colours.guard}">G</text>`
    : '';
  return `<rect x="${x(page) + 4}" y="62" width="${PAGE - 8}" height="32" rx="4" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>${text}<text x="${x(page) + PAGE / 2}" y="108" font-size="11" text-anchor="middle" fill="${colours.quiet}">${page}</text>`;
}
