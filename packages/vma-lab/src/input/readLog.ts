import { formatCount } from 'fork-sim/words';
import { InputError, type StraceEvent, StraceParser, type StraceStats } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { type Input, readAs } from './openInput.ts';

/**
 * Reads a strace log to its end and hands on each event.
 *
 * @returns what was counted
 * @throws InputError where it is no strace log, or ends in the middle of a line
 */
export function readLog(path: string, io: CliIo, feed: (event: StraceEvent) => void): Promise<Readonly<StraceStats>> {
  return readAs('replay', path, io, (input) => readEvents(input, io, feed));
}

async function readEvents(input: Input, io: CliIo, feed: (event: StraceEvent) => void): Promise<Readonly<StraceStats>> {
  const parser = new StraceParser({ file: input.name });
  const progress = new ProgressLine(io);
  let calls = 0;
  try {
    for await (const chunk of input.bytes) {
      for (const event of parser.push(chunk)) {
        if (event.kind === 'call') calls++;
        feed(event);
      }
      progress.update(() => `${input.name}: ${formatCount(parser.stats.lines)} lines`);
    }
    for (const event of parser.end()) {
      if (event.kind === 'call') calls++;
      feed(event);
    }
  } finally {
    progress.done();
  }
  if (calls === 0) {
    const message =
      'no call in this log concerns memory or processes: record with strace -f -y -e trace=%memory,%process';
    throw new InputError(message, { file: input.name, line: parser.stats.lines, column: 1 });
  }
  return parser.stats;
}
