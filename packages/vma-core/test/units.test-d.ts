/** Checked by `tsc -p test`: bytes and pages never mix. Nothing here runs. */
import type { Pgoff, VirtAddr, Vma } from 'vma-core';

type Expect<T extends true> = T;
type Takes<To, From> = [From] extends [To] ? true : false;
type Refuses<To, From> = [From] extends [To] ? false : true;

export type AddressesAndOffsets = [
  Expect<Refuses<VirtAddr, Pgoff>>,
  Expect<Refuses<Pgoff, VirtAddr>>,
  // A plain number becomes one only by virtAddr() and pgoff().
  Expect<Refuses<VirtAddr, number>>,
  Expect<Refuses<Pgoff, number>>,
  // Both are numbers to code that counts with them.
  Expect<Takes<number, VirtAddr>>,
  Expect<Takes<number, Pgoff>>,
];

export type FieldsOfVma = [
  Expect<Takes<VirtAddr, Vma['vmStart']>>,
  Expect<Takes<VirtAddr, Vma['vmEnd']>>,
  Expect<Takes<Pgoff, Vma['vmPgoff']>>,
  Expect<Refuses<Pgoff, Vma['vmStart']>>,
  Expect<Refuses<VirtAddr, Vma['vmPgoff']>>,
];
