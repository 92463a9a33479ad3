// Cost per entry of the hot loops: populate, the copy of a fork, exit. Run after a build: node bench/forkCopy.mjs
import { copyPageRange, exitMmap, FrameTable, PageTable, PTE_DIRTY, PTE_WRITE, populateAnon } from '../dist/index.js';

const SIZES = [
  { name: '16 MiB', pages: 4096, rounds: 200 },
  { name: '256 MiB', pages: 65_536, rounds: 40 },
  { name: '1 GiB', pages: 262_144, rounds: 20 },
  { name: '4 GiB', pages: 1_048_576, rounds: 10 },
  { name: '64 GiB', pages: 16_777_216, rounds: 3 },
];

/** @param {() => void} work */
function cpu(work) {
  const before = process.cpuUsage();
  const wall = performance.now();
  work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - wall };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const start = 0x2_0000_0000;
for (const { name, pages, rounds } of SIZES) {
  const samples = { populate: [], first: [], again: [], exit: [] };
  for (let round = 0; round < rounds; round++) {
    const frames = new FrameTable();
    const parent = new PageTable(frames);
    const populate = cpu(() => populateAnon(parent, start, start + pages, PTE_WRITE | PTE_DIRTY));
    const fork = () => {
      const child = new PageTable(frames);
      copyPageRange(child, parent, start, start + pages, { cow: true, shared: false, dstUffdWp: false });
      return child;
    };
    let child;
    const first = cpu(() => (child = fork()));
    const exit = cpu(() => exitMmap(child));
    const again = cpu(() => (child = fork()));
    for (const [key, value] of Object.entries({ populate, first, again, exit })) samples[key].push(value);
  }
  const line = Object.entries(samples).map(([key, values]) => {
    const ms = median(values.map((value) => value.wall));
    return `${key} ${ms.toFixed(2)} ms, ${((ms * 1e6) / pages).toFixed(2)} ns a page`;
  });
  console.log(`${name.padEnd(8)} ${line.join('; ')}; rss ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
}
