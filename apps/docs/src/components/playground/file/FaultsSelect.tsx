import type { FaultAssumption } from 'fork-sim';
import type { ReactNode } from 'react';
import { FAULTS } from '../../../link/shareLink.ts';

const TEXTS: Readonly<Record<FaultAssumption, string>> = {
  'on-map': 'as soon as it is writable',
  auto: 'at the start as smaps says, later as soon as it is writable',
  never: 'never',
};

interface FaultsSelectProps {
  readonly value: FaultAssumption;
  readonly onChange: (faults: FaultAssumption) => void;
}

/** Chooses when private memory of a log counts as written: which VMAs merge, and what a fork copies, depends on it. */
export function FaultsSelect({ value, onChange }: FaultsSelectProps): ReactNode {
  return (
    <label className="profile-select">
      <span>Private memory counts as written</span>
      <select
        value={value}
        onChange={({ target }) => {
          const chosen = FAULTS.find((one) => one === target.value);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {FAULTS.map((one) => (
          <option key={one} value={one}>
            {TEXTS[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
