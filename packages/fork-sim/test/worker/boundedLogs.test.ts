import { gzipSync } from 'node:zlib';
import { createForkSim } from 'fork-sim/same-thread';
import { describe, expect, it } from 'vitest';
import { LogReader } from '../../src/worker/logReader.ts';

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
