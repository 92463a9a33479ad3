import type { FaultAssumption } from 'fork-sim';
import type { ReactNode } from 'react';
import { FAULTS, USUAL_FAULTS } from '../../../words/faultPhrases.ts';

interface FaultsSelectProps {
  /** `undefined`: nobody chose. */
  readonly value: FaultAssumption | undefined;
  readonly onChange: (faults: FaultAssumption | undefined) => void;
}

/** Chooses when private memory of a log counts as written: which VMAs merge, and what a fork copies, depends on it. */
export function FaultsSelect({ value, onChange }: FaultsSelectProps): ReactNode {
  return (
    <label className="profile-select">
      <span>Private memory counts as written</span>
      <select
        value={value ?? ''}
        onChange={({ target }) => onChange(FAULTS.find((one) => one.value === target.value)?.value)}
      >
        <option value="">{USUAL_FAULTS}</option>
        {FAULTS.map(({ value: faults, text }) => (
          <option key={faults} value={faults}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
