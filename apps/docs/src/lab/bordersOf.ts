import { pairVerdicts } from 'fork-sim';
import type { Mm, Vma } from 'vma-core';
import type { MapBorder, MapVma } from './mapState.ts';

/** Every pair of VMAs that touch, and what keeps them apart. */
export function bordersOf(vmas: readonly Vma[], drawn: readonly MapVma[], mm: Mm): MapBorder[] {
  const letters = new Map(vmas.map((vma, i) => [vma.vmStart, drawn[i]] as const));
  return pairVerdicts(vmas, { profile: mm.profile, files: mm.files, softDirty: mm.softDirty }).flatMap(
    ({ below, above, refusal }) => {
      const a = letters.get(below.vmStart);
      const b = letters.get(above.vmStart);
      return a && b ? [{ page: b.start, below: a.letter, above: b.letter, refusal }] : [];
    },
  );
}
