import { ARENA_PAGES } from 'fork-sim';
import type { Flavour } from './flavours.ts';
import type { Random } from './random.ts';

/** A range of the arena, in pages. */
export interface PageRange {
  readonly page: number;
  readonly pages: number;
}

/** Ranges that are remembered. */
const REMEMBERED = 8;

/**
 * Picks ranges of the arena, steered by a coarse picture of what is mapped: next to what calls have named, over its edges, back to where
 * it was.
 */
export class RangePicker {
  readonly #random: Random;
  readonly #flavour: Flavour;
  /** Pages of the arena that are used. */
  readonly #end: number;
  /** Ranges that operations have named: what is likely to be mapped. */
  readonly #ranges: PageRange[] = [];

  constructor(random: Random, flavour: Flavour) {
    this.#random = random;
    this.#flavour = flavour;
    this.#end = flavour.span?.pages ?? flavour.pages ?? ARENA_PAGES;
  }

  /** Whether a page lies behind all that is used. */
  isOutside(page: number): boolean {
    return page >= this.#end;
  }

  /** As many pages, no more than are used. */
  atMost(pages: number): number {
    return Math.min(pages, this.#end);
  }

  remember(range: PageRange): void {
    this.#ranges.push(range);
    if (this.#ranges.length > REMEMBERED) this.#ranges.shift();
  }

  /** A number of pages: most often a few. */
  size(): number {
    const r = this.#random;
    const { span } = this.#flavour;
    if (span !== undefined && r.chance(30)) return r.pick(span.sizes);
    return this.atMost(r.weighted({ small: 5, large: 1 }) === 'small' ? r.int(1, 8) : r.int(8, 16));
  }

  /** Where a range of that size begins, most often next to or in a range that was named before. */
  start(pages: number): number {
    const r = this.#random;
    const limit = this.#end - pages;
    return Math.max(0, Math.min(this.#anyStart(r, pages, limit), limit));
  }

  #anyStart(r: Random, pages: number, limit: number): number {
    if (this.#ranges.length > 0 && r.chance(75)) {
      const known = r.pick(this.#ranges);
      return r.pick([known.page + known.pages, known.page - pages, known.page, known.page + known.pages - pages]);
    }
    const { span } = this.#flavour;
    if (span === undefined) return r.int(0, Math.max(0, limit));
    const [, from, length] = r.pick(span.windows);
    return from + r.int(0, length - 1);
  }

  /** A range, most often (a part of) one that was named before, sometimes over its edges or several. */
  range(): PageRange {
    const r = this.#random;
    if (this.#ranges.length === 0 || r.chance(8)) {
      const pages = this.size();
      return { page: this.start(pages), pages };
    }
    const { page, pages } = r.pick(this.#ranges);
    const part = r.int(1, pages);
    switch (r.weighted({ whole: 8, head: 4, tail: 4, middle: 3, over: 2, span: 2 })) {
      case 'whole':
        return { page, pages };
      case 'head':
        return { page, pages: part };
      case 'tail':
        return { page: page + pages - part, pages: part };
      case 'middle': {
        const from = r.int(0, pages - 1);
        return { page: page + from, pages: r.int(1, pages - from) };
      }
      case 'over': {
        const from = Math.max(0, page - r.int(0, 3));
        return { page: from, pages: this.atMost(page + pages + r.int(0, 3)) - from };
      }
      default: {
        const other = r.pick(this.#ranges);
        const from = Math.min(page, other.page);
        const to = Math.max(page + pages, other.page + other.pages);
        return { page: from, pages: to - from };
      }
    }
  }

  /** A range of a guard: most often of a page or three. */
  guardRange(): PageRange {
    const range = this.range();
    const r = this.#random;
    return r.chance(60) ? { page: range.page, pages: Math.min(range.pages, r.int(1, 3)) } : range;
  }
}
