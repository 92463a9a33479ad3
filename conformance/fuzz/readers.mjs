// The readers that are fuzzed: whose files they read, and what must hold of any text at all.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseRecording, parseScenarios, readProgram } from 'fork-sim';
import { describeInput, formatSmaps, formatStraceCall, InputError, parseSmaps, parseStrace } from 'proc-io';

const HERE = fileURLToPath(new URL('../', import.meta.url));

/** The files below a folder of `conformance` whose path is like a pattern, each byte a character. */
function filesOf(folder, pattern) {
  return readdirSync(HERE + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const bytes = readFileSync(`${HERE}${folder}/${name}`);
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    });
}

/** What must not be: said of a text by its reader. */
export class Violation extends Error {}

function must(holds, what) {
  if (!holds) throw new Violation(what);
}

/** The result of a reader; `null` where it refuses its text, which it does by an InputError with a place. */
function orRefused(read) {
  try {
    return read();
  } catch (error) {
    must(error instanceof InputError, `an error that is no InputError: ${error?.stack}`);
    must(/^text:\d+:\d+: ./.test(String(error)), `no place: ${String(error)}`);
    return null;
  }
}

/** The events of a log and what was counted, read in pieces. */
function eventsOf(pieces) {
  const reading = parseStrace(pieces, { file: 'text' });
  const events = [];
  let step = reading.next();
  for (; step.done !== true; step = reading.next()) events.push(step.value);
  return { events, stats: step.value };
}

/** A text in pieces of any size, the last ones as bytes. */
function inPieces(random, text) {
  const pieces = [];
  for (let at = 0; at < text.length; ) {
    const to = at + random.int(1, random.chance(50) ? 20 : 2000);
    pieces.push(text.slice(at, to));
    at = to;
  }
  return pieces;
}

function checkLog(text, random) {
  const log = orRefused(() => eventsOf([text]));
  const again = orRefused(() => eventsOf(inPieces(random, text)));
  must((log === null) === (again === null), 'refused in one piece, or in several, alone');
  if (log === null) return;
  const { events, stats } = log;
  const { blank, callLines, irrelevantLines, otherLines, stackLines, unreadable, unfinished, lines } = stats;
  const counted = blank + callLines + irrelevantLines + otherLines + stackLines + unreadable + unfinished;
  must(counted === lines, `${lines} lines, of which ${counted} are counted`);
  must(
    events.filter(({ kind }) => kind === 'unreadable').length === unreadable,
    'unreadable lines that are not listed',
  );
  must(events.filter(({ kind }) => kind === 'call').length === stats.calls, 'calls that are not counted');
  for (const event of events) {
    must(event.line >= 1 && event.line <= lines, `line ${event.line} of ${lines}`);
    if (event.kind === 'call') must(formatStraceCall(event).length > 0, 'a call that cannot be printed');
    if (event.kind === 'unreadable') must(event.column >= 1 && event.why.length < 300, `column ${event.column}`);
  }
  must(JSON.stringify(events) === JSON.stringify(again.events), 'other events where the text comes in pieces');
}

function checkMap(text) {
  const map = orRefused(() => parseSmaps(text, { file: 'text' }));
  if (map === null) return;
  for (const { start, end } of map.entries) must(start < end, `a mapping from ${start} to ${end}`);
  formatSmaps(map);
}

function checkLines(text) {
  const lines = text.split('\n');
  orRefused(() => [...parseScenarios(lines, 'text')]);
  orRefused(() => parseRecording(lines, 'text'));
  const { problems } = readProgram(text, 'text');
  for (const { line, column } of problems) must(line >= 1 && column >= 1, `a problem at ${line}:${column}`);
}

/**
 * Each reader: its name, the texts that it reads, and a check that throws for a text of which something does not hold.
 * To add one: a row here.
 */
export const READERS = [
  {
    name: 'strace',
    corpus: () => [
      ...filesOf('strace', /\.strace$|\/ff\//),
      ...filesOf('cases', /\.strace$/),
      ...filesOf('programs', /trace\.strace$/),
    ],
    check: checkLog,
  },
  {
    name: 'maps',
    corpus: () => [
      ...filesOf('programs', /^(?:true|git-status|guard-pool)\/\w+\.smaps$/),
      ...filesOf('cases', /\.(?:maps|smaps|txt)$/),
    ],
    check: checkMap,
  },
  {
    name: 'json',
    corpus: () => [
      ...filesOf('cases', /\.jsonl$/),
      ...filesOf('recordings', /^(?:fuzz|kernels2?)\/(?:found|scenarios)\.jsonl(?:\.gz)?$/),
    ],
    check: checkLines,
  },
  {
    name: 'kind',
    corpus: () => [...filesOf('cases', /\.(?:strace|maps|smaps|txt|jsonl)$/)],
    check: (text) => must(describeInput(text).what.length > 0, 'a kind without words'),
  },
];
