import { type DecisionView, type MapState, pageState, readProgram, type TraceStep, traceScenario } from 'fork-sim';
import { escaped, type MapColours, PALETTE, STATE_SVG_HEIGHT, stateSvg } from 'fork-sim/picture';
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
const ROW = STATE_SVG_HEIGHT + 10;
const WIDTH = LEFT + (VIEW.to - VIEW.from) * PAGE + 16;

/** The README's picture: a merge in which the flag of a guard sticks, and a fork that copies because of it. */
export function readmePicture(theme: keyof typeof PALETTE): string {
  const rows = rowsOfPicture();
  const colours = PALETTE[theme];
  const height = rows.length * ROW + 4;
  const title = rows.map(({ calls, lines }) => `${calls}: ${lines.join(' ')}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif">
<title>${escaped(title)}</title>
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
  return [...words, stateSvg(state, { x: LEFT, y: -4, ...VIEW, pageWidth: PAGE, colours, lit })].join('\n');
}
