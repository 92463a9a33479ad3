import { mergeLogs, pidOfName } from 'proc-io';
import { filesOfArchive } from './archive.ts';
import { errorText, type ReadFile, readDroppedFile } from './droppedFile.ts';
import { textOf } from './fileLines.ts';
import { heldMappings } from './whenOfMap.ts';

/** A log with the maps of its process that came along, or a map, or scenarios. */
export type ReadFiles = (ScenarioText & Pick<DroppedFiles, 'notShown'>) | DroppedFiles;

/** What goes into the editor. */
type ScenarioText = Extract<ReadFile, { readonly kind: 'scenarios' | 'litmus' }>;

/** What the worker is given. */
export interface DroppedFiles {
  readonly kind: 'strace' | 'smaps' | 'maps';
  readonly file: File;
  /** Of a log: the process's smaps when it begins, and when it ends. */
  readonly initial?: File;
  readonly final?: File;
  /** Of a log: the smaps of other processes, by the pid in their names. */
  readonly maps?: readonly ProcessMap[];
  /** Of a map: another one that came along, to compare with. */
  readonly other?: File;
  /** Of a log: the page faults that perf recorded beside it. */
  readonly faultLog?: File;
  /** Files that came along and are not shown, each with the reason. */
  readonly notShown?: readonly string[];
  /** What is to be said of a log that was put together. */
  readonly notes?: readonly string[];
  /** It was put together from files without times: the order of what threads did is not known. */
  readonly threadOrderUnknown?: boolean;
}

/** A smaps of a process other than the first. */
interface ProcessMap {
  readonly map: 'initial' | 'final';
  readonly pid: number;
  /** After which execve of it, where that is not the first. */
  readonly exec?: number;
  readonly source: File;
  readonly name: string;
}

const ONE_LOG = 'one log is shown at a time; of several, only the files of strace -ff, whose names end in a pid';
/** Longest file of `strace -ff` that is put together with others here; characters. */
const MOST_TEXT = 1 << 26;
const ONE_MAP = 'one map is shown at a time';
const FAULTS = 'page faults of perf script go with their log: open both together';
const ONE_TEXT = 'a file of scenarios is opened alone';

/**
 * Finds out what files that came together are; a zip or a tar is the files that it holds. A log takes the maps that came along (see
 * {@link mapsOf}). The files of `strace -ff` are one log. What is left over is named, with the reason.
 * @throws what {@link readDroppedFile} throws for the first file, where none is anything
 */
export async function readDroppedFiles(files: readonly File[]): Promise<ReadFiles | null> {
  const opened: ReadFile[] = [];
  const notShown: string[] = [];
  let problem: unknown = null;
  for (const given of files) {
    try {
      for (const file of (await filesOfArchive(given)) ?? [given]) {
        try {
          opened.push(await readDroppedFile(file));
        } catch (error) {
          problem ??= error;
          notShown.push(errorText(error));
        }
      }
    } catch (error) {
      problem ??= error;
      notShown.push(errorText(error));
    }
  }
  const threads = opened.flatMap((one) => (one.kind === 'strace' && pidOfName(one.file.name) !== null ? [one] : []));
  const merged = threads.length > 1 ? await mergedLog(threads.map(({ file }) => file)) : null;
  if (merged !== null) opened.unshift(merged);
  const shown =
    opened.find(({ kind }) => kind === 'strace') ?? opened.find(({ kind }) => kind !== 'faults') ?? opened[0];
  if (shown === undefined) {
    if (problem === null) return null;
    throw problem;
  }
  if (shown.kind === 'faults') throw new Error(`${shown.file.name}: ${FAULTS}.`);
  const left = opened.filter((one) => one !== shown && (merged === null || threads.every((each) => each !== one)));
  const taken = shown.kind === 'strace' ? await mapsOf(shown.file, left) : isText(shown) ? NO_MAPS : secondMap(left);
  for (const one of left) {
    const why = isText(one) ? ONE_TEXT : one.kind === 'strace' ? ONE_LOG : one.kind === 'faults' ? FAULTS : ONE_MAP;
    if (isText(one)) notShown.push(`${one.name}: ${why}`);
    else if (!taken.files.has(one.file)) notShown.push(`${one.file.name}: ${why}`);
  }
  const named = notShown.length > 0 ? { notShown } : {};
  if (isText(shown)) return { ...shown, ...named };
  const notes = [...((shown as DroppedFiles).notes ?? []), ...taken.notes];
  return { ...shown, kind: shown.kind, ...taken.maps, ...(notes.length > 0 ? { notes } : {}), ...named };
}

function isText(one: ReadFile): one is ScenarioText {
  return one.kind === 'scenarios' || one.kind === 'litmus';
}

/** The files of `strace -ff` as one log; `null`: they are too long. */
async function mergedLog(files: readonly File[]): Promise<Extract<ReadFiles, DroppedFiles> | null> {
  const logs: { name: string; text: string }[] = [];
  for (const file of files) {
    const text = await textOf(file, MOST_TEXT);
    if (text === null) return null;
    logs.push({ name: file.name, text });
  }
  const { text, notes, hasTimes } = mergeLogs(logs);
  const file = new File([text], `${files[0]?.name} and ${files.length - 1} more`);
  return { kind: 'strace', file, notes, threadOrderUnknown: !hasTimes };
}

const AT_END = /final|end|after/i;
const AT_START = /initial|start|before/i;
const OF_PROCESS = /(initial|start|before|final|end|after)[._-](\d+)(?:-(\d{1,4})(?=\.))?(?=[._-]|$)/i;

/** The maps that a log takes. */
interface TakenMaps {
  readonly maps: Pick<DroppedFiles, 'initial' | 'final' | 'maps' | 'faultLog' | 'other'>;
  readonly files: ReadonlySet<File>;
  /** What was decided by content, which a name does not say. */
  readonly notes: readonly string[];
}

const NO_MAPS: TakenMaps = { maps: {}, files: new Set(), notes: [] };

/** Another map that came along with one, to compare with. */
function secondMap(others: readonly ReadFile[]): TakenMaps {
  const [other] = others.flatMap((one) => (one.kind === 'smaps' || one.kind === 'maps' ? [one.file] : []));
  return other === undefined ? NO_MAPS : { maps: { other }, files: new Set([other]), notes: [] };
}

/**
 * The maps of a log's beginning and end, of those that came along. A name that says `final`, `end` or `after` is that of the end, one
 * that says `initial`, `start` or `before` that of the beginning; a number behind that word (`final.1234.smaps`) is the pid of another
 * process, and one behind that (`initial.1234-2.smaps`) says after which execve. What perf script printed is the log's page faults. Where the name does not say, the mappings that the log makes decide.
 */
async function mapsOf(log: File, others: readonly ReadFile[]): Promise<TakenMaps> {
  const all = others.flatMap((one) => (one.kind === 'smaps' || one.kind === 'maps' ? [one.file] : []));
  const ofProcesses = all.flatMap((file) => processMap(file) ?? []);
  const own = all.filter((file) => processMap(file) === null);
  let final = own.find(({ name }) => AT_END.test(name));
  let initial = own.find((file) => file !== final && AT_START.test(file.name));
  const notes: string[] = [];
  const faultLog = others.flatMap((one) => (one.kind === 'faults' ? [one.file] : []))[0];
  for (const file of own.filter((one) => one !== final && one !== initial)) {
    if (initial !== undefined && final !== undefined) break;
    const isFinal = initial !== undefined || (final === undefined && (await isOfEnd(log, file, notes)));
    if (isFinal) final = file;
    else initial = file;
  }
  return {
    maps: {
      ...(initial ? { initial } : {}),
      ...(final ? { final } : {}),
      ...(ofProcesses.length > 0 ? { maps: ofProcesses } : {}),
      ...(faultLog ? { faultLog } : {}),
    },
    files: new Set([
      ...(initial ? [initial] : []),
      ...(final ? [final] : []),
      ...(faultLog ? [faultLog] : []),
      ...ofProcesses.map(({ source }) => source),
    ]),
    notes,
  };
}

/** Whether a map is that of the log's end, by its content; says so in a note. */
async function isOfEnd(log: File, map: File, notes: string[]): Promise<boolean> {
  const found = await heldMappings(log, map).catch(() => null);
  const isEnd = found !== null && found.held * 2 > found.made;
  const why =
    found === null
      ? 'the log makes no mapping that would tell'
      : `it holds ${found.held} of the first ${found.made} mappings that the log makes`;
  notes.push(
    `${map.name} is taken as the map of the ${isEnd ? 'end' : 'beginning'}: ${why}. Is it the other? Choose it below, or put "final" or "initial" into its name.`,
  );
  return isEnd;
}

function processMap(file: File): ProcessMap | null {
  const [, when, pid, exec] = OF_PROCESS.exec(file.name) ?? [];
  if (when === undefined) return null;
  return {
    map: AT_END.test(when) ? 'final' : 'initial',
    pid: Number(pid),
    ...(exec === undefined ? {} : { exec: Number(exec) }),
    source: file,
    name: file.name,
  };
}
