// A process of its own, as a program has that forks so much: in the one that ran the cases before, the collector goes through what they
// left behind, and the compiler has seen other forks. Each line on standard input is a fork, answered by its ms and the PTEs it copied.
import { createInterface } from 'node:readline';
import { PAGE_SIZE } from 'vma-core';
import { BASE, freshProcess, mapWithHoles } from './cases/addressSpaces.ts';
import { cpuNanoseconds } from './cpuTime.ts';

const VMAS = Number(process.argv[2]);

const parent = freshProcess();
mapWithHoles(parent, VMAS);
for (let i = 0; i < VMAS; i++) parent.access(BASE + 2 * i * PAGE_SIZE, 'write');

for await (const _ of createInterface({ input: process.stdin })) {
  const from = cpuNanoseconds();
  const { child } = parent.fork();
  const ms = (cpuNanoseconds() - from) / 1e6;
  console.log(`${ms} ${child.pageTable.rss.anon}`);
  child.exit();
}
