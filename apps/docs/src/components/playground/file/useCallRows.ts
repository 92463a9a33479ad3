import type { CallRow, ForkSimClient } from 'fork-sim/worker';
import { useEffect, useRef, useState } from 'react';

/** Rows that are asked for at once, and blocks that are kept. */
const BLOCK = 200;
const KEPT = 64;

/** Rows of the list of calls, read as they come into view. */
export function useCallRows(lab: ForkSimClient, first: number, last: number): (step: number) => CallRow | undefined {
  const blocks = useRef(new Map<number, readonly CallRow[] | null>());
  const [, setSeen] = useState(0);
  const from = Math.floor((Math.max(1, first) - 1) / BLOCK);
  const to = Math.floor((Math.max(1, last) - 1) / BLOCK);
  useEffect(() => {
    let gone = false;
    for (let block = from; block <= to; block++) {
      if (blocks.current.has(block)) continue;
      blocks.current.set(block, null);
      lab.readCalls({ from: block * BLOCK + 1, count: BLOCK }).then(
        (rows) => {
          blocks.current.set(block, rows);
          for (const old of blocks.current.keys()) {
            if (blocks.current.size <= KEPT) break;
            if (old < from || old > to) blocks.current.delete(old);
          }
          if (!gone) setSeen((n) => n + 1);
        },
        () => blocks.current.delete(block),
      );
    }
    return () => {
      gone = true;
    };
  }, [lab, from, to]);
  return (step) => blocks.current.get(Math.floor((step - 1) / BLOCK))?.[(step - 1) % BLOCK];
}
