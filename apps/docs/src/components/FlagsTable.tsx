import { type ReactNode, useState } from 'react';
import { kernelProfile, VM_FLAG_TABLE, type VmFlags, vmFlagBit } from 'vma-core';
import { ProfileSelect } from './ProfileSelect.tsx';

/** What a flag is to people, in a few words. */
const MEANINGS: Readonly<Record<string, string>> = {
  rd: 'may be read',
  wr: 'may be written',
  ex: 'may be executed',
  sh: 'shared, and writable so',
  mr: 'mprotect may give read',
  mw: 'mprotect may give write',
  me: 'mprotect may give exec',
  ms: 'a shared mapping',
  gd: 'a stack that grows down',
  um: 'userfaultfd: missing pages',
  pf: 'page frames without struct page',
  gu: 'there may be guard markers',
  uw: 'userfaultfd: write-protection',
  lo: 'locked in memory',
  io: 'device memory',
  dc: 'not in a fork child',
  de: 'may not be enlarged',
  ac: 'counted against the commit limit',
  nr: 'not counted (NORESERVE)',
  ht: 'huge pages',
  wf: 'empty in a fork child',
  dd: 'not in a core dump',
  sd: 'soft-dirty: new or changed',
  mm: 'mixed page frames',
  mg: 'KSM may merge its pages',
  dp: 'may be dropped under pressure',
  sl: 'sealed',
  ur: 'userfaultfd: read-write protection',
};

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
    <section className="panel" aria-label="Flags against the masks of a kernel">
      <div className="player-head">
        <p className="player-title">Which flags count, and for what</p>
        <label className="profile-select">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          <span>all {VM_FLAG_TABLE.length} flags</span>
        </label>
        <ProfileSelect value={name} onChange={setName} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus */}
      <section className="table-scroll" tabIndex={0} aria-label="Flags, table">
        <table className="lab-table flags-table">
          <thead>
            <tr>
              <th scope="col">smaps</th>
              <th scope="col">flag</th>
              {masks.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">says</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ bit, name: flag, mnemonic }) => (
              <tr key={flag}>
                <th scope="row">
                  <code>{mnemonic ?? '??'}</code>
                </th>
                <td>{flag}</td>
                {masks.map(({ title, mask }) => {
                  const has = (mask & vmFlagBit(bit)) !== 0n;
                  return (
                    <td key={title} className={has ? 'yes' : 'no'}>
                      {has ? 'yes' : '–'}
                    </td>
                  );
                })}
                <td>{MEANINGS[mnemonic ?? ''] ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
