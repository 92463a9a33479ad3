import { refusalShort } from 'fork-sim/words';
import { type ReactNode, useMemo, useState } from 'react';
import { type KernelProfile, VM_MAYBE_GUARD, VM_SOFTDIRTY } from 'vma-core';
import { EXISTING_RANGE, NEW_RANGE, permutationRows } from '../content/permutations.ts';
import { Interactive } from './Interactive.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Table } from './ScrollTable.tsx';

const FLAGS = { gu: VM_MAYBE_GUARD, sd: VM_SOFTDIRTY } as const;

interface PermutationsProps {
  readonly of: 'new' | 'existing';
  /** Fixed profile; absent: the reader chooses. */
  readonly profile?: KernelProfile;
}

/** Every combination of who has a flag, and what the engine makes of it. */
export function Permutations({ of, profile }: PermutationsProps): ReactNode {
  const [chosen, setChosen] = useState('6.19');
  const [flag, setFlag] = useState<'gu' | 'sd'>('gu');
  const which = of === 'new' ? NEW_RANGE : EXISTING_RANGE;
  const rows = useMemo(() => permutationRows(which, FLAGS[flag], profile ?? chosen), [which, flag, profile, chosen]);
  const title = of === 'new' ? 'A new range (16 combinations)' : 'An existing range (8 combinations)';
  return (
    <Interactive>
      <section className="panel" aria-label={title}>
        <div className="player-head">
          <p className="player-title">
            {title}: <code>{which.drawing}</code>
          </p>
          <label className="profile-select">
            <span>Flag</span>
            <select value={flag} onChange={(event) => setFlag(event.target.value as 'gu' | 'sd')}>
              <option value="gu">gu · VM_MAYBE_GUARD</option>
              <option value="sd">sd · VM_SOFTDIRTY</option>
            </select>
          </label>
          {!profile && <ProfileSelect value={chosen} onChange={setChosen} />}
        </div>
        <Table
          label={`${title}, table`}
          className="lab-table permutations"
          data-of={of}
          heads={[
            ...which.parts.map((part) => (part === '*' ? 'range' : part)),
            'after',
            `the result has ${flag}`,
            'who refused, by which rule',
          ]}
        >
          {rows.map((row) => (
            <tr key={row.had.join()}>
              {row.had.map((has, i) => (
                <td key={which.parts[i]} className={has ? 'yes' : 'no'}>
                  {has ? flag : '–'}
                </td>
              ))}
              <td>
                <code>{row.after}</code>
              </td>
              <td className={row.result?.includes(flag) ? 'yes' : 'no'}>
                {row.result === null ? 'no merge' : row.result.includes(flag) ? 'yes' : 'no'}
              </td>
              <td>{row.refusals.map(refusalShort).join('; ') || '–'}</td>
            </tr>
          ))}
        </Table>
      </section>
    </Interactive>
  );
}
