import type { ComponentProps, ReactNode } from 'react';
import { versionText } from '../../link/kernelVersion.ts';
import { ProfileSelect } from '../ProfileSelect.tsx';

/** A choice of kernels where a link or a file may have chosen a version. */
export function KernelSelect(props: Omit<ComponentProps<typeof ProfileSelect>, 'textOf'>): ReactNode {
  return <ProfileSelect {...props} textOf={versionText} />;
}
