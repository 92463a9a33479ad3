import { mergeLogs, pidOfName } from 'proc-io';
import { errorText, type ReadFile, readDroppedFile } from './droppedFile.ts';
import { textOf } from './fileLines.ts';

/** A log with the maps of its process that came along, or a map, or scenarios. */
export type ReadFiles = Exclude<ReadFile, { readonly kind: 'strace' | 'smaps' | 'maps' }> | DroppedFiles;

/** What the worker is given. */
export interface DroppedFiles {
  readonly kind: 'strace' | 'smaps' | 'maps';
  readonly file: File;
  /** Of a log: the process's smaps when it begins, and when it ends. */
  readonly initial?: File;
  readonly final?: File;
  /** Of a log: the smaps of other processes, by the pid in their names. */
  readonly maps?: readonly ProcessMap[];
  /** Files that came along and are not shown, each with the reason. */
  readonly notShown?: readonly string[];
  /** What is to be said of a log that was put together. */
  readonly notes?: readonly string[];
}

/** A smaps of a process other than the first. */
interface ProcessMap {
  readonly map: 'initial' | 'final';
  readonly pid: number;
  readonly source: File;
  readonly name: string;
}

const ONE_LOG = 'one log is shown at a time; of several, only the files of strace -ff, whose names end in a pid';
/** Longest file of `strace -ff` that is put together with others here; characters. */
const MOST_TEXT = 1 << 26;
const ONE_MAP = 'one map is shown at a time';

/**
 * Finds out what files that came together are. A log takes the smaps that came along: the one whose name says `final`, `end` or `after`
 * is that of its end, any other that of its beginning; a number behind that word (`final.1234.smaps`) is the pid of another process. The files of `strace -ff` are one log. What is left over is named, with the reason.
 * @throws what {@link readDroppedFile} throws for the first file, where none is anything
 */
export async function readDroppedFiles(files: readonly File[]): Promise<ReadFiles | null> {
  const opened: ReadFile[] = [];
  const notShown: string[] = [];
  let problem: unknown = null;
  for (const file of files) {
    try {
      opened.push(await readDroppedFile(file));
    } catch (error) {
      problem ??= error;
      notShown.push(errorText(error));
    }
  }
  const threads = opened.flatMap((one) => (one.kind === 'strace' && pidOfName(one.file.name) !== null ? [one] : []));
  const merged = threads.length > 1 ? await mergedLog(threads.map(({ file }) => file)) : null;
  if (merged !== null) opened.unshift(merged);
  const shown = opened.find(({ kind }) => kind === 'strace') ?? opened[0];
  if (shown === undefined) {
    if (problem === null) return null;
    throw problem;
  }
  if (shown.kind === 'scenarios' || shown.kind === 'litmus') return shown;
  const isShown = (one: ReadFile): boolean =>
    one === shown || (merged !== null && threads.some((each) => each === one));
  const left = new Set(
    opened.flatMap((one) => (isShown(one) || one.kind === 'scenarios' || one.kind === 'litmus' ? [] : [one])),
  );
  const maps = shown.kind === 'strace' ? mapsOf([...left]) : {};
  for (const { kind, file } of left) {
    if (file === maps.initial || file === maps.final || maps.maps?.some(({ source }) => source === file)) continue;
    notShown.push(`${file.name}: ${kind === 'strace' ? ONE_LOG : ONE_MAP}`);
  }
  return { ...shown, ...maps, ...(notShown.length > 0 ? { notShown } : {}) };
}

/** The files of `strace -ff` as one log; `null`: they are too long. */
async function mergedLog(files: readonly File[]): Promise<Extract<ReadFiles, DroppedFiles> | null> {
  const logs: { name: string; text: string }[] = [];
  for (const file of files) {
    const text = await textOf(file, MOST_TEXT);
    if (text === null) return null;
    logs.push({ name: file.name, text });
  }
  const { text, notes } = mergeLogs(logs);
  return { kind: 'strace', file: new File([text], `${files[0]?.name} and ${files.length - 1} more`), notes };
}

type ShownFile = Exclude<ReadFile, { readonly kind: 'scenarios' | 'litmus' }>;

const AT_END = /final|end|after/i;
const OF_PROCESS = /(initial|start|before|final|end|after)[._-](\d+)(?=[._-]|$)/i;

/** The smaps of a log's beginning and end, of those that came along. */
function mapsOf(others: readonly ShownFile[]): Pick<DroppedFiles, 'initial' | 'final' | 'maps'> {
  const all = others.flatMap((one) => (one.kind === 'strace' ? [] : [one.file]));
  const ofProcesses = all.flatMap((file) => processMap(file) ?? []);
  const maps = all.filter((file) => processMap(file) === null);
  const named = maps.find(({ name }) => AT_END.test(name));
  const rest = maps.filter((file) => file !== named);
  const initial = rest.find(({ name }) => /initial|start|before/i.test(name)) ?? rest[0];
  const final = named ?? rest.find((file) => file !== initial);
  return {
    ...(initial ? { initial } : {}),
    ...(final ? { final } : {}),
    ...(ofProcesses.length > 0 ? { maps: ofProcesses } : {}),
  };
}

function processMap(file: File): ProcessMap | null {
  const [, when, pid] = OF_PROCESS.exec(file.name) ?? [];
  if (when === undefined) return null;
  return { map: AT_END.test(when) ? 'final' : 'initial', pid: Number(pid), source: file, name: file.name };
}
