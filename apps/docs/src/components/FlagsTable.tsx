import { FLAG_MEANINGS } from 'fork-sim/words';
import { type ReactNode, useState } from 'react';
import { kernelProfile, VM_FLAG_TABLE, type VmFlags, vmFlagBit } from 'vma-core';
import { Interactive } from './Interactive.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { Table } from './ScrollTable.tsx';

/** Every flag against the masks of a profile. */
export function FlagsTable(): ReactNode {
  const [name, setName] = useState('6.19');
  const profile = kernelProfile(name);
  const masks: readonly { readonly title: string; readonly mask: VmFlags }[] = [
    { title: 'sticky', mask: profile.sticky },
    { title: 'ignored by merges', mask: profile.ignoreMerge },
    { title: 'copied on fork', mask: profile.copyOnFork },
    { title: 'copies, in the child', mask: profile.needsCopyDst },
    { title: 'copies, in the parent', mask: profile.needsCopySrc },
  ];
  const [all, setAll] = useState(false);
  const rows = VM_FLAG_TABLE.filter(({ bit }) => all || masks.some(({ mask }) => (mask & vmFlagBit(bit)) !== 0n));
  return (
    <Interactive>
      <section className="panel" aria-label="Flags against the masks of a kernel">
        <div className="player-head">
          <p className="player-title">What merging and fork do with each flag</p>
          <label className="profile-select">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
            <span>all {VM_FLAG_TABLE.length} flags</span>
          </label>
          <ProfileSelect value={name} onChange={setName} />
        </div>
        <Table
          label="Flags, table"
          className="lab-table flags-table"
          heads={['smaps', 'flag', ...masks.map(({ title }) => title)]}
        >
          {rows.map(({ bit, name: flag, mnemonic }) => (
            <tr key={flag}>
              <th scope="row">
                <code>{mnemonic ?? '??'}</code>
              </th>
              <td>
                {flag}
                <span className="flag-meaning">{FLAG_MEANINGS[mnemonic ?? ''] ?? ''}</span>
              </td>
              {masks.map(({ title, mask }) => {
                const has = (mask & vmFlagBit(bit)) !== 0n;
                return (
                  <td key={title} className={has ? 'yes' : 'no'}>
                    {has ? 'yes' : '–'}
                  </td>
                );
              })}
            </tr>
          ))}
        </Table>
      </section>
    </Interactive>
  );
}
