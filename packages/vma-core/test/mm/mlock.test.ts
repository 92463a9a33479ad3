import { describe, expect, it } from 'vitest';
import { mmFromDiagram } from '../../src/diagram/index.ts';
import {
  type Errno,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MLOCK_ONFAULT,
  type SyscallResult,
  TASK_SIZE,
} from '../../src/index.ts';
import { mlock, mlockall, munlock, munlockall } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const locks = (drawn: Parameters<typeof flagsOfVmas>[0]): string[] =>
  flagsOfVmas(drawn).map((flags) =>
    flags
      .split(' ')
      .filter((one) => one === 'lo' || one === 'lf')
      .join(' '),
  );

describe('mlock', () => {
  it('locks the pages that the range touches, cutting at its edges', () => {
    inEachProfile('AAAAAA', {}, (drawn) => {
      expect(mlock(drawn.mm, page(2) + 100, page(1))).toBe(0);
      expect(drawn.draw()).toBe('AABBCC');
      expect(locks(drawn)).toEqual(['', 'lo', '']);
    });
  });

  it('with MLOCK_ONFAULT locks what will be faulted in; a second one without it takes that back', () => {
    inEachProfile('AA', {}, (drawn) => {
      expect(mlock(drawn.mm, 0, page(2), MLOCK_ONFAULT)).toBe(0);
      expect(locks(drawn)).toEqual(['lo lf']);
      expect(mlock(drawn.mm, 0, page(2))).toBe(0);
      expect(locks(drawn)).toEqual(['lo']);
    });
  });

  it('munlock takes both away, and merges again', () => {
    inEachProfile('AAAA', {}, (drawn) => {
      mlock(drawn.mm, page(1), page(1), MLOCK_ONFAULT);
      expect(drawn.mm.mapCount).toBe(3);
      expect(munlock(drawn.mm, page(1), page(1))).toBe(0);
      expect(drawn.draw()).toBe('AAAA');
      expect(locks(drawn)).toEqual(['']);
    });
  });

  it.each(['io', 'de', 'pf', 'mm', 'ht', 'dp'])('passes over %s in silence', (flag) => {
    inEachProfile('AA', { all: { flags: `rd wr mr mw me ${flag}` } }, (drawn) => {
      expect(mlock(drawn.mm, 0, page(1))).toBe(0);
      expect(drawn.draw()).toBe('AA');
      expect(locks(drawn)).toEqual(['']);
    });
  });

  it.each<[string, string, number, number, Errno, string[]]>([
    ['a hole in the middle: what lies before it is locked', 'AA.B', 0, 4, 'ENOMEM', ['lo', '']],
    ['a hole at the start', '..A', 1, 2, 'ENOMEM', ['']],
    ['a hole at the end', 'AA..', 0, 4, 'ENOMEM', ['lo']],
    ['nothing mapped', '....', 0, 1, 'ENOMEM', []],
  ])('%s: %s', (_, drawing, at, pages, errno, expected) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(mlock(drawn.mm, page(at), page(pages))).toBe(errno);
      expect(locks(drawn)).toEqual(expected);
    });
  });

  it.each<[string, number, number, number, Errno]>([
    ['unknown flags', 0, page(1), 2, 'EINVAL'],
    ['a range that starts past user space', TASK_SIZE + page(1), page(1), 0, 'ENOMEM'],
  ])('refuses %s', (_, addr, length, flags, errno) => {
    inEachProfile('AA', {}, (drawn) => {
      expect(mlock(drawn.mm, addr, length, flags)).toBe(errno);
      expect(locks(drawn)).toEqual(['']);
    });
  });

  it('of a range that ends past user space locks what is there', () => {
    inEachProfile('AA', {}, (drawn) => {
      expect(mlock(drawn.mm, 0, TASK_SIZE + page(1))).toBe('ENOMEM');
      expect(locks(drawn)).toEqual(['lo']);
    });
  });

  it('of no length does nothing', () => {
    inEachProfile('AA', {}, (drawn) => {
      expect(mlock(drawn.mm, 0, 0)).toBe(0);
      expect(locks(drawn)).toEqual(['']);
    });
  });
});

describe('mlock faults in', () => {
  it.each<[SyscallResult, SyscallResult]>([
    [0, 0],
    ['EFAULT', 'ENOMEM'],
    ['ENOMEM', 'EAGAIN'],
  ])('%s from page tables is %s, and all is locked', (answer, result) => {
    const { calls, pageOps } = pageCalls({ populate: answer });
    const drawn = mmFromDiagram('AA', { pageOps });
    expect(mlock(drawn.mm, 100, page(1))).toBe(result);
    expect(calls).toEqual([['populate', 0, page(2), false]]);
    expect(locks(drawn)).toEqual(['lo']);
  });

  it('nothing where there is a hole: what lies before it is only locked', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('A.', { pageOps });
    expect(mlock(drawn.mm, 0, page(2))).toBe('ENOMEM');
    expect(calls).toEqual([]);
    expect(locks(drawn)).toEqual(['lo']);
  });
});

describe('mlockall', () => {
  it('MCL_CURRENT locks what is mapped and faults it in, and does not mind what that answers', () => {
    const { calls, pageOps } = pageCalls({ populate: 'ENOMEM' });
    const drawn = mmFromDiagram('AA.BB.C', { pageOps, letters: { B: { flags: 'rd mr io' } } });
    expect(mlockall(drawn.mm, MCL_CURRENT)).toBe(0);
    expect(locks(drawn)).toEqual(['lo', '', 'lo']);
    expect(calls).toEqual([['populate', 0, TASK_SIZE, true]]);
  });

  it('merges neighbours that become alike, all the way through', () => {
    inEachProfile(
      'ABCD',
      { letters: { B: { flags: 'rd wr mr mw me lo ac' }, D: { flags: 'rd wr mr mw me lo ac' } } },
      (drawn) => {
        mlockall(drawn.mm, MCL_CURRENT);
        expect(locks(drawn)).toEqual(['lo']);
        munlockall(drawn.mm);
        expect(locks(drawn)).toEqual(['']);
      },
    );
  });

  it('MCL_ONFAULT goes with either', () => {
    inEachProfile('A', {}, (drawn) => {
      expect(mlockall(drawn.mm, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)).toBe(0);
      expect(locks(drawn)).toEqual(['lo lf']);
      expect(munlockall(drawn.mm)).toBe(0);
      expect(locks(drawn)).toEqual(['']);
    });
  });

  it('MCL_FUTURE alone leaves what is mapped as it is', () => {
    inEachProfile('A', {}, (drawn) => {
      expect(mlockall(drawn.mm, MCL_FUTURE)).toBe(0);
      expect(locks(drawn)).toEqual(['']);
    });
  });

  it.each([0, MCL_ONFAULT, 8, MCL_CURRENT | 8])('%i is EINVAL', (flags) => {
    inEachProfile('A', {}, (drawn) => {
      expect(mlockall(drawn.mm, flags)).toBe('EINVAL');
      expect(locks(drawn)).toEqual(['']);
    });
  });
});
