// A process of its own, so that its memory can be told: builds 64 GiB of resident memory, forks it, and says what that took.
import { PAGE_SIZE } from 'vma-core';
import { withAnonymous } from './cases/addressSpaces.ts';
import { cpuNanoseconds } from './cpuTime.ts';

const GIB = Number(process.argv[2] ?? 64);

const from = cpuNanoseconds();
const parent = withAnonymous(GIB * 1024);
const built = cpuNanoseconds();
const { child, decisions } = parent.fork();
const forked = cpuNanoseconds();
const pages = (GIB * 2 ** 30) / PAGE_SIZE;
if (decisions[0]?.ptes !== pages || child.pageTable.rss.anon !== pages) throw new Error('the fork is not whole');
console.log(
  JSON.stringify({
    buildMs: (built - from) / 1e6,
    forkMs: (forked - built) / 1e6,
    rssMib: process.resourceUsage().maxRSS / 1024,
    pages,
  }),
);
