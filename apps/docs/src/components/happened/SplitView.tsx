import type { Piece } from 'fork-sim';
import type { ReactNode } from 'react';
import { type Kinds, pieceClass } from './kinds.ts';

interface SplitViewProps {
  readonly below: Piece;
  readonly above: Piece;
  readonly kinds: Kinds;
}

/** A split: one VMA above, its two halves below. */
export function SplitView({ below, above, kinds }: SplitViewProps): ReactNode {
  const piece = `merge-piece merge-left ${pieceClass(kinds, below)}`;
  return (
    <article className="attempt attempt-split">
      <h2>
        Split at page {above.start}
        <span className="attempt-asks">
          by <code>split_vma()</code>
        </span>
      </h2>
      <div
        className="merge-drawing"
        role="img"
        aria-label={`${below.letter} is split at page ${above.start}: ${below.letter} below, ${above.letter} above`}
      >
        <span className="merge-when">before</span>
        <div className="merge-row">
          <div className={piece}>
            <strong>{below.letter}</strong>
            <span>
              {below.start}–{above.end - 1}
            </span>
          </div>
        </div>
        <span className="merge-when">after</span>
        <div className="merge-row merge-parted">
          {[below, above].map(({ letter, start, end }) => (
            <div key={start} className={piece} style={{ flexGrow: end - start }}>
              <strong>{letter}</strong>
              <span>{end - start === 1 ? start : `${start}–${end - 1}`}</span>
            </div>
          ))}
        </div>
      </div>
      <p>One VMA became two. Both halves have all of its flags. The call then changes one of them.</p>
    </article>
  );
}
