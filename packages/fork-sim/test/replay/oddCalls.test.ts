import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VM_MAYWRITE } from 'vma-core';
import { compareMaps, rowsOfSmaps } from '../../src/report/compareMaps.ts';
import { mapRow } from '../../src/report/vmaRow.ts';
import { replayText, smapsOf } from './replayText.ts';

/** A program of `conformance/fuzz/oddCalls.mjs`, as a kernel answered it. */
interface Recorded {
  readonly seed: number;
  readonly kernel: string;
  readonly log: string;
  readonly initial: string;
  readonly final: string;
}

const RECORDED = fileURLToPath(new URL('../../../../conformance/recordings/fuzz/odd-calls.jsonl.gz', import.meta.url));
const programs = gunzipSync(readFileSync(RECORDED))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

describe('random calls with odd arguments, as 6.18.44 answered them', () => {
  it.each(programs.map((one) => [one.seed, one] as const))('seed %i', (_, { kernel, log, initial, final }) => {
    const replay = replayText(log, { kernel, faults: 'never', initial: new Map([['first', smapsOf(initial)]]) });
    const { notes, process } = replay.first!.space;
    expect(notes.wrongResults.examples.map(({ call, model }) => [call.line, call.errno, model])).toEqual([]);
    expect(notes.wrongPlaces.count).toBe(0);
    expect(notes.failedAlike).toBeGreaterThan(60);
    const model = process.mm.vmas().map((vma) => mapRow(vma, ''));
    expect(compareMaps(rowsOfSmaps(smapsOf(final)), model).differences).toEqual([]);
  });
});

describe('a memfd that came over a socket, and is only read', () => {
  const memfd = '4</memfd:shared>(deleted)';
  const map = `8 mmap(NULL, 4096, PROT_READ, MAP_SHARED, ${memfd}, 0) = 0x7f0000000000`;
  const created = '7 memfd_create("shared", MFD_CLOEXEC) = 3</memfd:shared>(deleted)';
  const flagsOf = (log: string) => {
    const space = replayText(log).processes.at(-1)?.space;
    return (space?.process.mm.vmas()[0]?.vmFlags ?? 0n) & VM_MAYWRITE;
  };

  it('may be written later, like one that is created', () => {
    expect(flagsOf(`${created}\n${map}`)).toBe(VM_MAYWRITE);
  });

  it('may not where the log shows that memfds are opened once more for reading alone', () => {
    const reopened = '7 openat(AT_FDCWD, "/proc/self/fd/3", O_RDONLY|O_CLOEXEC) = 5</memfd:shared>(deleted)';
    expect(flagsOf(`${created}\n${reopened}\n${map}`)).toBe(0n);
    expect(flagsOf(`${created}\n${reopened.replace('RDONLY', 'RDWR')}\n${map}`)).toBe(VM_MAYWRITE);
  });
});
