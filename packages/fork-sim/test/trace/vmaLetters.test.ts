import { describe, expect, it } from 'vitest';
import type { VmaRef } from 'vma-core';
import { VmaLetters } from '../../src/trace/vmaLetters.ts';

const ref = (n: number): VmaRef => n as VmaRef;

describe('letters', () => {
  it('never name two VMAs alike, however many there are', () => {
    const letters = new VmaLetters();
    const given = Array.from({ length: 200 }, (_, at) => letters.of(ref(at + 1)));
    expect(new Set(given).size).toBe(200);
    expect([given[0], given[51], given[52], given[104]]).toEqual(['A', 'z', 'A1', 'A2']);
  });

  it('are not given again when their VMA is gone, nor in a child', () => {
    const letters = new VmaLetters();
    expect([letters.of(ref(1)), letters.of(ref(2))]).toEqual(['A', 'B']);
    letters.keepOnly(new Set([ref(2)]));
    expect([letters.of(ref(2)), letters.of(ref(3))]).toEqual(['B', 'C']);
    // The engine gives the record of the VMA that is gone to a new one.
    expect(letters.of(ref(1))).toBe('D');
    const child = letters.forChild();
    child.give(ref(7), 'B');
    expect([child.of(ref(7)), child.of(ref(8))]).toEqual(['B', 'E']);
  });

  it('stay with the lower part of a split, whichever record the engine kept', () => {
    const letters = new VmaLetters();
    letters.of(ref(1));
    letters.split(ref(2), ref(1));
    expect([letters.of(ref(2)), letters.of(ref(1))]).toEqual(['A', 'B']);
  });
});
