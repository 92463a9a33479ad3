import type { Op, UffdFeatures } from 'fork-sim';
import type { Random } from './random.ts';
import type { RangePicker } from './rangePicker.ts';

/** Random calls on two userfaultfds, each with features of its own. */
export class RandomUffdOps {
  readonly #random: Random;
  readonly #ranges: RangePicker;
  readonly #features: readonly UffdFeatures[];

  constructor(random: Random, ranges: RangePicker) {
    this.#random = random;
    this.#ranges = ranges;
    this.#features = [0, 1].map(() => ({
      ...(random.chance(40) ? { eventFork: true } : {}),
      ...(random.chance(30) ? { eventRemap: true } : {}),
      ...(random.chance(30) ? { unpopulated: true } : {}),
      ...(random.chance(15) ? { async: true } : {}),
    }));
  }

  /** Which of the two, and its features. */
  #which(): UffdFeatures & { readonly uffd?: number } {
    const n = this.#random.chance(15) ? 1 : 0;
    return { ...(n === 0 ? {} : { uffd: n }), ...this.#features[n] };
  }

  /** Registration, and protection against writing. */
  protecting(): Op {
    const r = this.#random;
    const which = this.#which();
    const { page, pages } = this.#ranges.range();
    const range = { page, pages };
    switch (r.weighted({ register: 20, wp: 24, unregister: 6, copy: 4, zero: 2, close: 1 })) {
      case 'register': {
        const mode = r.weighted({ wp: 12, 'wp+missing': 4, missing: 3 });
        return { op: 'uffd_register', ...range, mode, ...which };
      }
      case 'wp':
        return { op: 'uffd_wp', ...range, on: r.chance(75), ...which };
      case 'unregister':
        return { op: 'uffd_unregister', ...range, ...which };
      case 'close':
        return { op: 'uffd_close', ...(which.uffd === undefined ? {} : { uffd: which.uffd }) };
      case 'copy': {
        const wp = r.chance(40) ? { wp: true } : {};
        return { op: 'uffd_copy', page, pages: Math.min(pages, 8), ...wp, ...which };
      }
      default:
        return { op: 'uffd_zero', page, pages: Math.min(pages, 8), ...which };
    }
  }

  /** Registration, and the filling of missing pages. */
  filling(): Op {
    const r = this.#random;
    const which = this.#which();
    const { page, pages } = this.#ranges.range();
    const range = { page, pages };
    const some = { page, pages: Math.min(pages, r.int(1, 8)) };
    switch (r.weighted({ register: 8, copy: 12, zero: 7, wp: 4, remove: 5, dontneed: 5 })) {
      case 'register': {
        const mode = r.weighted({ missing: 8, 'wp+missing': 6, wp: 2 });
        return { op: 'uffd_register', ...range, mode, ...which };
      }
      case 'copy':
        return { op: 'uffd_copy', ...some, ...(r.chance(30) ? { wp: true } : {}), ...which };
      case 'zero':
        return { op: 'uffd_zero', ...some, ...which };
      case 'wp':
        return { op: 'uffd_wp', ...range, on: r.chance(75), ...which };
      case 'remove':
        return { op: 'madvise', ...some, advice: 'REMOVE' };
      default:
        return { op: 'madvise', ...some, advice: 'DONTNEED' };
    }
  }
}
