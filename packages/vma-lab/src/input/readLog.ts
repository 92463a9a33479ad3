import { formatCount } from 'fork-sim/words';
import { InputError, type StraceEvent, StraceParser, type StraceStats, type UnreadableLine } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { type Input, readInput } from './openInput.ts';

/**
 * Reads a strace log to its end and hands on each event.
 *
 * @returns what was counted
 * @throws InputError where it is no strace log, or has no call to replay
 */
export function readLog(input: Input, io: CliIo, feed: (event: StraceEvent) => void): Promise<Readonly<StraceStats>> {
  return readInput('replay', input, () => readEvents(input, io, feed));
}

async function readEvents(input: Input, io: CliIo, feed: (event: StraceEvent) => void): Promise<Readonly<StraceStats>> {
  const parser = new StraceParser({ file: input.name });
  const progress = new ProgressLine(io);
  let unreadable: UnreadableLine | null = null;
  const take = (event: StraceEvent): void => {
    if (event.kind === 'unreadable') unreadable ??= event;
    feed(event);
  };
  try {
    for await (const chunk of input.bytes) {
      for (const event of parser.push(chunk)) take(event);
      progress.update(() => `${input.name}: ${formatCount(parser.stats.lines)} lines`);
    }
    for (const event of parser.end()) take(event);
  } finally {
    progress.done();
  }
  if (parser.stats.calls === 0) throw noCall(input.name, parser.stats, unreadable);
  return parser.stats;
}

/** Why a log has no call to replay. */
function noCall(file: string, stats: Readonly<StraceStats>, unreadable: UnreadableLine | null): InputError {
  if (unreadable === null) {
    const message =
      'no call in this log concerns memory or processes: record with strace -f -y -e trace=%memory,%process';
    return new InputError(message, { file, line: stats.lines, column: 1 });
  }
  const { line, column, why } = unreadable;
  const lines = `${formatCount(stats.unreadable)} of ${formatCount(stats.lines)} lines`;
  const message = `no call that concerns memory or processes could be read: ${lines} could not, this one as ${why}`;
  return new InputError(message, { file, line, column });
}
