import type { EventView, FlaggedRange, Piece } from 'fork-sim';
import { refusalShort } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { type Attempt, caseName } from '../../picture/attempts.ts';
import { type Kinds, pieceClass } from './kinds.ts';

type Refused = Extract<EventView, { kind: 'refused' }>;

interface MergeDrawingProps {
  readonly attempt: Attempt;
  readonly kinds: Kinds;
}

/** A merge, drawn: the parts before, above what became of them. A seam that closes is dotted; a wall stays. */
export function MergeDrawing({ attempt, kinds }: MergeDrawingProps): ReactNode {
  const { range, prev, next, merged } = attempt;
  const left = prev?.neighbour ?? (merged === null || merged.into === 'next' ? null : merged.target);
  const right = next?.neighbour ?? rightOf(merged);
  return (
    <div className="merge-drawing" role="img" aria-label={drawingLabel(attempt)}>
      <span className="merge-when">before</span>
      <div className="merge-row">
        {left && <PieceBox piece={left} side="left" kinds={kinds} />}
        {left && <Border refused={prev} />}
        <RangeBox range={range} />
        {right && <Border refused={next} />}
        {right && <PieceBox piece={right} side="right" kinds={kinds} />}
      </div>
      {merged !== null && (
        <>
          <span className="merge-when">after</span>
          <div className="merge-row">
            {prev !== null && <PieceBox piece={prev.neighbour} side="left" kinds={kinds} />}
            {prev !== null && <Border refused={prev} />}
            <div
              className={`merge-piece merge-result ${pieceClass(kinds, merged.result)}`}
              style={{ flexGrow: parts(merged) }}
            >
              <strong>{merged.result.letter}</strong>
              <span>{pages(merged.result)}</span>
            </div>
            {next !== null && <Border refused={next} />}
            {next !== null && <PieceBox piece={next.neighbour} side="right" kinds={kinds} />}
          </div>
        </>
      )}
    </div>
  );
}

/** How many of the parts above the result lies below, so that edges stand in line. */
function parts({ into }: Extract<EventView, { kind: 'merged' }>): number {
  return into === 'both' ? 3 : 2;
}

function rightOf(merged: Attempt['merged']): Piece | null {
  if (merged === null || merged.into === 'prev') return null;
  if (merged.into === 'next') return merged.target;
  return merged.removed.find(({ start }) => start === merged.range.end) ?? null;
}

interface PieceBoxProps {
  readonly piece: Piece;
  readonly side: 'left' | 'right';
  readonly kinds: Kinds;
}

function PieceBox({ piece, side, kinds }: PieceBoxProps): ReactNode {
  return (
    <div className={`merge-piece merge-${side} ${pieceClass(kinds, piece)}`}>
      <strong>{piece.letter}</strong>
      <span>{pages(piece)}</span>
    </div>
  );
}

function RangeBox({ range }: { readonly range: FlaggedRange }): ReactNode {
  return (
    <div className="merge-piece merge-range">
      <strong>✱</strong>
      <span>{pages(range)}</span>
    </div>
  );
}

function Border({ refused }: { readonly refused: Refused | null }): ReactNode {
  return refused === null ? (
    <div className="merge-seam" />
  ) : (
    <div className="merge-wall">
      <span>{refused.refusal.rule}</span>
    </div>
  );
}

function pages({ start, end }: { readonly start: number; readonly end: number }): string {
  return end - start === 1 ? `${start}` : `${start}–${end - 1}`;
}

function drawingLabel({ prev, next, merged }: Attempt): string {
  const walls = [prev, next].flatMap((one) =>
    one === null ? [] : [`a wall towards ${one.neighbour.letter}: ${refusalShort(one.refusal)}`],
  );
  return [merged === null ? 'No merge' : `Merge, ${caseName(merged)}`, ...walls].join('; ');
}
