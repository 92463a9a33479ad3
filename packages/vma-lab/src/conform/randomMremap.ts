import type { OpOf } from 'fork-sim';
import type { Flavour } from './flavours.ts';
import type { Random } from './random.ts';
import type { RangePicker } from './rangePicker.ts';

/** A random `mremap`, in one of its forms. */
export function randomMremap(r: Random, { odd, reserve, weird }: Flavour, ranges: RangePicker): OpOf<'mremap'> {
  const { page, pages } = ranges.range();
  const grown = ranges.atMost(pages + r.int(1, 6));
  const fixed = (newPages: number): OpOf<'mremap'> => {
    const newPage = ranges.start(newPages);
    ranges.remember({ page: newPage, pages: newPages });
    return { op: 'mremap', page, pages, newPages, newPage };
  };
  const form = r.weighted({
    same: 13,
    grow: 3,
    shrink: 2,
    inPlace: 4,
    dontUnmap: 4,
    zero: odd ? 2 : 0,
    mayMove: reserve ? 8 : weird ? 3 : 0,
  });
  switch (form) {
    case 'same':
      return fixed(pages);
    case 'grow':
      return fixed(grown);
    case 'shrink':
      return fixed(Math.max(1, pages - r.int(1, 4)));
    case 'dontUnmap':
      return { ...fixed(odd && r.chance(8) ? grown : pages), dontUnmap: true };
    case 'zero':
      return { ...fixed(r.int(1, 8)), pages: 0 };
    case 'mayMove':
      return { op: 'mremap', page, pages, newPages: r.chance(70) ? grown : r.int(1, pages), mayMove: true };
    default:
      return { op: 'mremap', page, pages, newPages: r.chance(65) ? grown : r.int(1, pages) };
  }
}
