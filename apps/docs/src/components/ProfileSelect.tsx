import kernels from '@generated/kernels/default/kernels.json';
import type { ReactNode } from 'react';

interface ProfileSelectProps {
  readonly value: string;
  readonly onChange: (profile: string) => void;
  readonly label?: string;
  /** Names of profiles besides the seven. */
  readonly own?: readonly string[];
  /** What a version is, which a link or a recording may name in the place of a profile. */
  readonly textOf?: (version: string) => string;
  /** A reader points at it, or comes to it by the keyboard. */
  readonly onApproach?: () => void;
  /** Where there is little room: names alone, and the kernels of the chosen one under the pointer. */
  readonly short?: boolean;
}

/**
 * Chooses one of the seven kernel profiles, whose names the build wrote down: the engine is not needed for it. A version, as a link or a
 * recording may name it, is an eighth choice.
 */
export function ProfileSelect({
  value,
  onChange,
  label = 'Kernel',
  own = [],
  short = false,
  textOf,
  onApproach,
}: ProfileSelectProps): ReactNode {
  const known = [...kernels.map(({ name }) => name), ...own];
  const chosen = kernels.find(({ name }) => name === value);
  return (
    <label className="profile-select">
      <span>{label}</span>
      <select
        value={value}
        onPointerEnter={onApproach}
        onFocus={onApproach}
        title={short ? chosen?.kernels : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {kernels.map(({ name, kernels: says }) => (
          <option key={name} value={name}>
            {short ? name : says.startsWith(name) ? says : `${name}: ${says}`}
          </option>
        ))}
        {!known.includes(value) && <option value={value}>{textOf?.(value) ?? value}</option>}
        {own.map((name) => (
          <option key={name} value={name}>
            {name}: your own
          </option>
        ))}
      </select>
    </label>
  );
}
