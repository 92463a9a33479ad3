import type { ReactNode } from 'react';
import { KERNEL_PROFILES } from 'vma-core';

interface ProfileSelectProps {
  readonly value: string;
  readonly onChange: (profile: string) => void;
  readonly label?: string;
  /** Names of profiles besides the seven. */
  readonly own?: readonly string[];
}

/** Chooses one of the seven kernel profiles. */
export function ProfileSelect({ value, onChange, label = 'Kernel', own = [] }: ProfileSelectProps): ReactNode {
  return (
    <label className="profile-select">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {KERNEL_PROFILES.map(({ name, kernels }) => (
          <option key={name} value={name}>
            {kernels.startsWith(name) ? kernels : `${name}: ${kernels}`}
          </option>
        ))}
        {own.map((name) => (
          <option key={name} value={name}>
            {name}: your own
          </option>
        ))}
      </select>
    </label>
  );
}
