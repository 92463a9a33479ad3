import { type Backing, FILE_PAGES, type OpOf } from 'fork-sim';
import type { Flavour } from './flavours.ts';
import type { Random } from './random.ts';
import type { RangePicker } from './rangePicker.ts';

/** A random mapping, and the range that it names. */
export function randomMmap(r: Random, flavour: Flavour, ranges: RangePicker): OpOf<'mmap'> {
  const { odd, reserve, weird } = flavour;
  const pages = ranges.size();
  const page = ranges.start(pages);
  ranges.remember({ page, pages });
  const prot = r.weighted({ rw: 12, r: 5, none: 2, rwx: 1, rx: 1 });
  const free = (reserve && r.chance(60)) || (weird && r.chance(8));
  const more: number = flavour.ops.file === undefined ? 0 : 3;
  const backing: Backing = r.weighted({
    anon: 14,
    file0: 5,
    file1: 1,
    file0b: 1,
    sysv: odd ? 2 : 0,
    file0r: more,
    memfd0: more,
  });
  if (backing === 'sysv') {
    // shmat knows no hints.
    const where = free ? { anywhere: true } : { page };
    return { op: 'mmap', pages, ...where, prot: 'rw', backing, shared: true };
  }
  const where = free ? (r.chance(60) ? { anywhere: true } : { hint: page }) : { page };
  const shared = r.chance(backing === 'anon' ? 12 : 30);
  const droppable = backing === 'anon' && !shared && r.chance(odd ? 6 : 1);
  const growsdown =
    !droppable && r.chance(flavour.span !== undefined && flavour.span.pages <= 4096 ? 20 : odd || reserve ? 3 : 0);
  return {
    op: 'mmap',
    pages,
    ...where,
    prot,
    ...(backing === 'anon' ? {} : { backing, pgoff: randomPgoff(r, page, pages) }),
    ...(shared ? { shared } : {}),
    ...(r.chance(5) ? { noreserve: true } : {}),
    ...(r.chance(odd ? 6 : 3) ? { locked: true } : {}),
    ...(r.chance(8) ? { populate: true } : {}),
    ...(r.chance(odd ? 4 : 1) ? { stack: true } : {}),
    ...(droppable ? { droppable } : {}),
    ...(growsdown ? { growsdown } : {}),
    ...(!free && r.chance(4) ? { noreplace: true } : {}),
  };
}

/** Mostly offsets that continue from one mapping to the next; sometimes at the file's end. */
function randomPgoff(r: Random, page: number, pages: number): number {
  const near = page % 512;
  if (pages > 200) return r.pick([0, 512, near]);
  if (r.weighted({ same: 8, other: 3 }) === 'same') return near % 200;
  return r.chance(60) ? FILE_PAGES - r.int(0, pages) : r.int(0, FILE_PAGES - 6);
}
