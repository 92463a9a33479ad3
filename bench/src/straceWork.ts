import { Replay } from 'fork-sim';
import { StraceParser } from 'proc-io';
import { kernelProfile } from 'vma-core';
import type { SyntheticLog } from './syntheticLog.ts';

/** Reads a log. */
export function parseLog(log: SyntheticLog): void {
  const parser = new StraceParser();
  for (const chunk of log.chunks) parser.push(chunk);
  parser.end();
  if (parser.stats.unreadable > 0) throw new Error(`${parser.stats.unreadable} lines could not be read`);
}

/** Reads and replays a log. */
export function replayOf(log: SyntheticLog, keep: ReadonlySet<number> = new Set()): Replay {
  const parser = new StraceParser();
  const { initial } = log;
  const replay = new Replay({ profile: kernelProfile('6.18'), initial, explain: false, softDirty: true, keep });
  for (const chunk of log.chunks) for (const event of parser.push(chunk)) replay.feed(event);
  for (const event of parser.end()) replay.feed(event);
  replay.end();
  return replay;
}

/** What the replay of a log could not model, or gives other results for than the log has; in words. */
export function notExact(log: SyntheticLog): string[] {
  return replayOf(log, new Set(log.initial.keys())).processes.flatMap(({ pid, space }) => {
    const { notModelled, unknownMemory, wrongPlaces, wrongResults } = space.notes;
    return [
      ...[...notModelled.keys()],
      ...unknownMemory.examples.map(({ line }) => `line ${line}: unknown memory`),
      ...wrongPlaces.examples.map(({ call, model }) => `line ${call.line}: the model would map at ${model}`),
      ...wrongResults.examples.map(
        ({ call, log: want, model }) => `line ${call.line}: ${model} in the model, not ${want}`,
      ),
    ].map((what) => `pid ${pid}, ${what}`);
  });
}
