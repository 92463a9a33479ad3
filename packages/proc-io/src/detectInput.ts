import type { FileCommand, FileKind } from './fileKind.ts';
import { OTHER_KINDS } from './fileKinds.ts';
import { InputError } from './inputError.ts';
import { cleanLine, lineWithin, MAP_LINES, mendMapLine } from './maps/cleanLine.ts';
import { isBadLine, readMapsLine } from './maps/mapsLine.ts';
import { readSmapsLine } from './maps/smapsField.ts';
import { isFaultLine } from './perf/faultLog.ts';
import { isPerfTraceCall } from './strace/perfTraceLine.ts';
import { StraceParser } from './strace/straceParser.ts';
import { unfoldLine } from './unfoldLine.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * What a file can be. `recording`: what a kernel did (FORMAT.md); `scenario`: what to do, in JSON; `litmus`: the same in lines, with claims or without; `faults`: page faults that `perf script` printed; `maps`: also what other tools print of a map and
 * is read as one; `other`: known, and of no use here (see {@link describeInput}).
 */
export type InputKind =
  | 'strace'
  | 'smaps'
  | 'maps'
  | 'scenario'
  | 'litmus'
  | 'recording'
  | 'faults'
  | 'gzip'
  | 'other'
  | 'unknown';

/** What a file is. */
export interface InputDescription extends Omit<FileKind, 'is'> {
  readonly kind: InputKind;
}

/** The kinds with a reader of their own. */
const OWN: { readonly [kind in Exclude<InputKind, 'other'>]: Omit<FileKind, 'is'> } = {
  strace: { what: 'a strace log', command: 'replay' },
  smaps: { what: 'a smaps file', command: 'smaps' },
  maps: { what: 'a maps file', command: 'smaps' },
  scenario: { what: 'a file of scenarios', command: 'run' },
  litmus: { what: 'a litmus file', command: 'run' },
  recording: { what: 'a recording', command: 'verify' },
  faults: { what: 'page faults of perf script', command: null, instead: 'give it beside its log: --fault-log FILE' },
  gzip: { what: 'a gzip file', command: null, instead: 'unpack it once' },
  unknown: { what: 'no kind of file that is known here', command: null },
};

/** Lines that are looked at to know a strace log, and the longest of them: a longer one is passed over. */
const LOOKED_AT = 1000;
const LONGEST_LOOKED_AT = 4096;

/**
 * Says what a file is from its beginning; its name does not matter. A few kB are enough. `gzip` says nothing of what
 * is packed: unpack, and ask again.
 */
export function detectInput(head: Uint8Array | string): InputKind {
  return describeInput(head).kind;
}

/** What a file is, in words too, and the command that reads it. */
export function describeInput(head: Uint8Array | string): InputDescription {
  if (typeof head !== 'string' && head[0] === 0x1f && head[1] === 0x8b) return own('gzip');
  const text = (typeof head === 'string' ? head : decodeUtf8(head)).replace(/^\ufeff/, '');
  const lines = unfolded(text.split(/\r+\n?|\n/).filter((line) => line.trim() !== ''));
  const [first] = lines;
  if (first === undefined) return own('unknown');
  if (lines.slice(0, MAX_AROUND).some(isFaultLine)) return own('faults');
  if (lines.some(isPerfTraceCall)) return { kind: 'strace', what: 'a log of perf trace', command: 'replay' };
  const other = OTHER_KINDS.find(({ is }) => is(lines));
  if (other !== undefined) return { ...other, kind: other.command === 'smaps' ? 'maps' : 'other' };
  if (text.includes('\0')) return own('unknown');
  const json = /^\s*[{[]\s*(?:["{}]|$)/.test(first) ? detectJson(text) : 'unknown';
  if (json !== 'unknown') return own(json);
  if (isBadLine(readMapsLine(first)) && isStrace(lines, text.endsWith('\n'))) return own('strace');
  const mapping = lines.slice(0, MAX_AROUND).findIndex(isMapping);
  if (mapping < 0) return own(lines.slice(0, LOOKED_AT).some(isOperation) ? 'litmus' : 'unknown');
  return own(lines.slice(mapping + 1, mapping + 3).some(isSmapsField) ? 'smaps' : 'maps');
}

/** A map may stand on one line, as a string whose end is not among what is looked at. */
function unfolded(lines: readonly string[]): readonly string[] {
  if (lines.length > FEW_LINES) return lines;
  return lines.flatMap((line) => unfoldLine(`${line.replace(/\\$/, '')}"`, MAP_LINES) ?? [line]);
}

const FEW_LINES = 3;

/** Lines before the first mapping of a map: a prompt, a fence. */
const MAX_AROUND = 20;

/** What to give where a file is of no kind. */
const WANTED = 'give a copy of /proc/PID/smaps, or a log of strace -f -y -e trace=%memory,%process';

/**
 * What to say where a command cannot read a file: which kind it is, if it is another than the command reads; else the reader's own error.
 *
 * @param head the beginning of the file, unpacked
 * @param command the one that was given it; of the maps of a log: `smaps`
 */
export function wrongFile(error: InputError, head: Uint8Array | string, command: FileCommand): InputError {
  const { kind, what, command: other, instead } = describeInput(head);
  if (kind === 'unknown' && head.length > 0 && (command === 'replay' || command === 'smaps')) {
    return new InputError(`${error.message}; ${WANTED}`, error);
  }
  if (other === command || (other === null && instead === undefined)) return error;
  const advice = other === null ? instead : `vma-lab ${other} reads it`;
  return new InputError(`this is ${what}: ${advice}`, { file: error.file });
}

function own(kind: Exclude<InputKind, 'other'>): InputDescription {
  return { kind, ...OWN[kind] };
}

const OPERATIONS =
  '(?:m(?:map|unmap|protect|advise|remap|lock2?|unlock|seal)|touch|read|write|(?:un)?guard|setname|uffd_[a-z]+|(?:set_)?brk|fill_maps)';
/** An operation of a litmus file: a word, and the pages that it is about (`mmap 4+2 rw`, `kid: write 4`), or a fork. */
const OPERATION = new RegExp(
  `^\\s*(?:[a-z]\\w*:\\s+)?(?:${OPERATIONS}\\s+(?:\\d+(?:\\+\\d+)?|\\+\\d+)(?![\\w.])|fork(?:\\s+[\\w=]+)?\\s*(?:$|[;#]))`,
);

function isOperation(line: string): boolean {
  return OPERATION.test(line);
}

function isMapping(line: string): boolean {
  const clean = cleanLine(line);
  if (!isBadLine(readMapsLine(clean))) return true;
  return /^[0-9a-f]+-[0-9a-f]+\s/.test(lineWithin(clean) ?? mendMapLine(line) ?? '');
}

function isSmapsField(line: string): boolean {
  const clean = cleanLine(line);
  const fields = [clean, lineWithin(clean), mendMapLine(line)].map((text) =>
    text === null ? null : readSmapsLine(text),
  );
  return fields.some((field) => field !== null && field.kind !== 'text');
}

/** A recording begins with a header, or has steps; a scenario has ops. */
function detectJson(text: string): InputKind & ('recording' | 'scenario' | 'unknown') {
  if (/"kind"\s*:\s*"(?:header|scenario)"/.test(text) || /"steps"\s*:/.test(text)) return 'recording';
  return /"ops"\s*:/.test(text) ? 'scenario' : 'unknown';
}

/** True where any whole line is one of strace. */
function isStrace(lines: readonly string[], whole: boolean): boolean {
  const parser = new StraceParser();
  const usable = (whole || lines.length === 1 ? lines : lines.slice(0, -1)).filter(
    ({ length }) => length <= LONGEST_LOOKED_AT,
  );
  try {
    parser.push(usable.slice(0, LOOKED_AT).join('\n').concat('\n'));
    if (!parser.begun) parser.end();
    return parser.begun;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return false;
  }
}
