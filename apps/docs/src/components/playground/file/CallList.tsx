import { useVirtualizer } from '@tanstack/react-virtual';
import { formatCount } from 'fork-sim/words';
import { type CallRow, type ForkSimClient, STEP_MARKS } from 'fork-sim/worker';
import { type ReactNode, useEffect, useRef } from 'react';
import { useCallRows } from './useCallRows.ts';

interface CallListProps {
  readonly lab: ForkSimClient;
  readonly length: number;
  readonly position: number;
  readonly onPosition: (position: number) => void;
}

/** Height of a row; a million of them are as high as browsers let an element be. */
const ROW = 17;
/** Rows of one list: longer logs are shown in parts. */
const PART = 1_000_000;

/** The calls of the log as its own lines, however many: only those in view are there. */
export function CallList({ lab, length, position, onPosition }: CallListProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const part = Math.floor(Math.max(0, position - 1) / PART);
  const first = part * PART;
  const rows = useVirtualizer({
    count: Math.min(PART, length - first),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const rowAt = useCallRows(lab, first + (items[0]?.index ?? 0) + 1, first + (items.at(-1)?.index ?? 0) + 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new position scrolls, not a new list
  useEffect(() => {
    if (position > 0) rows.scrollToIndex(position - 1 - first, { align: 'auto' });
  }, [position, first]);
  const shown = items.some(({ index }) => first + index + 1 === position);
  return (
    <div className="call-list">
      {length > PART && (
        <p className="stays">
          Calls {formatCount(first + 1)} to {formatCount(Math.min(length, first + PART))}.
        </p>
      )}
      <div
        ref={scroller}
        className="call-list-scroller"
        role="listbox"
        aria-label={`The ${formatCount(length)} calls of the log`}
        tabIndex={0}
        aria-activedescendant={shown ? `call-${position}` : undefined}
        onKeyDown={(event) => {
          const to = { ArrowUp: position - 1, ArrowDown: position + 1 }[event.key];
          if (to === undefined) return;
          event.preventDefault();
          onPosition(to);
        }}
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const step = first + index + 1;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
              <div
                key={step}
                id={`call-${step}`}
                role="option"
                tabIndex={-1}
                aria-selected={step === position}
                aria-posinset={step}
                aria-setsize={length}
                className={step === position ? 'call-row call-row-now' : 'call-row'}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => onPosition(step)}
              >
                <CallText step={step} row={rowAt(step)} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const SIGNS: readonly { readonly bit: number; readonly sign: string; readonly word: string }[] = [
  { bit: STEP_MARKS.merged, sign: '|', word: 'merged' },
  { bit: STEP_MARKS.refused, sign: '‖', word: 'refused' },
  { bit: STEP_MARKS.failed, sign: '!', word: 'failed' },
  { bit: STEP_MARKS.fork, sign: 'Y', word: 'forked' },
  { bit: STEP_MARKS.differs, sign: '≠', word: 'unlike the log' },
];

function CallText({ step, row }: { readonly step: number; readonly row: CallRow | undefined }): ReactNode {
  if (row === undefined) return <span className="call-number">{step}</span>;
  const signs = SIGNS.filter(({ bit }) => (row.marks & bit) !== 0);
  return (
    <>
      <span className="call-number">{row.step}</span>
      <span className="call-signs" title={signs.map(({ word }) => word).join(', ')}>
        {signs.map(({ sign }) => sign).join('')}
      </span>
      <span className="call-text">{row.text}</span>
    </>
  );
}
