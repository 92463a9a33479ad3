import type { ReactNode } from 'react';
import { KERNEL_PROFILES } from 'vma-core';
import { versionNote } from '../link/kernelVersion.ts';

/** Of versions that are no profile's name: which profile each takes, and whether it was measured. */
export function KernelNote({ kernels }: { readonly kernels: readonly string[] }): ReactNode {
  const versions = kernels.filter((kernel) => !KERNEL_PROFILES.some(({ name }) => name === kernel));
  const notes = versions.map(versionNote).filter((note) => note !== null);
  if (notes.length === 0) return null;
  return <p className="playground-note kernel-note">{notes.map((note) => `Kernel ${note}.`).join(' ')}</p>;
}
