import { describe, expect, it } from 'vitest';
import { type DiagramOptions, type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import { type Errno, NO_VMA, PROT_EXEC, PROT_GROWSDOWN, PROT_NONE, PROT_READ, PROT_WRITE } from '../../src/index.ts';
import { anonVmaPrepare } from '../../src/merge/index.ts';
import { mprotect } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const RW = PROT_READ | PROT_WRITE;
const R = 'rd mr mw me';
const W = 'rd wr mr mw me ac';

describe('mprotect', () => {
  it.each([
    ['a whole VMA', 'AAAA', 0, 4, 'AAAA', ['rd mr mw me']],
    ['its start', 'AAAA', 0, 2, 'AABB', [R, W]],
    ['its end', 'AAAA', 2, 2, 'AABB', [W, R]],
    ['its middle', 'AAAA', 1, 2, 'ABBC', [W, R, W]],
    ['several', 'AABB', 1, 2, 'ACCB', [W, R, W]],
    ['nothing at all', 'AAAA', 1, 0, 'AAAA', [W]],
  ])('changes %s: %s', (_, drawing, at, pages, after, flags) => {
    inEachProfile(drawing, { all: { flags: W, anonVma: null } }, (drawn) => {
      expect(mprotect(drawn.mm, page(at), page(pages), PROT_READ)).toBe(0);
      expect(drawn.draw()).toBe(after);
      expect(flagsOfVmas(drawn)).toEqual(flags);
    });
  });

  it('goes on behind a VMA that the last change merged with', () => {
    // B becomes like A and merges into it; then C becomes like both.
    inEachProfile('AABBCC', { letters: { B: { flags: R }, C: { flags: R } } }, (drawn) => {
      expect(mprotect(drawn.mm, page(2), page(4), RW)).toBe(0);
      expect(drawn.draw()).toBe('AAAAAA');
    });
  });

  it('takes no part in a merge that reaches beyond the range', () => {
    // B becomes like C, which is not in the range, and merges with it.
    inEachProfile('BBCC', { letters: { B: { flags: R } } }, (drawn) => {
      expect(mprotect(drawn.mm, 0, page(2), RW)).toBe(0);
      expect(drawn.draw()).toBe('CCCC');
    });
  });

  it('that changes nothing does nothing: neighbours that could merge stay two', () => {
    inEachProfile('AABB', {}, (drawn) => {
      expect(mprotect(drawn.mm, page(1), page(1), RW)).toBe(0);
      expect(drawn.draw()).toBe('AABB');
    });
  });

  it('keeps every flag but those of access', () => {
    const all = { flags: 'rd wr mr mw me lo sr dc ac dd nh sd' };
    inEachProfile('A', { all }, (drawn) => {
      mprotect(drawn.mm, 0, page(1), PROT_EXEC);
      expect(flagsOfVmas(drawn)[0]?.replace(' ac', '')).toBe('ex mr mw me lo sr dc dd sd nh');
    });
  });

  it('tells page tables after the flags are stored', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('AAAA', { pageOps });
    mprotect(drawn.mm, page(1), page(2), PROT_READ);
    expect(calls).toEqual([['changeProtection', drawn.mm.findVma(page(1)), page(1), page(3)]]);
  });
});

describe('VM_ACCOUNT', () => {
  it.each([
    ['is gained by private memory that becomes writable', 'rd mr mw me', RW, 'rd wr mr mw me ac'],
    ['is not gained with MAP_NORESERVE', 'rd mr mw me nr', RW, 'rd wr mr mw me nr'],
    ['is not gained by a shared mapping', 'rd sh mr mw me ms', RW, 'rd wr sh mr mw me ms'],
    ['is not gained twice', 'rd mr mw me ac', RW, 'rd wr mr mw me ac'],
    ['is lost by anonymous memory that was never written', 'rd wr mr mw me ac', PROT_READ, 'rd mr mw me'],
  ])('%s', (_, flags, prot, after) => {
    inEachProfile('A', { all: { flags } }, (drawn) => {
      expect(mprotect(drawn.mm, 0, page(1), prot)).toBe(0);
      expect(flagsOfVmas(drawn)).toEqual([after]);
    });
  });

  it('is kept by anonymous memory that was written, and by a file mapping', () => {
    for (const all of [{ anonVma: 1 }, { file: 3 }]) {
      inEachProfile('A', { all }, (drawn) => {
        mprotect(drawn.mm, 0, page(1), PROT_READ);
        expect(flagsOfVmas(drawn)).toEqual(['rd mr mw me ac']);
      });
    }
  });

  /** A round trip of the middle: read-only and writable again. */
  const roundTrip = (written: boolean, then: (drawn: DrawnMm) => void): void => {
    inEachProfile('AAAAAA', { letters: { A: written ? { anonVma: 1 } : {} } }, (drawn) => {
      mprotect(drawn.mm, page(2), page(2), PROT_READ);
      expect(drawn.mm.mapCount).toBe(3);
      mprotect(drawn.mm, page(2), page(2), RW);
      then(drawn);
    });
  };

  it('comes back on a round trip, which so ends in one VMA again, written or not', () => {
    for (const written of [false, true]) roundTrip(written, ({ mm }) => expect(mm.mapCount).toBe(1));
  });

  it('keeps apart what began read-only and what began writable', () => {
    inEachProfile('AABB', { letters: { B: { flags: R } } }, (drawn) => {
      // Made read-only, A loses ACCOUNT, for nothing was written: they are alike.
      mprotect(drawn.mm, 0, page(2), PROT_READ);
      expect(drawn.draw()).toBe('BBBB');
    });
    inEachProfile('AABB', { letters: { B: { flags: R } } }, (drawn) => {
      anonVmaPrepare(drawn.mm, drawn.ref('A'));
      mprotect(drawn.mm, 0, page(2), PROT_READ);
      expect(drawn.draw()).toBe('AABB');
      expect(flagsOfVmas(drawn)).toEqual(['rd mr mw me ac', 'rd mr mw me']);
    });
  });
});

describe('mprotect refuses', () => {
  const options: DiagramOptions = {
    letters: { B: { flags: 'rd mr me' }, S: { flags: 'rd mr mw me sl' } },
  };
  it.each<[string, number, number, number, Errno, string[]]>([
    ['an unaligned address', 100, 1, PROT_READ, 'EINVAL', [W, 'rd mr me', W, 'rd mr mw me sl']],
    ['unknown bits', 0, 1, 0x40, 'EINVAL', [W, 'rd mr me', W, 'rd mr mw me sl']],
    ['a hole at the start', page(6), 1, PROT_READ, 'ENOMEM', [W, 'rd mr me', W, 'rd mr mw me sl']],
    ['nothing mapped at all', page(20), 1, PROT_READ, 'ENOMEM', [W, 'rd mr me', W, 'rd mr mw me sl']],
    ['a hole: what lies before it has changed', page(4), 4, PROT_READ, 'ENOMEM', [W, 'rd mr me', R, 'rd mr mw me sl']],
    [
      'what may never be written: what lies before it has changed',
      0,
      4,
      RW,
      'EACCES',
      [W, 'rd mr me', W, 'rd mr mw me sl'],
    ],
    ['what is sealed', page(7), 1, RW, 'EPERM', [W, 'rd mr me', W, 'rd mr mw me sl']],
  ])('%s: %5$s', (_, addr, pages, prot, errno, flags) => {
    inEachProfile('AABBCC.S', options, (drawn) => {
      expect(mprotect(drawn.mm, addr, page(pages), prot)).toBe(errno);
      expect(flagsOfVmas(drawn)).toEqual(flags);
    });
  });

  it('what may never be written, after what lies before it has changed', () => {
    inEachProfile('AABB', { letters: { A: { flags: R }, B: { flags: 'rd mr me' } } }, (drawn) => {
      expect(mprotect(drawn.mm, 0, page(4), RW)).toBe('EACCES');
      expect(flagsOfVmas(drawn)).toEqual([W, 'rd mr me']);
    });
  });

  it('sealed memory even where nothing would change, and EACCES comes first', () => {
    inEachProfile('S', { all: { flags: 'rd mr sl' } }, ({ mm }) => {
      expect(mprotect(mm, 0, page(1), PROT_READ)).toBe('EPERM');
      expect(mprotect(mm, 0, page(1), RW)).toBe('EACCES');
    });
  });
});

describe('PROT_GROWSDOWN', () => {
  it('changes a stack from its start, wherever in it the range begins', () => {
    inEachProfile('.AAAA', { all: { flags: 'rd wr mr mw me gd ac' } }, (drawn) => {
      expect(mprotect(drawn.mm, page(3), page(1), PROT_READ | PROT_GROWSDOWN)).toBe(0);
      expect(flagsOfVmas(drawn)).toEqual(['rd mr mw me gd', 'rd wr mr mw me gd ac']);
      expect(drawn.mm.vmas()[0]).toMatchObject({ vmStart: page(1), vmEnd: page(4) });
    });
  });

  it('is EINVAL on what is no stack', () => {
    inEachProfile('A', {}, ({ mm }) => {
      expect(mprotect(mm, 0, page(1), PROT_READ | PROT_GROWSDOWN)).toBe('EINVAL');
    });
  });
});

describe('locked memory that becomes writable', () => {
  it.each([
    ['private, so far read-only', 'rd mr mw me lo', RW, true],
    ['shared', 'rd sh mr mw me ms lo', RW, false],
    ['writable already', 'wr mr mw me lo ac', RW, false],
    ['not locked', 'rd mr mw me', RW, false],
    ['not made writable', 'mr mw me lo', PROT_READ, false],
    ['not made accessible', 'rd mr mw me lo', PROT_NONE, false],
  ])('%s: faulted in, %4$s', (_, flags, prot, faulted) => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('A', { pageOps, all: { flags } });
    expect(mprotect(drawn.mm, 0, page(1), prot)).toBe(0);
    const expected = faulted ? [['populateVma', drawn.ref('A'), 0, page(1)]] : [];
    expect(calls.filter(([name]) => name === 'populateVma')).toEqual(expected);
    expect(drawn.mm.findVma(0)).not.toBe(NO_VMA);
  });
});
