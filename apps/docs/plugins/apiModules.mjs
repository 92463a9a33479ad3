// @ts-check

/**
 * An entry of a package that the reference has pages for.
 * @typedef {object} ApiModule
 * @property {string} name of its folder in the reference
 * @property {string} from what one imports from
 * @property {string} file its source, below `packages/`
 * @property {string} [says] what it is; by default the description of its package
 */

/** @type {readonly ApiModule[]} In the order of the reference. */
export const API_MODULES = [
  { name: 'vma-core', from: 'vma-core', file: 'vma-core/src/index.ts' },
  {
    name: 'vma-core-calls',
    from: 'vma-core/calls',
    file: 'vma-core/src/mm/index.ts',
    says: 'The system calls on an address space.',
  },
  {
    name: 'vma-core-merge',
    from: 'vma-core/merge',
    file: 'vma-core/src/merge/index.ts',
    says: 'The steps of a merge under their kernel names, and anon_vmas.',
  },
  {
    name: 'vma-core-words',
    from: 'vma-core/words',
    file: 'vma-core/src/words/index.ts',
    says: 'Refusals in fewer words, and their values.',
  },
  {
    name: 'vma-core-profiles',
    from: 'vma-core/profiles',
    file: 'vma-core/src/profiles/index.ts',
    says: "Each kernel as a constant, and kernels of one's own.",
  },
  {
    name: 'vma-core-changes',
    from: 'vma-core/changes',
    file: 'vma-core/src/changes/index.ts',
    says: 'Which commit changed a rule, in which release, and how sure the rules of a version are.',
  },
  {
    name: 'vma-core-diagram',
    from: 'vma-core/diagram',
    file: 'vma-core/src/diagram/index.ts',
    says: 'Drawings of VMAs, and merges of what is drawn.',
  },
  {
    name: 'vma-core-validate',
    from: 'vma-core/validate',
    file: 'vma-core/src/validateMm.ts',
    says: 'What must hold of every address space.',
  },
  { name: 'pt-model', from: 'pt-model', file: 'pt-model/src/index.ts' },
  { name: 'proc-io', from: 'proc-io', file: 'proc-io/src/index.ts' },
  { name: 'fork-sim', from: 'fork-sim', file: 'fork-sim/src/index.ts' },
  {
    name: 'fork-sim-worker',
    from: 'fork-sim/worker',
    file: 'fork-sim/src/worker/index.ts',
    says: 'The simulation in a worker of the browser: its client, its calls and their answers.',
  },
  {
    name: 'fork-sim-node',
    from: 'fork-sim/node',
    file: 'fork-sim/src/node/index.ts',
    says: 'The same client, with a worker thread of Node. What it exports besides is that of `fork-sim/worker`.',
  },
  { name: 'vma-lab', from: 'vma-lab', file: 'vma-lab/src/index.ts' },
];
