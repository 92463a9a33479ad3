import { gzipSync } from 'node:zlib';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect, it, vi } from 'vitest';
import { LogReader } from '../../src/worker/logReader.ts';
import { Navigator } from '../../src/worker/navigator.ts';

const CALL = 'munmap(0x7f0000000000, 4096) = 0\n';

describe('a log that unpacks to very much', () => {
  it('lists the first lines that cannot be read, and counts all', async () => {
    const packed = gzipSync(`${CALL}${'x\n'.repeat(300_000)}`);
    expect(packed.length).toBeLessThan(2000);
    const { unread, unreadable } = await createForkSim().loadStrace({ source: new Blob([packed]), name: 'many' });
    expect(unread).toBe(300_000);
    expect(unreadable).toHaveLength(1000);
  });

  it('is read no further than it can be kept', async () => {
    const packed = gzipSync(`${CALL}${'x'.repeat(2 ** 23)}`);
    const reader = new LogReader(new Blob([packed]), 'bomb.gz', Number.POSITIVE_INFINITY, 2 ** 21);
    const readAll = async (): Promise<void> => {
      do while (reader.next() !== null);
      while (await reader.readOn());
    };
    await expect(readAll()).rejects.toThrow('unpacks to more than 2 MB: unpack it to a file, and open that');
  });
});

describe('a packed log', () => {
  /** Calls that touch many places, so that they do not pack to nothing. */
  const calls = Array.from(
    { length: 6000 },
    (_, i) => `munmap(0x${(0x7f00_0000_0000 + 4096 * ((i * 2_654_435_761) % 2 ** 20)).toString(16)}, 4096) = 0\n`,
  ).join('');

  it('looks at the whole map after the last calls only, as a plain one does', async () => {
    const see = vi.spyOn(Navigator.prototype, 'see');
    for (const source of [new Blob([calls]), new Blob([gzipSync(calls)]), new Blob([gzipSync(calls)]).stream()]) {
      see.mockClear();
      const { length } = await createForkSim().loadStrace({ source, name: 'log' });
      expect(length).toBe(6000);
      expect(see.mock.calls.length).toBeGreaterThan(10);
      expect(see.mock.calls.length).toBeLessThanOrEqual(65);
    }
    see.mockRestore();
  });

  it('that is cut off is replayed up to there', async () => {
    const packed = gzipSync(calls);
    const sim = createForkSim();
    const cut = new Blob([packed.subarray(0, packed.length - 2000)]);
    await expect(sim.loadStrace({ source: cut, name: 'cut.gz' })).rejects.toThrow('cannot be read any further');
    const { length } = await sim.logAnswer();
    expect(length).toBeGreaterThan(1000);
    expect(length).toBeLessThan(6000);
  });
});
