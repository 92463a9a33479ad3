import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Of a process whose map was read while its threads stood still: what they did later is no part of the recording. */
export interface Cut {
  /** Bytes of the log when the map was read. */
  readonly at: number;
  readonly tids: ReadonlySet<number>;
}

/**
 * Writes a log without what comes before `from`, and without what threads did after their map was read. That they exit stays.
 *
 * @param to compressed where its name ends in `.gz`
 */
export async function cutLog(path: string, to: string, from: number, cuts: readonly Cut[]): Promise<void> {
  const packed = to.endsWith('.gz') ? [createGzip()] : [];
  await pipeline([Readable.from(kept(path, from, cuts)), ...packed, createWriteStream(to)]);
  rmSync(path);
}

const BATCH = 1 << 16;

async function* kept(path: string, from: number, cuts: readonly Cut[]): AsyncGenerator<Buffer> {
  let at = from;
  let batch = '';
  // Bytes are characters: a name in another encoding stays as it is.
  for await (const line of createInterface({ input: createReadStream(path, { start: from, encoding: 'latin1' }) })) {
    if (!isLate(line, at, cuts)) batch += `${line}\n`;
    at += line.length + 1;
    if (batch.length < BATCH) continue;
    yield Buffer.from(batch, 'latin1');
    batch = '';
  }
  yield Buffer.from(batch, 'latin1');
}

function isLate(line: string, at: number, cuts: readonly Cut[]): boolean {
  if (cuts.length === 0) return false;
  const tid = Number.parseInt(line, 10);
  if (!cuts.some((cut) => at >= cut.at && cut.tids.has(tid))) return false;
  return !/^\d+ +[\d.]+ (?:exit_group\(|<\.\.\. exit_group resumed|\+\+\+)/.test(line);
}
