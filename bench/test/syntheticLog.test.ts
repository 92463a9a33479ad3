import { describe, expect, it } from 'vitest';
import { notExact, replayOf } from '../src/straceWork.ts';
import { syntheticLog } from '../src/syntheticLog.ts';

describe('the synthetic log', () => {
  const log = syntheticLog(1);

  it('is modelled line by line, with the results that it has', () => {
    expect(notExact(log)).toEqual([]);
  });

  it('holds the mix of real programs, with failures', () => {
    const text = log.chunks.join('');
    expect(text.split('\n').length - 1).toBe(log.lines);
    for (const call of ['mmap', 'munmap', 'mprotect', 'brk', 'madvise']) expect(text).toContain(` ${call}(`);
    for (const errno of ['ENOMEM', 'EINVAL']) expect(text).toContain(`= -1 ${errno} (`);
  });

  it('has programs at different addresses, of which every one has run', () => {
    const { processes } = replayOf(log, new Set(log.initial.keys()));
    expect(processes.length).toBe(log.initial.size + 1);
    const starts = [...log.initial.values()].map((entries) => entries[0]?.start);
    expect(new Set(starts).size).toBe(starts.length);
  });
});
