import { expect, it, vi } from 'vitest';
import type * as canVmaMerge from '../../../vma-core/src/merge/canVmaMerge.ts';
import { ANON_PGOFF, MERGES, PGOFF } from '../../../vma-core/src/merge/mergeRefusal.ts';
import type { VmaMergeStruct } from '../../../vma-core/src/merge/vmaMergeStruct.ts';
import { programNames, readProgram, replayProgram } from './replayText.ts';

vi.mock('../../../vma-core/src/merge/canVmaMerge.ts', async (importOriginal) => {
  const real = await importOriginal<typeof canVmaMerge>();
  const ignore = (code: number): number => (code === PGOFF || code === ANON_PGOFF ? MERGES : code);
  return {
    ...real,
    refuseLeft: (vmg: VmaMergeStruct) => ignore(real.refuseLeft(vmg)),
    refuseRight: (vmg: VmaMergeStruct, canMergeLeft: boolean) => ignore(real.refuseRight(vmg, canMergeLeft)),
  };
});

it('recordings of programs catch a model that ignores offsets', () => {
  const wrong = programNames().filter((name) =>
    replayProgram(readProgram(name)).compared.some(({ comparison }) => comparison.differences.length > 0),
  );
  expect(wrong).toContain('file-windows');
  expect(wrong).toContain('mremap-moves');
});
