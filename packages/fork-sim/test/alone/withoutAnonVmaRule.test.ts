import { expect, it, vi } from 'vitest';
import { programNames, readProgram, replayProgram } from '../replay/replayText.ts';

vi.mock('../../../vma-core/src/merge/isMergeableVma.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  isMergeableAnonVma: () => true,
}));

it('recordings of programs catch a model that ignores anon_vmas', () => {
  const wrong = programNames().filter((name) =>
    replayProgram(readProgram(name)).compared.some(({ comparison }) => comparison.differences.length > 0),
  );
  expect(wrong).toContain('merge-history');
  expect(wrong).toContain('forking-server');
});
