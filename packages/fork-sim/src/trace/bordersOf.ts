import type { Mm, Vma } from 'vma-core';
import { pairVerdicts } from '../process/pairVerdicts.ts';
import type { MapBorder, MapVma } from './mapState.ts';

/** Every pair of VMAs that touch, and what keeps them apart. `drawn` are the same VMAs, in the same order. */
export function bordersOf(vmas: readonly Vma[], drawn: readonly MapVma[], mm: Mm): MapBorder[] {
  const views = new Map(vmas.map((vma, i) => [vma.vmStart, drawn[i]] as const));
  return pairVerdicts(vmas, { profile: mm.profile, files: mm.files, softDirty: mm.softDirty }).flatMap(
    ({ below, above, refusal }) => {
      const a = views.get(below.vmStart);
      const b = views.get(above.vmStart);
      return a && b ? [{ page: b.start, below: a.letter, above: b.letter, refusal }] : [];
    },
  );
}
