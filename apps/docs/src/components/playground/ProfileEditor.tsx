import type { ReactNode } from 'react';
import { VM_FLAG_TABLE } from 'vma-core';
import { OFFERED, type OwnProfile, ownFrom, ownKernel } from '../../link/ownKernel.ts';
import { Permutations } from '../Permutations.tsx';
import { ProfileSelect } from '../ProfileSelect.tsx';
import { Table } from '../ScrollTable.tsx';

type Mask = 'sticky' | 'ignoreMerge' | 'needsCopyDst' | 'needsCopySrc';
const MASKS: readonly { readonly key: Mask; readonly title: string }[] = [
  { key: 'sticky', title: 'sticky' },
  { key: 'ignoreMerge', title: 'ignored by merges' },
  { key: 'needsCopyDst', title: 'copies, in the child' },
  { key: 'needsCopySrc', title: 'copies, in the parent' },
];

interface ProfileEditorProps {
  readonly own: OwnProfile;
  readonly onChange: (own: OwnProfile) => void;
}

/** An own kernel: which flags are in which mask. The permutations below change with it. */
export function ProfileEditor({ own, onChange }: ProfileEditorProps): ReactNode {
  const made = ownKernel(own);
  const toggle = (mask: Mask, word: string, on: boolean): void =>
    onChange({ ...own, [mask]: on ? [...own[mask], word] : own[mask].filter((one) => one !== word) });
  return (
    <section className="profile-editor" aria-label="Your own kernel">
      <ProfileSelect label="Made from" value={own.from} onChange={(from) => onChange(ownFrom(from))} />
      <Table
        label="Masks of your kernel"
        className="lab-table masks"
        heads={['flag', ...MASKS.map(({ title }) => title)]}
      >
        {OFFERED.map((word) => (
          <tr key={word}>
            <th scope="row">
              <code>{word}</code> {VM_FLAG_TABLE.find(({ mnemonic }) => mnemonic === word)?.name}
            </th>
            {MASKS.map(({ key, title }) => (
              <td key={key}>
                <input
                  type="checkbox"
                  aria-label={`${word} is ${title}`}
                  checked={own[key].includes(word)}
                  onChange={(event) => toggle(key, word, event.target.checked)}
                />
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <label className="profile-select">
        <input
          type="checkbox"
          checked={own.mergeReturnsFlags}
          onChange={(event) => onChange({ ...own, mergeReturnsFlags: event.target.checked })}
        />
        <span>a merge hands the merged flags back to mprotect</span>
      </label>
      {'error' in made ? (
        <p className="problem" role="alert">
          {made.error}
        </p>
      ) : (
        <>
          <Permutations of="existing" profile={made.profile} />
          <Permutations of="new" profile={made.profile} />
        </>
      )}
    </section>
  );
}
