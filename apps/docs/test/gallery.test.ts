import { describe, expect, it } from 'vitest';
import { mergeCases } from '../src/content/mergeCases.ts';
import { frameAt } from '../src/picture/motion.ts';

describe('the gallery of merges', () => {
  it('has every shape once: three of a new range, five of one that changes, three of one that moves', () => {
    const cases = mergeCases();
    const count = (of: string): number => cases.filter((one) => one.of === of).length;
    expect([count('new'), count('existing'), count('copied')]).toEqual([3, 5, 3]);
    expect(cases.filter(({ of }) => of === 'existing').map(({ name }) => name)).toEqual([
      'left, partial span: prev grows, middle shrinks',
      'left, full span: prev grows, middle is removed',
      'right, partial span: next grows downwards, middle shrinks',
      'right, full span: next grows downwards, middle is removed',
      'both: prev spans all, middle and next are removed',
    ]);
    // Each leaves fewer VMAs, or as many where only the border moves or a VMA grows.
    for (const { step, name } of cases) {
      expect([name, step.state.vmas.length <= step.before.vmas.length]).toEqual([name, true]);
    }
  });

  it('is between two frames where the hand is, and at an end no farther', () => {
    const frames = [
      { offset: 0, left: 0, width: 10, opacity: 1 },
      { offset: 0.5, left: 0, width: 20, opacity: 1 },
      { offset: 1, left: 10, width: 20, opacity: 0 },
    ];
    expect(frameAt(frames, 0.25)).toMatchObject({ left: 0, width: 15, opacity: 1 });
    expect(frameAt(frames, 0.75)).toMatchObject({ left: 5, width: 20, opacity: 0.5 });
    expect(frameAt(frames, 0)).toMatchObject(frames[0]!);
    expect(frameAt(frames, 1)).toMatchObject(frames[2]!);
    expect(frameAt([], 0.5)).toBeUndefined();
  });
});
