import type { ReactNode } from 'react';
import { VM_FLAG_TABLE } from 'vma-core';
import { OFFERED, type OwnProfile } from '../link/ownKernel.ts';
import { Table } from './ScrollTable.tsx';

type Mask = 'sticky' | 'ignoreMerge' | 'needsCopyDst' | 'needsCopySrc';
const MASKS: readonly { readonly key: Mask; readonly title: string; readonly says: string }[] = [
  { key: 'sticky', title: 'sticky', says: 'is sticky' },
  { key: 'ignoreMerge', title: 'ignored by merges', says: 'is ignored by merges' },
  { key: 'needsCopyDst', title: 'copies, in the child', says: 'copies, in the child' },
  { key: 'needsCopySrc', title: 'copies, in the parent', says: 'copies, in the parent' },
];

interface MaskTableProps {
  readonly own: OwnProfile;
  readonly onChange: (own: OwnProfile) => void;
}

/** Which flags are in which mask of one's own kernel: a table of boxes to tick. */
export function MaskTable({ own, onChange }: MaskTableProps): ReactNode {
  const toggle = (mask: Mask, word: string, on: boolean): void =>
    onChange({ ...own, [mask]: on ? [...own[mask], word] : own[mask].filter((one) => one !== word) });
  return (
    <>
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
            {MASKS.map(({ key, says }) => (
              <td key={key}>
                <input
                  type="checkbox"
                  aria-label={`${word} ${says}`}
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
    </>
  );
}
