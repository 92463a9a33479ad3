import type { MapState, MapVma, Op } from 'fork-sim';
import { formatCount, refusalShort } from 'fork-sim/words';
import { type CSSProperties, type ReactNode, useRef } from 'react';
import { guardRuns } from '../picture/pageRuns.ts';
import type { View } from '../picture/view.ts';
import { Chip, chipsOf, namedFlags } from './Chip.tsx';
import { PageCells } from './PageCells.tsx';
import { placer } from './placer.ts';
import { useMotion } from './useMotion.ts';
import { WallLabels } from './WallLabels.tsx';

interface StripProps {
  readonly state: MapState;
  readonly view: View;
  /** The operation whose range is marked. */
  readonly mark?: Op | undefined;
  /** Letters of VMAs that have a ring: the call changed them. `null`: all alike. */
  readonly lit?: ReadonlySet<string> | null;
  /** Says what the picture shows, for who does not see it. */
  readonly label: string;
  readonly ruler?: boolean;
  /** A page that the reader chose. */
  readonly chosen?: number | null;
  /** Pages that are not the same on the other kernel. */
  readonly differs?: readonly number[];
  /** The page table fills as the picture appears: a fork has just made it. */
  readonly arrives?: boolean;
  /** Controls over the bars; with them, the strip is a group and no picture. */
  readonly overlay?: ReactNode;
}

/** The strip: VMAs as bars, what keeps them apart, the page table as a row of its own below, anon_vma threads. */
export function Strip(props: StripProps): ReactNode {
  const {
    state,
    view,
    mark,
    lit = null,
    label,
    ruler = true,
    chosen = null,
    differs = [],
    arrives = false,
    overlay,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  useMotion(box, state, view, arrives);
  const at = placer(view);
  const shown = state.vmas.filter((vma) => vma.end > view.from && vma.start < view.to);
  const ticks = rulerTicks(view);
  const threads = shown.filter((vma) => vma.anonVma !== null);
  const range = mark ? rangeOf(mark) : null;
  // With controls in it, it is no picture for those who do not see it.
  const named = { role: overlay ? 'group' : 'img', 'aria-label': label };
  return (
    <div className="strip" ref={box} {...named} style={{ '--pages': view.to - view.from } as CSSProperties}>
      {ruler && (
        <div className="strip-ruler">
          {ticks.map((page) => (
            <span key={page} style={{ left: at(page, page + 1).left }}>
              {page}
            </span>
          ))}
        </div>
      )}
      <WallLabels state={state} view={view} />
      <div className="strip-bars">
        <div className="strip-ground" />
        {holesOf(shown, view).map(({ start, end }) => (
          <div key={start} className="strip-hole" style={at(start, end)}>
            <span className="hole-size">
              {formatCount(end - start)}
              <span className="hole-unit"> pages</span>
            </span>
          </div>
        ))}
        {range && <div className="strip-mark" style={at(range.start, range.end)} />}
        {shown.map((vma) => (
          <Bar
            key={vma.letter}
            vma={vma}
            style={at(vma.start, vma.end)}
            named={namedFlags(state, vma.letter)}
            touched={lit?.has(vma.letter) ?? false}
          />
        ))}
        {state.borders
          .filter(({ page }) => page > view.from && page < view.to)
          .map(({ page, refusal }) => (
            <div
              key={page}
              data-kind={refusal === null ? 'seam' : 'wall'}
              className={refusal === null ? 'strip-seam' : 'strip-wall'}
              style={{ left: at(page, page).left }}
              title={refusal === null ? 'no rule keeps these two apart' : refusalShort(refusal)}
            />
          ))}
        {guardRuns(state, view).map(({ start, end }) => (
          <div key={start} className="strip-notch" data-kind="page-G" style={at(start, end)} />
        ))}
        {chosen !== null && chosen >= view.from && chosen < view.to && (
          <div className="strip-chosen" style={at(chosen, chosen + 1)} />
        )}
        {overlay}
      </div>
      <PageCells state={state} view={view} differs={differs} />
      <div className="strip-threads" hidden={threads.length === 0}>
        {threads.map((vma) => (
          <div key={vma.letter} className="strip-thread" data-kind="thread" style={at(vma.start, vma.end)}>
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
  /** Flags that a wall beside it names. */
  readonly named: ReadonlySet<string>;
  readonly touched: boolean;
}

/** Holes between VMAs that are worth a number: those of three pages and more. */
function holesOf(shown: readonly MapVma[], view: View): { start: number; end: number }[] {
  const holes = shown.slice(1).map((vma, i) => ({ start: shown[i]?.end ?? view.from, end: vma.start }));
  return holes.filter(({ start, end }) => end - start > 2);
}

function Bar({ vma, style, named, touched }: BarProps): ReactNode {
  const prot = protOf(vma);
  const exec = vma.perms[2] === 'x' ? ' bar-exec' : '';
  const flags = vma.sticky.length > 0 ? ' sticky' : '';
  return (
    <div
      className={`bar bar-${vma.kind} bar-${prot}${exec}${touched ? ' bar-touched' : ''}`}
      data-letter={vma.letter}
      data-kind={`${vma.kind} ${prot}${flags}`}
      style={style}
    >
      <div className="bar-text">
        <span className="bar-letter">{vma.letter}</span>
        <span className="bar-perms">{vma.perms}</span>
        <span className="bar-chips">
          {chipsOf(vma, named).map((word) => (
            <Chip key={word} word={word} sticky={vma.sticky.includes(word)} />
          ))}
        </span>
      </div>
    </div>
  );
}

/** How a bar is filled: by what its permissions allow. */
export function protOf({ perms }: MapVma): 'none' | 'read' | 'write' {
  return perms.startsWith('---') ? 'none' : perms[1] === 'w' ? 'write' : 'read';
}

/** About ten round page numbers. */
function rulerTicks({ from, to }: View): number[] {
  let step = 2;
  while ((to - from) / step > 12) step *= 2;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.ceil((to - first) / step) }, (_, i) => first + i * step);
}

function rangeOf(op: Op): { start: number; end: number } | null {
  if (!('page' in op) || op.page === undefined || op.op === 'mmap') return null;
  const pages = 'pages' in op ? (op.pages ?? 1) : 1;
  return pages > 0 ? { start: op.page, end: op.page + pages } : null;
}
