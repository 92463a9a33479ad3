import { ARENA_BASE, Arena } from 'fork-sim';
import { pteGuard, ptePfn, ptePresent, pteWrite, virtPage } from 'pt-model';
import { type ReactNode, useMemo, useState } from 'react';
import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import { Interactive } from './Interactive.tsx';

const PAGES = 8;

/** Eight pages: two written, two guarded; made by the engine. */
function lookUp(page: number): { entry: string; says: string; hasTable: boolean } {
  const { current } = new Arena({ id: 'walk', ops: [] }, { profile: '6.19' });
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  current.mmap({ addr: ARENA_BASE, length: PAGES * PAGE_SIZE, prot: PROT_READ | PROT_WRITE, flags });
  current.access(ARENA_BASE + PAGE_SIZE, 'write', 1);
  current.access(ARENA_BASE + 2 * PAGE_SIZE, 'read');
  current.madvise(ARENA_BASE + 4 * PAGE_SIZE, 2 * PAGE_SIZE, MADV.GUARD_INSTALL);
  const pte = current.pageTable.get(virtPage(ARENA_BASE / PAGE_SIZE + page));
  const hasTable = current.pageTable.hasPteTable(virtPage(ARENA_BASE / PAGE_SIZE + page));
  if (pteGuard(pte))
    return { entry: 'guard marker', says: 'Any access is a SIGSEGV. No memory is used for the page.', hasTable };
  if (!ptePresent(pte))
    return { entry: 'none', says: 'The next access faults, and the kernel fills the entry.', hasTable };
  const frame = ptePfn(pte);
  if (current.world.frames.isZero(frame)) {
    return {
      entry: 'present, the zero page, read-only',
      says: 'It was only read, so it shares one page of zeroes with everybody.',
      hasTable,
    };
  }
  const write = pteWrite(pte) ? 'writable' : 'read-only';
  return { entry: `present, frame ${frame}, ${write}`, says: 'It was written: it has memory of its own.', hasTable };
}

const LEVELS: readonly { readonly name: string; readonly shift: number; readonly covers: string }[] = [
  { name: 'PGD', shift: 39, covers: '512 GiB an entry' },
  { name: 'PUD', shift: 30, covers: '1 GiB an entry' },
  { name: 'PMD', shift: 21, covers: '2 MiB an entry' },
  { name: 'PTE', shift: 12, covers: '4 KiB an entry: one page' },
];

/** Walks the four levels of a page table to the entry of one page. */
export function PageWalk(): ReactNode {
  const [page, setPage] = useState(4);
  const addr = ARENA_BASE + page * PAGE_SIZE;
  const found = useMemo(() => lookUp(page), [page]);
  return (
    <Interactive>
      <section className="panel" aria-label="A walk through the page table">
        <p className="player-title">Walk to one entry</p>
        <fieldset className="walk-pages">
          <legend>Page</legend>
          {Array.from({ length: PAGES }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pages are their own numbers
            <label key={at}>
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
                    <strong>{found.entry}</strong>. {found.says}
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
