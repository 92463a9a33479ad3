import type { ReactNode } from 'react';
import { type OwnProfile, ownFrom, ownKernel } from '../../link/ownKernel.ts';
import { MaskTable } from '../MaskTable.tsx';
import { Permutations } from '../Permutations.tsx';
import { KernelSelect } from './KernelSelect.tsx';

interface ProfileEditorProps {
  readonly own: OwnProfile;
  readonly onChange: (own: OwnProfile) => void;
}

/** An own kernel: which flags are in which mask. The permutations below change with it. */
export function ProfileEditor({ own, onChange }: ProfileEditorProps): ReactNode {
  const made = ownKernel(own);
  return (
    <section className="profile-editor" aria-label="Your own kernel">
      <KernelSelect label="Made from" value={own.from} onChange={(from) => onChange(ownFrom(from))} />
      <MaskTable own={own} onChange={onChange} />
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
