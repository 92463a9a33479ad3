import type { FaultAssumption } from 'fork-sim';
import type { ReactNode } from 'react';
import { FAULTS } from '../../../words/faultPhrases.ts';

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
          const chosen = FAULTS.find((one) => one.value === target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {FAULTS.map(({ value: faults, text }) => (
          <option key={faults} value={faults}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
