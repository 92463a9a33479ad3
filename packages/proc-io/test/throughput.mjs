// How many lines a second the parser reads: `npm run build`, then `npm run throughput --workspace proc-io`.
// The log is that of the recorded programs, over and over: the mix that real programs make. CPU time of this process.
import { readFileSync } from 'node:fs';
import { parseStrace, StraceParser } from 'proc-io';

const LINES = 1_000_000;
const ROUNDS = 7;
const CHUNK = 65_536;

const programs = ['true', 'bash-builtins', 'git-status', 'guard-pool', 'python-imports'];
const path = (program) => new URL(`../../../conformance/programs/${program}/trace.strace`, import.meta.url);
const once = programs.map((program) => readFileSync(path(program), 'latin1')).join('');
const text = once.repeat(Math.ceil(LINES / (once.split('\n').length - 1)));
const bytes = Buffer.from(text);

/** The forms of input; each returns the number of events. */
const forms = {
  'chunks of bytes, push()': () => {
    const parser = new StraceParser();
    let events = 0;
    for (let at = 0; at < bytes.length; at += CHUNK) events += parser.push(bytes.subarray(at, at + CHUNK)).length;
    return { events: events + parser.end().length, lines: parser.stats.lines };
  },
  'one string, parseStrace()': () => {
    const reading = parseStrace(text);
    let events = 0;
    let step = reading.next();
    for (; !step.done; step = reading.next()) events++;
    return { events, lines: step.value.lines };
  },
};

for (const [name, run] of Object.entries(forms)) {
  const rates = [];
  let result;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    result = run();
    const { user, system } = process.cpuUsage(before);
    rates.push((result.lines / (user + system)) * 1e6);
  }
  rates.sort((a, b) => b - a);
  const show = (rate) => Math.round(rate).toLocaleString('en');
  const middle = rates[Math.floor(ROUNDS / 2)];
  console.log(`${name}: ${show(result.lines)} lines, ${show(result.events)} events`);
  console.log(`  lines a second: ${show(rates[0])} best, ${show(middle)} median of ${ROUNDS}`);
}
