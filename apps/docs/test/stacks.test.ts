import { expect, it } from 'vitest';
import { MOST_THREADS, StackExperiment } from '../src/content/stackExperiment.ts';

it('each stack with a page without access takes two VMAs, and one more thread than the limit has room for fails', () => {
  const experiment = new StackExperiment('mprotect');
  expect(experiment.count(1000)).toEqual({ threads: 1000, vmas: 2000, failed: null });
  const most = experiment.limit / 2;
  expect(experiment.count(most)).toEqual({ threads: most, vmas: experiment.limit, failed: null });
  expect(experiment.count(MOST_THREADS)).toEqual({ threads: most, vmas: experiment.limit, failed: 'mprotect: ENOMEM' });
  // The way back is not made anew.
  expect(experiment.count(3)).toEqual({ threads: 3, vmas: 6, failed: null });
});

it('stacks with markers lie side by side and are one VMA', () => {
  expect(new StackExperiment('marker').count(MOST_THREADS)).toEqual({ threads: MOST_THREADS, vmas: 1, failed: null });
});
