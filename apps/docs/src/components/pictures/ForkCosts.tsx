import { World } from 'fork-sim';
import { type ReactNode, useMemo, useState } from 'react';
import { MADV, MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import { grouped } from '../../lab/grouped.ts';
import { ProfileSelect } from '../ProfileSelect.tsx';
import { ScrollTable } from '../ScrollTable.tsx';

interface Cost {
  readonly what: string;
  readonly action: string;
  readonly ptes: number;
  readonly kB: number;
}

/** Forks 16 MiB of memory of several kinds, every page present, and counts what was copied. */
function forkCosts(profile: string): Cost[] {
  const pages = 4096;
  const length = pages * PAGE_SIZE;
  const rows: readonly { what: string; shared: boolean; guard?: boolean; removed?: boolean }[] = [
    { what: 'shared file mapping', shared: true },
    { what: 'the same with one guard page', shared: true, guard: true },
    { what: 'the same, guard removed again', shared: true, guard: true, removed: true },
    { what: 'anonymous, every page written', shared: false },
  ];
  return rows.map(({ what, shared, guard, removed }) => {
    const world = new World({ profile });
    const process = world.newProcess();
    const file = world.open({ inode: world.newInode({ pages, cached: true }), shmem: true });
    const flags = shared ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    const at = process.mmap({ addr: 0, length, prot: PROT_READ | PROT_WRITE, flags, ...(shared ? { file } : {}) });
    if (typeof at === 'string') throw new Error(`mmap: ${at}`);
    process.madvise(at, length, MADV.POPULATE_WRITE);
    if (guard) process.madvise(at, PAGE_SIZE, MADV.GUARD_INSTALL);
    if (removed) process.madvise(at, PAGE_SIZE, MADV.GUARD_REMOVE);
    const { child, decisions } = process.fork();
    const ptes = decisions.reduce((sum, one) => sum + one.ptes, 0);
    return { what, action: decisions[0]?.action ?? '', ptes, kB: child.pageTable.vmPteKb };
  });
}

/** The bars and figures of `ForkCost`. */
export function ForkCosts(): ReactNode {
  const [profile, setProfile] = useState('6.19');
  const rows = useMemo(() => forkCosts(profile), [profile]);
  const most = Math.max(...rows.map(({ ptes }) => ptes), 1);
  return (
    <section className="panel" aria-label="What a fork copies">
      <div className="player-head">
        <p className="player-title">A fork of 16 MiB: page table entries copied</p>
        <ProfileSelect value={profile} onChange={setProfile} />
      </div>
      <ScrollTable label="What a fork copies, table">
        <table className="lab-table fork-cost">
          <thead>
            <tr>
              <th scope="col">memory</th>
              <th scope="col">fork</th>
              <th scope="col">entries</th>
              <th scope="col">tables of the child</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ what, action, ptes, kB }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{action}</td>
                <td>
                  <span className="cost-bar" style={{ width: `${Math.max(1, (ptes / most) * 100)}%` }} />
                  {grouped(ptes)}
                </td>
                <td>{kB} kB</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </section>
  );
}
