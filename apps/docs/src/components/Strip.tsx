import { type MapState, type MapVma, type Op, pageState } from 'fork-sim';
import type { CSSProperties, ReactNode } from 'react';
import { PAGE_STATES, refusalShort } from '../lab/phrases.ts';
import type { View } from '../lab/view.ts';
import { Chip, chipsOf } from './Chip.tsx';

interface StripProps {
  readonly state: MapState;
  readonly view: View;
  /** The operation whose range is marked. */
  readonly mark?: Op | undefined;
  /** Letters of VMAs that are lit; the others step back. `null`: all alike. */
  readonly lit?: ReadonlySet<string> | null;
  /** Says what the picture shows, for who does not see it. */
  readonly label: string;
  readonly ruler?: boolean;
}

/** The strip: VMAs as bars, guard markers that stand taller than the bar, page states below, anon_vma threads. */
export function Strip({ state, view, mark, lit = null, label, ruler = true }: StripProps): ReactNode {
  const at = placer(view);
  const shown = state.vmas.filter((vma) => vma.end > view.from && vma.start < view.to);
  const pages = Array.from({ length: view.to - view.from }, (_, i) => view.from + i);
  const threads = shown.filter((vma) => vma.anonVma !== null);
  const range = mark ? rangeOf(mark) : null;
  return (
    <div className="strip" role="img" aria-label={label} style={{ '--pages': view.to - view.from } as CSSProperties}>
      {ruler && (
        <div className="strip-ruler">
          {pages
            .filter((page) => page % rulerStep(view) === 0)
            .map((page) => (
              <span key={page} style={{ left: at(page, page + 1).left }}>
                {page}
              </span>
            ))}
        </div>
      )}
      <div className="strip-bars">
        <div className="strip-ground" />
        {range && <div className="strip-mark" style={at(range.start, range.end)} />}
        {shown.map((vma) => (
          <Bar
            key={vma.letter}
            vma={vma}
            style={at(vma.start, vma.end)}
            room={roomForText(vma, state)}
            dim={lit !== null && !lit.has(vma.letter)}
          />
        ))}
        {state.borders
          .filter(({ page }) => page > view.from && page < view.to)
          .map(({ page, refusal }) => (
            <div
              key={page}
              className={refusal === null ? 'strip-seam' : 'strip-wall'}
              style={{ left: at(page, page).left }}
              title={refusal === null ? 'no rule keeps these two apart' : refusalShort(refusal)}
            />
          ))}
        {pages
          .filter((page) => pageState(state, page) === 'G')
          .map((page) => (
            <div key={page} className="strip-guard" style={at(page, page + 1)}>
              <span>G</span>
            </div>
          ))}
      </div>
      <div className="strip-cells">
        {pages.map((page) => (
          <PageCell key={page} state={pageState(state, page)} />
        ))}
      </div>
      <div className="strip-threads" hidden={threads.length === 0}>
        {threads.map((vma) => (
          <div key={vma.letter} className="strip-thread" style={at(vma.start, vma.end)}>
            <span>
              av{vma.anonVma}
              {vma.chain > 1 ? ` ⨯${vma.chain}` : ''}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

interface BarProps {
  readonly vma: MapVma;
  readonly style: CSSProperties;
  readonly room: CSSProperties;
  readonly dim: boolean;
}

/** The longest stretch of a VMA without a guard, where its text is not covered. */
function roomForText(vma: MapVma, state: MapState): CSSProperties {
  let best = { start: vma.start, length: 0 };
  for (let page = vma.start; page < vma.end; page++) {
    const start = page;
    while (page < vma.end && pageState(state, page) !== 'G') page++;
    if (page - start > best.length) best = { start, length: page - start };
  }
  const all = vma.end - vma.start;
  const length = best.length === 0 ? all : best.length;
  return { marginLeft: `${((best.start - vma.start) / all) * 100}%`, width: `${(length / all) * 100}%` };
}

function Bar({ vma, style, room, dim }: BarProps): ReactNode {
  const prot = vma.perms.startsWith('---') ? 'none' : vma.perms[1] === 'w' ? 'write' : 'read';
  const exec = vma.perms[2] === 'x' ? ' bar-exec' : '';
  return (
    <div className={`bar bar-${vma.kind} bar-${prot}${exec}${dim ? ' bar-dim' : ''}`} style={style}>
      <div className="bar-text" style={room}>
        <span className="bar-letter">{vma.letter}</span>
        <span className="bar-perms">{vma.perms}</span>
        <span className="bar-chips">
          {chipsOf(vma).map((word) => (
            <Chip key={word} word={word} sticky={vma.sticky.includes(word)} />
          ))}
        </span>
      </div>
    </div>
  );
}

function PageCell({ state }: { state: string }): ReactNode {
  if (state === ' ') return <span className="cell cell-hole" />;
  const name = CELL_CLASS[state] ?? 'none';
  return (
    <span className={`cell cell-${name}`} title={PAGE_STATES[state]}>
      <span>{state === '.' ? '' : state}</span>
    </span>
  );
}

const CELL_CLASS: Readonly<Record<string, string>> = {
  '.': 'none',
  z: 'zero',
  a: 'anon-shared',
  A: 'anon',
  f: 'file-shared',
  F: 'file',
  S: 'swap',
  G: 'guard',
  W: 'marker',
};

/** Percentages of a range within the view. */
export function placer(view: View): (start: number, end: number) => { left: string; width: string } {
  const pages = view.to - view.from;
  return (start, end) => {
    const from = Math.max(start, view.from);
    const to = Math.min(end, view.to);
    return { left: `${((from - view.from) / pages) * 100}%`, width: `${((to - from) / pages) * 100}%` };
  };
}

function rulerStep(view: View): number {
  const pages = view.to - view.from;
  return pages > 40 ? 8 : pages > 20 ? 4 : 2;
}

function rangeOf(op: Op): { start: number; end: number } | null {
  if (!('page' in op) || op.page === undefined || op.op === 'mmap') return null;
  const pages = 'pages' in op ? (op.pages ?? 1) : 1;
  return pages > 0 ? { start: op.page, end: op.page + pages } : null;
}
