import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../src/errors.ts';
import { WordMemory } from '../src/wordMemory.ts';

describe('WordMemory', () => {
  it('hands out a buffer again that was given back, and zeroed', () => {
    const memory = new WordMemory();
    const buffer = memory.take(64);
    new Uint8Array(buffer).fill(7);
    memory.give(buffer);
    const again = memory.take(64);
    expect(again).toBe(buffer);
    expect(new Uint8Array(again)).toEqual(new Uint8Array(64));
  });

  it('never hands out a buffer that is in use', () => {
    const memory = new WordMemory();
    const first = memory.take(64);
    memory.give(first);
    const buffers = [memory.take(64), memory.take(64), memory.take(32)];
    expect(new Set(buffers).size).toBe(3);
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([64, 64, 32]);
  });

  it('keeps a few small buffers, and no large one', () => {
    const memory = new WordMemory();
    const small = Array.from({ length: 100 }, () => memory.take(64));
    for (const buffer of small) memory.give(buffer);
    const again = new Set(Array.from({ length: 100 }, () => memory.take(64)));
    expect(small.filter((buffer) => again.has(buffer)).length).toBe(8);
    const large = memory.take(2 ** 20);
    memory.give(large);
    expect(memory.take(2 ** 20)).not.toBe(large);
  });

  it('counts what is in use, and refuses more than there may be, of spare buffers too', () => {
    const memory = new WordMemory(100);
    memory.give(memory.take(64));
    expect(memory.bytes).toBe(0);
    memory.count(50);
    expect(() => memory.take(64)).toThrow(OutOfMemoryError);
    expect(memory.bytes).toBe(50);
    memory.uncount(50);
    memory.take(64);
    expect(memory.bytes).toBe(64);
  });
});
