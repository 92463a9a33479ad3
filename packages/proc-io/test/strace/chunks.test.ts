import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeUtf8,
  parseStrace,
  parseStraceStream,
  type StraceEvent,
  StraceParser,
  type StraceStats,
} from '../../src/index.ts';
import { fixture, programFile, readLog } from '../readLog.ts';

const SEED = 20260118;

function pushAll(chunks: readonly (string | Uint8Array)[]): { events: StraceEvent[]; stats: Readonly<StraceStats> } {
  const parser = new StraceParser();
  const events = chunks.flatMap((chunk) => parser.push(chunk));
  events.push(...parser.end());
  return { events, stats: parser.stats };
}

/** Cuts at the given places. */
function cut<T extends string | Uint8Array>(whole: T, places: readonly number[]): T[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((from, i) => whole.slice(from, ends[i] ?? whole.length) as T);
}

const lines = Buffer.from(fixture('terminal')).toString('latin1').split('\n').slice(-45);
const log = `${lines.slice(0, 20).join('\n')}\nno strace: \u00e9\u20ac\u{1f600} \udc80\r\n\n${lines.slice(20).join('\r\n')}`;

describe(`a log in chunks (seed ${SEED})`, () => {
  const whole = readLog(log);
  const places = fc.array(fc.nat(), { maxLength: 40 });

  it('any cuts of a text give the same events and counts', () => {
    fc.assert(
      fc.property(places, (at) => {
        expect(pushAll(cut(log, at))).toEqual({ events: whole.events, stats: whole.stats });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('any cuts of the bytes, in the middle of a character too', () => {
    const bytes = encodeUtf8(log);
    fc.assert(
      fc.property(places, (at) => {
        expect(pushAll(cut(bytes, at))).toEqual({ events: whole.events, stats: whole.stats });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('one byte at a time', () => {
    const bytes = programFile('guard-pool', 'trace.strace');
    const { events, stats } = readLog(bytes);
    expect(pushAll([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual({ events, stats });
  });

  it('a string, bytes, an iterable and a stream give the same', async () => {
    const bytes = programFile('python-imports', 'trace.strace');
    const text = Buffer.from(bytes).toString('latin1');
    const wanted = [...parseStrace(text)];
    expect([...parseStrace(bytes)]).toEqual(wanted);
    expect([...parseStrace([text.slice(0, 1000), bytes.subarray(1000)])]).toEqual(wanted);
    const stream = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 777) yield await Promise.resolve(bytes.subarray(at, at + 777));
    };
    const streamed: StraceEvent[] = [];
    for await (const event of parseStraceStream(stream())) streamed.push(event);
    expect(streamed).toEqual(wanted);
  });

  it('a generator is lazy: what was read is given before the rest is asked for', () => {
    let asked = 0;
    const chunks = function* (): Generator<string> {
      for (;;) {
        asked++;
        yield 'brk(NULL) = 0x1000\n';
      }
    };
    const events = parseStrace(chunks());
    for (let i = 0; i < 10; i++) events.next();
    expect(asked).toBe(10);
  });

  it('what is remembered does not grow with the log', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `call_${i}(1) = 0`);
    const texts = Array.from({ length: 20_000 }, (_, i) => `munmap(0x1000, 4096, 3</f${i}>, ${i}) = 0`);
    const files = Array.from({ length: 20_000 }, (_, i) => `mmap(NULL, 1, ${i}, ${i}, 3</f${i}>, 0) = 0x1000`);
    const { stats, calls } = readLog([...names, ...texts, ...files, ...names, ''].join('\n'));
    expect(stats.irrelevant.size).toBe(2001);
    expect([...stats.irrelevant.values()].reduce((sum, count) => sum + count)).toBe(10_000);
    expect(stats).toMatchObject({ lines: 50_000, irrelevantLines: 10_000, unreadable: 20_000, calls: 20_000 });
    const wrong = calls.filter(({ name, args }, i) => name !== 'mmap' || args.prot !== i || args.fd.path !== `/f${i}`);
    expect(wrong).toEqual([]);
  });
});
