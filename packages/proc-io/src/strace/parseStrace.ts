import type { StraceEvent, StraceStats } from './straceEvent.ts';
import { type StraceOptions, StraceParser } from './straceParser.ts';

/** A piece of a log: text, or bytes in UTF-8. */
export type LogChunk = string | Uint8Array;

/** Characters read at a time from a log that is one string. */
const WINDOW = 1 << 16;

/**
 * Reads a log from a string, bytes, or an iterable of either, event by event.
 *
 * @returns (of the generator) the counts over the whole log
 * @throws InputError as {@link StraceParser} does
 */
export function* parseStrace(
  input: LogChunk | Iterable<LogChunk>,
  options: StraceOptions = {},
): Generator<StraceEvent, Readonly<StraceStats>, undefined> {
  const parser = new StraceParser(options);
  for (const chunk of chunksOf(input)) yield* parser.push(chunk);
  yield* parser.end();
  return parser.stats;
}

/** {@link parseStrace} for a stream: a file of Node, a `Blob`'s stream, anything that gives chunks one after another. */
export async function* parseStraceStream(
  input: AsyncIterable<LogChunk>,
  options: StraceOptions = {},
): AsyncGenerator<StraceEvent, Readonly<StraceStats>, undefined> {
  const parser = new StraceParser(options);
  for await (const chunk of input) {
    for (const piece of chunksOf(chunk)) yield* parser.push(piece);
  }
  yield* parser.end();
  return parser.stats;
}

function* chunksOf(input: LogChunk | Iterable<LogChunk>): Generator<LogChunk, void, undefined> {
  if (typeof input === 'string') {
    for (let at = 0; at < input.length; at += WINDOW) yield input.slice(at, at + WINDOW);
  } else if (input instanceof Uint8Array) {
    for (let at = 0; at < input.length; at += WINDOW) yield input.subarray(at, at + WINDOW);
  } else yield* input;
}
