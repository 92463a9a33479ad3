import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
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
