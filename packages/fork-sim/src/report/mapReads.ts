import { type MapFile, mapFileOf, type ReadArgs, type StraceCall, type StraceCallName } from 'proc-io';
import type { OpenFiles } from '../replay/openFiles.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import type { NotCompared } from '../words/checkpointWords.ts';
import type { CheckpointResult } from './checkpointResult.ts';
import { compareMaps } from './compareMaps.ts';
import { type MapPart, MapStream } from './mapStream.ts';
import type { MapRow } from './vmaRow.ts';

/** Differences that are listed of one reading. */
const MAX_DIFFERENCES = 100;

/** Calls that open, read, move in or close files. */
const OF_FILES: ReadonlySet<StraceCallName> = new Set(
  (['open', 'openat', 'close', 'dup', 'dup2', 'dup3', 'fcntl', 'lseek', 'read', 'readv', 'pread64'] as const).values(),
);

/** A reading of a map from some place on. */
interface Reading {
  /** Of the call that began it. */
  readonly line: number;
  readonly stream: MapStream;
}

/** A map that a program has open. */
interface OpenMap {
  readonly path: string;
  readonly kind: MapFile['kind'];
  /** Whose map it is, as it was when it was opened. */
  readonly pid: number | null;
  readonly space: ReplaySpace;
  /** The path names a process that the log does not: it is taken to be the one that opened it where they have a mapping in common. */
  readonly isGuess: boolean;
  /** Where the next `read` begins, if `lseek` has set it; bytes. */
  pos: number;
  /** By `read`. */
  reading: Reading | null;
  /** By `pread64`, which has a place of its own. */
  placed: Reading | null;
}

/**
 * The maps that programs of a log read, their own or each other's: where strace printed what a read returned, the model's map is compared with
 * it there.
 */
export class MapReads {
  readonly #open = new WeakMap<OpenFiles, Map<number, OpenMap>>();
  readonly #all = new Set<OpenMap>();
  readonly #found: (result: CheckpointResult) => void;
  /** What could not be compared: one result for each file and reason. */
  readonly #leftOut = new Map<string, { times: number }>();

  /** @param found told of each reading that is over */
  constructor(found: (result: CheckpointResult) => void) {
    this.#found = found;
  }

  /** A call is about to be performed. */
  before(call: StraceCall, replay: Replay): void {
    const { ret } = call;
    if (call.errno !== null || ret === null || !OF_FILES.has(call.name)) return;
    const process = replay.find(call.pid);
    if (process === undefined) return;
    switch (call.name) {
      case 'open':
      case 'openat':
        this.#opened(ret, call.args.path.text, process, replay);
        break;
      case 'close':
        this.#closed(call.args.fd.fd, process);
        break;
      case 'dup':
      case 'dup2':
      case 'dup3':
      case 'fcntl':
        this.#duplicated(call.args.fd.fd, ret, process);
        break;
      case 'lseek':
        this.#seek(call.args.fd.fd, ret, process);
        break;
      case 'read':
      case 'readv':
      case 'pread64': {
        const { fd, path } = call.args.fd;
        const known = this.#open.get(process.files)?.get(fd) ?? null;
        const open = known ?? (path === null ? null : this.#opened(fd, path, process, replay));
        if (open !== null) this.#read(open, call.line, call.args, ret);
        break;
      }
      default:
        break;
    }
  }

  /** The log is over. */
  end(): void {
    for (const open of this.#all) this.#over(open);
    this.#all.clear();
  }

  #opened(fd: number, path: string, process: ReplayedProcess, replay: Replay): OpenMap | null {
    if (this.#all.size > 0) this.#closed(fd, process);
    const file = mapFileOf(path);
    if (file === null) return null;
    const { pid, kind } = file;
    const named = pid === 'self' ? process : replay.find(pid);
    const owner = named ?? process;
    const open: OpenMap = {
      path,
      kind,
      pid: owner.pid,
      space: owner.space,
      isGuess: named === undefined,
      pos: 0,
      reading: null,
      placed: null,
    };
    const fds = this.#open.get(process.files) ?? new Map<number, OpenMap>();
    this.#open.set(process.files, fds.set(fd, open));
    this.#all.add(open);
    return open;
  }

  #closed(fd: number, process: ReplayedProcess): void {
    const fds = this.#open.get(process.files);
    const open = fds?.get(fd);
    if (fds === undefined || open === undefined) return;
    fds.delete(fd);
    if ([...fds.values()].includes(open)) return;
    this.#over(open);
    this.#all.delete(open);
  }

  #duplicated(fd: number, newFd: number, process: ReplayedProcess): void {
    if (this.#all.size === 0 || fd === newFd) return;
    const fds = this.#open.get(process.files);
    const open = fds?.get(fd);
    this.#closed(newFd, process);
    if (open !== undefined) fds?.set(newFd, open);
  }

  #seek(fd: number, to: number, process: ReplayedProcess): void {
    const open = this.#open.get(process.files)?.get(fd);
    if (open === undefined || open.reading?.stream.pos === to) return;
    this.#ends(open, open.reading);
    open.reading = null;
    open.pos = to;
  }

  #read(open: OpenMap, line: number, args: ReadArgs, bytes: number): void {
    const { kind, space } = open;
    if (kind !== 'maps' && kind !== 'smaps') {
      this.#leaveOut(open, line, kind === 'pagemap' ? 'pages' : 'sums');
      return;
    }
    const which = args.offset === null ? 'reading' : 'placed';
    const { line: began, stream } = open[which] ?? { line: 0, stream: null };
    const from = args.offset ?? stream?.pos ?? open.pos;
    // Where something is read behind the end, the file was closed and opened again, and the log does not show it.
    const isAgain = stream?.ended === true && bytes > 0;
    if (stream !== null && stream.pos === from && !isAgain) {
      stream.read(args, bytes);
      return;
    }
    if (stream !== null) this.#ends(open, { line: began, stream });
    const begun = new MapStream(space, kind === 'smaps', isAgain && args.offset === null ? 0 : from);
    open[which] = { line, stream: begun };
    begun.read(args, bytes);
  }

  #over(open: OpenMap): void {
    this.#ends(open, open.reading);
    this.#ends(open, open.placed);
  }

  /** A reading is over: compares it. */
  #ends(open: OpenMap, reading: Reading | null): void {
    if (reading === null || !reading.stream.begun) return;
    const { space, pid, path } = open;
    const { line, stream } = reading;
    const { part } = stream;
    const whyNone = this.#whyNone(open, part);
    if (whyNone !== null) {
      this.#leaveOut(open, line, whyNone);
      return;
    }
    const real = space.mapKnown ? part.real : part.real.filter(overlapsOneOf(part.model));
    const comparison = compareMaps(real, part.model, MAX_DIFFERENCES);
    const before = part.real.length - real.length;
    const [certain, why] = [space.mapKnown, whyNotAll(part)];
    this.#found({ line, pid, file: path, source: 'log', comparison, before, certain, why, times: 1 });
  }

  #whyNone({ space, isGuess }: OpenMap, part: MapPart): NotCompared | null {
    if (part.real.length === 0) return whyNotAll(part) ?? 'unreadable';
    if (space.notes.machine !== null) return 'machine';
    return isGuess && !haveOneAlike(part) ? 'noProcess' : null;
  }

  /** Nothing of a reading can be compared. */
  #leaveOut({ pid, path }: OpenMap, line: number, why: NotCompared): void {
    const key = `${pid} ${path} ${why}`;
    const known = this.#leftOut.get(key);
    if (known !== undefined) {
      known.times++;
      return;
    }
    const result = {
      ...({ line, pid, file: path, source: 'log', comparison: null, before: 0, certain: false, why } as const),
      times: 1,
    };
    this.#leftOut.set(key, result);
    this.#found(result);
  }
}

function whyNotAll({ cut, unreadable, ended }: MapPart): NotCompared | null {
  if (cut) return 'cut';
  if (unreadable) return 'unreadable';
  return ended ? null : 'part';
}

function haveOneAlike({ real, model }: MapPart): boolean {
  const ranges = new Set(model.map(({ start, end }) => `${start} ${end}`));
  return real.some(({ start, end }) => ranges.has(`${start} ${end}`));
}

/** Has a VMA a page in common with one of these? Both come in the order of their addresses. */
function overlapsOneOf(model: readonly MapRow[]): (real: MapRow) => boolean {
  let at = 0;
  return ({ start, end }) => {
    while (at < model.length && model[at]!.end <= start) at++;
    return at < model.length && model[at]!.start < end;
  };
}
