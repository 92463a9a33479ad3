import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as TempFolder from '../src/cli/tempFolder.ts';

// Other files of tests share their modules, and may hold a folder until the process exits: these tests have a module of their own.
let inTempFolder: typeof TempFolder.inTempFolder;
beforeEach(async () => {
  vi.resetModules();
  ({ inTempFolder } = await import('../src/cli/tempFolder.ts'));
});
afterEach(() => vi.restoreAllMocks());

describe('a temporary folder', () => {
  it('is gone after the work, done or not', async () => {
    const done = await inTempFolder('test-', async (folder) => {
      writeFileSync(join(folder, 'file'), 'text');
      return folder;
    });
    expect(existsSync(done)).toBe(false);
    let failed = '';
    const work = inTempFolder('test-', async (folder) => {
      failed = folder;
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(existsSync(failed)).toBe(false);
  });

  it('is gone when a signal ends the process, which it still does', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const before = process.listeners('SIGINT');
    await inTempFolder('test-', async (folder) => {
      // Not the listeners of others, which would do what they are for.
      for (const listener of process.listeners('SIGINT')) if (!before.includes(listener)) listener('SIGINT');
      expect(existsSync(folder)).toBe(false);
    });
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT');
    expect(process.listeners('SIGINT')).toEqual(before);
  });
});
