// A process of its own, as the command line is: in the one that ran the cases before, the compiler has seen other calls of the same code.
// Each line on standard input is one search: its number of threads, 0 for none but this one, and of calls. The answer is what it took, as JSON.
import { createInterface } from 'node:readline';
import { explore } from 'vma-check';
import { shardThreads } from 'vma-check/node';
import { kernelProfile } from 'vma-core';
import { cpuNanoseconds } from './cpuTime.ts';

for await (const request of createInterface({ input: process.stdin })) {
  const [threads, depth] = request.split(' ').map(Number) as [number, number];
  const team = threads === 0 ? {} : { team: shardThreads(threads) };
  const from = cpuNanoseconds();
  // Nine kinds of call on three pages.
  const { states, transitions } = await explore(kernelProfile('6.19'), { ops: 'small', pages: 3, depth, ...team });
  console.log(JSON.stringify({ ns: cpuNanoseconds() - from, states, transitions }));
}
