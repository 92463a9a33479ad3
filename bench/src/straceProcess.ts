// A process of its own, so that what other cases have left behind in the compiler and on the heap is not there: one line
// `parse` or `replay` on standard input is one round, and the answer its lines a second. The first argument is the log's length.
import { createInterface } from 'node:readline';
import { timeOf } from './cpuTime.ts';
import { parseLog, replayOf } from './straceWork.ts';
import { syntheticLog } from './syntheticLog.ts';

const log = syntheticLog(Number(process.argv[2]));

for await (const request of createInterface({ input: process.stdin })) {
  const ns = timeOf(() => {
    if (request === 'parse') parseLog(log);
    else replayOf(log);
  });
  console.log(log.lines / (ns / 1e9));
}
