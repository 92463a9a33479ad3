import { describe, expect } from 'vitest';
import type { ReplayJson } from '../../src/json/replayJson.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

type ProcessJson = ReplayJson['kernels'][number]['processes'][number];

/** What `replay --json` says of the first process of a log. */
async function replayed(path: string, more: readonly string[] = []): Promise<ProcessJson> {
  const { out } = await cli(['replay', path, ...more, '--json']);
  const [kernel] = (JSON.parse(out) as ReplayJson).kernels;
  const [process] = kernel?.processes ?? [];
  if (process === undefined) throw new Error(`no process in ${path}`);
  return process;
}

/** The same of lines of a log. */
function replayedText(name: string, log: string, more: readonly string[] = []): Promise<ProcessJson> {
  return replayed(file(`${name}.strace`, `${log.trim()}\n`), more);
}

describe('refused for a reason outside of the model', () => {
  rightCase(
    'field/06-overcommit-4g.strace',
    {
      right: 'ENOMEM of 4 GiB writable private memory is the overcommit limit, not VMAs (as the question was resolved)',
      before: 'a wrong result: in the model mapped',
    },
    async () => {
      const { outside, results } = await replayed(caseFile('field/06-overcommit-4g.strace'));
      expect(results.wrong).toBe(0);
      expect(outside.count).toBe(1);
      expect(outside.examples[0]).toMatchObject({ line: 4, log: 'ENOMEM', why: expect.stringContaining('overcommit') });
    },
  );

  rightCase(
    'mlock over RLIMIT_MEMLOCK, which the log sets',
    { right: 'refused for the limit, which is named', before: 'a wrong result' },
    async () => {
      const { outside, results } = await replayedText(
        'memlock',
        `prlimit64(0, RLIMIT_MEMLOCK, {rlim_cur=8192, rlim_max=8192}, NULL) = 0
         mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f5b40000000
         mlock(0x7f5b40000000, 16384) = -1 ENOMEM (Cannot allocate memory)
         mlock(0x7f5b40000000, 4096) = -1 EPERM (Operation not permitted)`,
      );
      expect(results.wrong).toBe(0);
      expect(outside.examples.map(({ why }) => why)).toEqual([
        expect.stringContaining('RLIMIT_MEMLOCK allows (the log sets it to 8192 bytes)'),
        expect.stringContaining('RLIMIT_MEMLOCK'),
      ]);
    },
  );
});
