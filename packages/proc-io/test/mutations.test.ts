import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSmaps, formatStraceCall, InputError, parseSmaps, type StraceCall } from '../src/index.ts';
import { countedLines, fixture, programFile, readLog } from './readLog.ts';

const SEED = 20260122;
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** A change to a text: characters put in the place of others. */
const change = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(
    fc.string({ maxLength: 3, unit: 'binary' }),
    fc.constantFrom(
      '\n',
      '<',
      '>',
      '(',
      ')',
      '=',
      ' = ',
      ',',
      '"',
      '/*',
      '*/',
      '|',
      '0x',
      '-1',
      ' <unfinished ...>',
      '<... ',
    ),
  ),
});
const changes = fc.array(change, { minLength: 1, maxLength: 12 });

function changed(text: string, list: readonly { at: number; remove: number; insert: string }[]): string {
  return list.reduce((now, { at, remove, insert }) => {
    const from = at % (now.length + 1);
    return now.slice(0, from) + insert + now.slice(from + remove);
  }, text);
}

/** The result, or the InputError; any other error is a bug. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.toString()).toMatch(/^log:\d+:\d+: ./);
    return undefined;
  }
}

describe(`damaged inputs (seed ${SEED})`, () => {
  it.each(['terminal', 'f-yy-ttt-T', 'f-X-verbose'])('%s: every line is counted, every call can be printed', (form) => {
    const lines = latin1(fixture(form)).split('\n');
    const piece = fc.nat({ max: lines.length - 12 }).map((from) => `${lines.slice(from, from + 12).join('\n')}\n`);
    const printable = (call: StraceCall): boolean => formatStraceCall(call).length > 0;
    fc.assert(
      fc.property(piece, changes, (text, list) => {
        const log = orRefused(() => readLog(changed(text, list), { file: 'log' }));
        if (log === undefined) return;
        expect(countedLines(log.stats)).toBe(log.stats.lines);
        expect(log.events.filter(({ kind }) => kind === 'unreadable')).toHaveLength(log.stats.unreadable);
        expect(log.calls.every(printable)).toBe(true);
      }),
      { seed: SEED, numRuns: 1500 },
    );
  });

  it('smaps: refused with a place, or printed again as it was where nothing was left out', () => {
    const text = latin1(programFile('true', 'final.smaps')).split('\n').slice(0, 75).join('\n').concat('\n');
    fc.assert(
      fc.property(changes, (list) => {
        const damaged = changed(text, list);
        const smaps = orRefused(() => parseSmaps(damaged, { file: 'log' }));
        if (smaps?.exact) expect(formatSmaps(smaps)).toBe(damaged);
      }),
      { seed: SEED, numRuns: 1500 },
    );
  });
});
