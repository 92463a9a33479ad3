/** Checked by `tsc -p test`: a VMA's slot is no address and no plain number. Nothing here runs. */
import type { NO_VMA, VirtAddr, VmaRef } from 'vma-core';

type Expect<T extends true> = T;
type Takes<To, From> = [From] extends [To] ? true : false;
type Refuses<To, From> = [From] extends [To] ? false : true;

export type Slots = [
  Expect<Refuses<VmaRef, number>>,
  Expect<Refuses<VmaRef, VirtAddr>>,
  Expect<Refuses<VirtAddr, VmaRef>>,
  Expect<Takes<number, VmaRef>>,
  Expect<Takes<VmaRef, typeof NO_VMA>>,
];
