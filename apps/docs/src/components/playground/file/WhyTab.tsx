import { countOf, flagsDiffWords } from 'fork-sim/words';
import type { MapSummary } from 'fork-sim/worker';
import type { ReactNode } from 'react';

interface WhyTabProps {
  readonly summary: MapSummary;
  /** Shows the VMA at an address. */
  readonly onAddr: (addr: number) => void;
}

/** Which neighbours could merge, and what keeps the others apart. */
export function WhyTab({ summary: { seams, unknown, walls }, onAddr }: WhyTabProps): ReactNode {
  const link = (addr: number): ReactNode => (
    <button type="button" className="link-button" onClick={() => onAddr(addr)}>
      {addr.toString(16)}
    </button>
  );
  return (
    <section className="map-figures" aria-label="Neighbours">
      <ul className="sentences">
        <li>
          ┊ {countOf(seams.count, 'pair')} could merge at the next call that asks
          {seams.at !== null && <>, the first at {link(seams.at)}</>}.
        </li>
        {unknown.count > 0 && unknown.at !== null && (
          <li>
            ? {countOf(unknown.count, 'pair')}: smaps does not show whether they share an anon_vma, the first at{' '}
            {link(unknown.at)}.
          </li>
        )}
        {walls.map(({ rule, flags, count: pairs, at }) => (
          <li key={`${rule} ${flags}`}>
            ‖ {countOf(pairs, 'pair')} kept apart by <code>{rule}</code>
            {flags === 0n ? '' : ` ${flagsDiffWords(flags)}`}, the first at {link(at)}.
          </li>
        ))}
      </ul>
    </section>
  );
}
