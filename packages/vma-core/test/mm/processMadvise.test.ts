import { describe, expect, it } from 'vitest';
import { MADV } from '../../src/index.ts';
import { type AdvisedRange, processMadvise } from '../../src/mm/index.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const range = (at: number, pages: number): AdvisedRange => ({ addr: page(at), length: page(pages) - page(0) });

describe('process_madvise', () => {
  it.each<readonly [string, readonly (readonly [number, number])[], number | string]>([
    [
      'all ranges',
      [
        [0, 1],
        [3, 1],
      ],
      2,
    ],
    [
      'those before a hole',
      [
        [0, 2],
        [2, 1],
        [3, 1],
      ],
      2,
    ],
    [
      'none where the first is a hole',
      [
        [2, 1],
        [0, 1],
      ],
      'ENOMEM',
    ],
    [
      'nothing of an empty range',
      [
        [0, 0],
        [1, 1],
      ],
      1,
    ],
    ['no range', [], 0],
  ])('advises %s', (_, ranges, pages) => {
    inEachProfile('AA.B', {}, ({ mm }) => {
      for (const own of [true, false]) {
        const result = processMadvise(
          mm,
          ranges.map(([at, count]) => range(at, count)),
          { advice: MADV.COLD, own },
        );
        expect(result).toBe(typeof pages === 'number' ? page(pages) - page(0) : pages);
      }
    });
  });

  it('takes every advice for the memory of its caller since 6.13, and elsewhere only that which loses nothing', () => {
    inEachProfile('AA', {}, ({ mm }) => {
      const { processMadviseOwn, processMadviseWillneed } = mm.profile;
      const give = (advice: number, own: boolean): number | string => processMadvise(mm, [], { advice, own });
      expect(give(MADV.DONTFORK, true)).toBe(processMadviseOwn ? 0 : 'EINVAL');
      expect(give(MADV.DONTFORK, false)).toBe('EINVAL');
      expect(give(MADV.WILLNEED, false)).toBe(processMadviseWillneed ? 0 : 'EINVAL');
      expect(processMadvise(mm, [], { advice: MADV.COLD, own: true, flags: 1 })).toBe('EINVAL');
    });
  });

  it('stops where the bytes of a known answer end', () => {
    inEachProfile('AAAA', {}, (drawn) => {
      if (!drawn.mm.profile.processMadviseOwn) return;
      const request = { advice: MADV.DONTFORK, own: true, most: page(1) - page(0) };
      processMadvise(drawn.mm, [range(0, 1), range(2, 1)], request);
      expect(drawn.draw()).toBe('ABBB');
    });
  });
});
