import type { ReactNode } from 'react';
import { KERNEL_PROFILES, ProfileError } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';

interface ProfileSelectProps {
  readonly value: string;
  readonly onChange: (profile: string) => void;
  readonly label?: string;
  /** Names of profiles besides the seven. */
  readonly own?: readonly string[];
  /** Where there is little room: names alone, and the kernels of the chosen one under the pointer. */
  readonly short?: boolean;
}

/** Chooses one of the seven kernel profiles. A version, as a link or a recording may name it, is an eighth choice. */
export function ProfileSelect({
  value,
  onChange,
  label = 'Kernel',
  own = [],
  short = false,
}: ProfileSelectProps): ReactNode {
  const known = [...KERNEL_PROFILES.map(({ name }) => name), ...own];
  const chosen = KERNEL_PROFILES.find(({ name }) => name === value);
  return (
    <label className="profile-select">
      <span>{label}</span>
      <select
        value={value}
        title={short ? chosen?.kernels : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {KERNEL_PROFILES.map(({ name, kernels }) => (
          <option key={name} value={name}>
            {short ? name : kernels.startsWith(name) ? kernels : `${name}: ${kernels}`}
          </option>
        ))}
        {!known.includes(value) && <option value={value}>{versionText(value)}</option>}
        {own.map((name) => (
          <option key={name} value={name}>
            {name}: your own
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which profile a version takes, and whether it was measured; `null` where there is no such version. */
export function versionNote(kernel: string): string | null {
  try {
    return chooseKernelProfile(kernel).note;
  } catch (error) {
    if (error instanceof ProfileError) return null;
    throw error;
  }
}

function versionText(kernel: string): string {
  const note = versionNote(kernel);
  if (note === null) return `${kernel}: no such kernel`;
  const { profile, measured } = chooseKernelProfile(kernel);
  const words = [...(measured ? [] : ['not measured']), ...(profile.name === kernel ? [] : [`as ${profile.name}`])];
  return words.length === 0 ? kernel : `${kernel}: ${words.join(', ')}`;
}
