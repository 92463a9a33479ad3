import { type ForkReport, forkOfPlan, type MemoryPlan } from 'fork-sim';
import { countOf, FORK_TIME_SOURCE, forkWhy, formatCount, formatKb, groupText, timeText } from 'fork-sim/words';
import { type ReactNode, useMemo, useState } from 'react';
import { formatVmFlags } from 'vma-core';
import { Interactive } from './Interactive.tsx';
import { PlannedMap } from './PlannedMap.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Table } from './ScrollTable.tsx';

const GB = 2 ** 30;
const MOST_WRITTEN = 64;
const MOST_FILES = 16;

interface Wish {
  /** GB. */
  readonly written: number;
  /** Mappings of 1 GB each. */
  readonly files: number;
  readonly guarded: number;
  readonly hugePages: boolean;
}

/** A large process by sliders, and what a fork of it does: which VMAs are copied, which refault, and how long it takes. */
export function ForkDrawn(): ReactNode {
  const [profile, setProfile] = useState('6.19');
  const [wish, setWish] = useState<Wish>({ written: 24, files: 8, guarded: 2, hugePages: false });
  const { written, files, hugePages } = wish;
  const guarded = Math.min(wish.guarded, files);
  const fork = useMemo(() => {
    const plan: MemoryPlan = { written: written * GB, hugePages, files, fileBytes: GB, guarded };
    return forkOfPlan(plan, { profile });
  }, [written, hugePages, files, guarded, profile]);
  const slider = (name: 'written' | 'files' | 'guarded', label: string, most: number, text: string): ReactNode => (
    <label className="stacks-threads">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={most}
        value={name === 'guarded' ? guarded : wish[name]}
        aria-valuetext={text}
        onChange={(event) => setWish({ ...wish, [name]: Number(event.target.value) })}
      />
      <output>{text}</output>
    </label>
  );
  return (
    <Interactive>
      <section className="panel stacks fork-drawn" aria-label="A large process, and its fork">
        <div className="player-head">
          <p className="player-title">A fork of a large process</p>
          <ProfileSelect value={profile} onChange={setProfile} />
        </div>
        {slider('written', 'Private memory, all written', MOST_WRITTEN, `${written} GB`)}
        {slider('files', 'Shared files, all read, 1 GB each', MOST_FILES, formatCount(files))}
        {slider('guarded', 'Files with one guard page', files, formatCount(guarded))}
        <label className="fork-drawn-huge">
          <input
            type="checkbox"
            checked={hugePages}
            onChange={(event) => setWish({ ...wish, hugePages: event.target.checked })}
          />{' '}
          The private memory is of huge pages
        </label>
        <PlannedMap map={fork.map} />
        <p className="fork-drawn-answer" aria-live="polite">
          {answerOf(fork.report)}
        </p>
        <Table
          label="What the fork does with each VMA, table"
          className="lab-table"
          heads={['VMAs', 'fork', 'entries', 'page tables']}
        >
          {fork.report.groups.map(({ group, action, rule, flags, shown, tablesKbAtMost }) => (
            <tr key={`${groupText(group)} ${action} ${rule}`}>
              <th scope="row">{groupText(group)}</th>
              <td>
                {action}: {forkWhy({ action, rule }, formatVmFlags(flags))}
              </td>
              <td>{action === 'copy' && shown !== null ? formatCount(shown.entries) : '0'}</td>
              <td>{action === 'copy' ? formatKb(tablesKbAtMost) : '0 kB'}</td>
            </tr>
          ))}
        </Table>
        {fork.refused !== null && (
          <p className="figure-note" role="status">
            This kernel refuses a guard in a file mapping ({fork.refused}), so no file has one.
          </p>
        )}
        <p className="figure-note">{FORK_TIME_SOURCE}</p>
      </section>
    </Interactive>
  );
}

/** What the fork does, in two sentences. */
function answerOf({ sums, vmas, time }: ForkReport): string {
  const { shown, tablesKbAtMost, vmas: copied } = sums.copy;
  const entries = countOf(shown?.entries ?? 0, 'entry', 'entries');
  return `It takes ${timeText(time)}. Fork copies ${formatCount(copied)} of ${countOf(vmas, 'VMA')}: ${entries}, in ${formatKb(tablesKbAtMost)} of page tables.`;
}
