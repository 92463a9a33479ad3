import { fileURLToPath } from 'node:url';
import type { BenchCase } from '../benchCase.ts';
import { LineProcess } from '../lineProcess.ts';
import { notExact } from '../straceWork.ts';
import { syntheticLog } from '../syntheticLog.ts';

const SCRIPT = fileURLToPath(new URL('../straceProcess.js', import.meta.url));
const LINES = 300_000;

/** Lines of a strace log a second: read, and read and replayed. Each in a process of its own, as a program that does this has. */
export const STRACE: readonly BenchCase[] = [
  straceCase('parse', 'strace log, parsed'),
  straceCase('replay', 'strace log, parsed and replayed'),
];

function straceCase(what: 'parse' | 'replay', title: string): BenchCase {
  return {
    name: `strace/${what}`,
    title: `${title}, ${LINES.toLocaleString('en')} lines`,
    unit: 'lines/s',
    per: '',
    rounds: 11,
    // It takes more than a million lines until the compiler has seen every kind of call often enough.
    warmUp: 6,
    prepare: () => {
      const wrong = notExact(syntheticLog(1));
      if (wrong.length > 0) throw new Error(`the log is not replayed exactly:\n${wrong.join('\n')}`);
      const worker = new LineProcess('the replay', process.execPath, [SCRIPT, String(LINES)]);
      return { ours: async () => Number(await worker.ask(what)), dispose: () => worker.stop() };
    },
  };
}
