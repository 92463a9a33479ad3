/** Checked by `tsc -p test`: a set of flags is no plain bigint, and no number at all. Nothing here runs. */
import type { VM_READ, VmFlags, vmFlags } from 'vma-core';

type Expect<T extends true> = T;
type Takes<To, From> = [From] extends [To] ? true : false;
type Refuses<To, From> = [From] extends [To] ? false : true;

export type Flags = [
  Expect<Refuses<VmFlags, bigint>>,
  Expect<Refuses<VmFlags, number>>,
  Expect<Refuses<VmFlags, 1n>>,
  Expect<Takes<bigint, VmFlags>>,
  Expect<Takes<VmFlags, typeof VM_READ>>,
  Expect<Takes<VmFlags, ReturnType<typeof vmFlags>>>,
];
