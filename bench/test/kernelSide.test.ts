import { afterAll, describe, expect, it } from 'vitest';
import { KernelSide } from '../src/kernelSide.ts';

const started = KernelSide.start();

describe.skipIf(typeof started === 'string')('the kernel, asked through the C program', () => {
  const kernel = started as KernelSide;
  afterAll(() => kernel.stop());

  it('says which it is', async () => {
    expect(await kernel.ask('info')).toMatch(/^\d+\.\d+/);
  });

  it.each([
    ['mmap', 99],
    ['mprotect', 98],
  ])('merges and splits again: %s', async (kind, whileMerged) => {
    const [ns, before, merged] = (await kernel.numbers(`cycle ${kind} 100 10`)) ?? [];
    expect([before, merged]).toEqual([100, whileMerged]);
    expect(ns).toBeGreaterThan(0);
  });

  it.each(['lookup 100 10', 'fork anon 1 0', 'fork shared 1 0', 'cow 16', 'refault read 16', 'refault write 16'])(
    'measures %s',
    async (request) => {
      expect((await kernel.numbers(request))?.[0]).toBeGreaterThan(0);
    },
  );

  it('touches memory and gives it back', async () => {
    expect(await kernel.numbers('touch 2')).toEqual([0]);
  });

  it('says so when it does not know a request', async () => {
    expect(await kernel.numbers('dance')).toBeNull();
  });
});
