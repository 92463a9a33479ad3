import type { Pfn, Pte, VirtPage } from 'pt-model';

/** `true` where a value of type `From` may stand for one of type `To`: checked by the compiler alone. */
type Assignable<From, To> = [From] extends [To] ? true : false;

/** Units do not mix; each is still a number. */
export const units: {
  pageIsNoFrame: Assignable<VirtPage, Pfn>;
  frameIsNoPage: Assignable<Pfn, VirtPage>;
  entryIsNoFrame: Assignable<Pte, Pfn>;
  numberIsNoPage: Assignable<number, VirtPage>;
  numberIsNoFrame: Assignable<number, Pfn>;
  numberIsNoEntry: Assignable<number, Pte>;
  pageIsANumber: Assignable<VirtPage, number>;
  frameIsANumber: Assignable<Pfn, number>;
} = {
  pageIsNoFrame: false,
  frameIsNoPage: false,
  entryIsNoFrame: false,
  numberIsNoPage: false,
  numberIsNoFrame: false,
  numberIsNoEntry: false,
  pageIsANumber: true,
  frameIsANumber: true,
};
