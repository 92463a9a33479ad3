import { expect, it, vi } from 'vitest';
import type * as canVmaMerge from '../../../vma-core/src/merge/canVmaMerge.ts';
import type { VmaMergeStruct } from '../../../vma-core/src/merge/vmaMergeStruct.ts';
import { programNames, readProgram, replayProgram } from '../replay/replayText.ts';

vi.mock('../../../vma-core/src/merge/canVmaMerge.ts', async (importOriginal) => {
  const real = await importOriginal<typeof canVmaMerge>();
  const isOffset = (rule: string | null): boolean => rule === 'pgoff' || rule === 'anonPgoff';
  return {
    ...real,
    canVmaMergeLeft: (vmg: VmaMergeStruct) => real.canVmaMergeLeft(vmg) || isOffset(vmg.prevRefusal),
    canVmaMergeRight: (vmg: VmaMergeStruct, left: boolean) =>
      real.canVmaMergeRight(vmg, left) || isOffset(vmg.nextRefusal),
  };
});

it('recordings of programs catch a model that ignores offsets', () => {
  const wrong = programNames().filter((name) =>
    replayProgram(readProgram(name)).compared.some(({ comparison }) => comparison.differences.length > 0),
  );
  expect(wrong).toContain('file-windows');
  expect(wrong).toContain('mremap-moves');
});
