import type { Plugin } from '@docusaurus/types';
import { KERNEL_PROFILES } from 'vma-core';
import { dataPlugin } from './dataPlugin.ts';

/** The names of the seven profiles, and the kernels that each stands for. */
export default function kernels(): Plugin<readonly { readonly name: string; readonly kernels: string }[]> {
  return dataPlugin<readonly { readonly name: string; readonly kernels: string }[]>('kernels', 'kernels.json', () =>
    KERNEL_PROFILES.map(({ name, kernels: says }) => ({ name, kernels: says })),
  );
}
