import pages from '@generated/page-walk/default/pages.json';
import { type ReactNode, useState } from 'react';
import { Interactive } from './Interactive.tsx';

const LEVELS: readonly { readonly name: string; readonly shift: number; readonly covers: string }[] = [
  { name: 'PGD', shift: 39, covers: '512 GiB an entry' },
  { name: 'PUD', shift: 30, covers: '1 GiB an entry' },
  { name: 'PMD', shift: 21, covers: '2 MiB an entry' },
  { name: 'PTE', shift: 12, covers: '4 KiB an entry: one page' },
];

/** Walks the four levels of a page table to the entry of one page. */
export function PageWalk(): ReactNode {
  const [page, setPage] = useState(4);
  const { addr, entry: found, says } = pages[page]!;
  return (
    <Interactive>
      <section className="panel" aria-label="A walk through the page table">
        <p className="player-title">Walk to one entry</p>
        <fieldset className="walk-pages">
          <legend>Page</legend>
          {pages.map((one, at) => (
            <label key={one.addr}>
              <input type="radio" name="walk" checked={page === at} onChange={() => setPage(at)} /> {at}
            </label>
          ))}
        </fieldset>
        <p>
          Address <code>0x{addr.toString(16)}</code>: each level takes nine bits of it, the last twelve are the place in
          the page.
        </p>
        <ol className="walk">
          {LEVELS.map(({ name, shift, covers }) => {
            const entry = Math.floor(addr / 2 ** shift) % 512;
            return (
              <li key={name} className={name === 'PTE' ? 'walk-last' : undefined}>
                <strong>{name}</strong> entry <code>{entry}</code>
                <span className="walk-covers">{covers}</span>
                {name === 'PTE' && (
                  <span className="walk-entry" role="status">
                    <strong>{found}</strong>. {says}
                  </span>
                )}
              </li>
            );
          })}
        </ol>
        <p className="walk-note">
          The marker lives in this table alone: <code>/proc/PID/maps</code> does not show it, and the VMA is not split
          for it.
        </p>
      </section>
    </Interactive>
  );
}
