import * as io from 'proc-io';
import * as pt from 'pt-model';
import { describe, expect, it } from 'vitest';
import * as core from 'vma-core';
import * as sim from '../src/index.ts';
import * as worker from '../src/worker/shared.ts';

describe('the errors of calls', () => {
  it('are exported with the calls, and are those of the packages that throw them', () => {
    for (const { InputError, InvariantError, OutOfMemoryError, ProfileError } of [sim, worker]) {
      expect([InputError, OutOfMemoryError]).toEqual([io.InputError, pt.OutOfMemoryError]);
      expect([InvariantError, ProfileError]).toEqual([core.InvariantError, core.ProfileError]);
    }
  });
});

describe('InvariantError', () => {
  const thrown = [new core.InvariantError('of vma-core'), new pt.InvariantError('of pt-model')];

  it('of either package is an instance of both', () => {
    for (const error of thrown) {
      expect([error instanceof core.InvariantError, error instanceof pt.InvariantError]).toEqual([true, true]);
    }
  });

  it('is not any other error, nor anything else', () => {
    const others = [new Error('plain'), new core.ProfileError('x'), { name: 'InvariantError' }, 'InvariantError', null];
    expect(others.filter((other) => (other as object) instanceof core.InvariantError)).toEqual([]);
    expect(others.filter((other) => (other as object) instanceof pt.InvariantError)).toEqual([]);
  });

  it('may be extended, and what extends it has instances of its own', () => {
    class Own extends core.InvariantError {}
    expect(new Own('x')).toBeInstanceOf(core.InvariantError);
    expect(thrown.filter((error) => error instanceof Own)).toEqual([]);
  });
});
