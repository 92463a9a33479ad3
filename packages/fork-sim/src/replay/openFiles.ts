import type { StraceFd } from 'proc-io';
import type { Inode } from '../process/inode.ts';
import type { World } from '../process/process.ts';
import { type FileTraits, fileTraits } from './fileTraits.ts';

/** Pages that a file is taken to have, since a log does not say: more than any program maps. */
const UNKNOWN_PAGES = 2 ** 40;

/** O_ACCMODE and O_RDONLY of `open(2)`. */
const ACCESS_MODE = 3;
const READ_ONLY = 0;
const WRITE_ONLY = 1;

/** What a file was opened for. */
export interface FileAccess {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** The name of an open descriptor, by which it can be opened once more. */
const DESCRIPTOR = /^\/(?:proc\/(?:self|thread-self|\d+)|dev)\/fd\/(\d+)$/;

const MEMFD = /^\/memfd:/;

/** A pidfd: as `strace -yy` prints it, or as {@link OpenFiles.opened} was told. */
const PIDFD = /^(?:anon_inode:\[pidfd\]|pid):(\d+)$/;

/** F_SEAL_WRITE, F_SEAL_FUTURE_WRITE. */
const SEALS_OF_WRITING = 0x8 | 0x10;

/** Memfds, sockets, anonymous inodes. */
const OPEN_FOR_BOTH = /^(\/memfd:|\/?secretmem$|socket:|anon_inode:|[A-Z][A-Z0-9_-]*:\[)/;

const BOTH: FileAccess = { readable: true, writable: true };

/** An open file of the log: what the merge rules compare. */
export interface OpenFile {
  /** Its id in {@link World.files}. */
  readonly id: number;
  readonly inode: Inode;
  path: string;
  /** How it was opened; `null`: the log does not show the open. */
  access: FileAccess | null;
  /** Why its mappings are listed as not modelled; `null`: they are modelled. */
  unmodelled: string | null;
  /** Descriptors that name it. */
  refs: number;
}

/** Paths whose kind is remembered: a log opens a handful of libraries for ever. */
const MOST_PATHS = 1024;

/**
 * The open files of a log, of all its processes. One that no descriptor and no mapping names is forgotten, and its id used again: nothing
 * can tell the difference, and a long log opens files without end.
 */
export class LogFiles {
  readonly #world: World;
  /** The log has the paths of descriptors. */
  pathsShown = false;
  /** The log opens memfds once more for reading alone, as one does to hand them to others. */
  reopensMemfds = false;
  /** Named by no descriptor any more; some are still mapped. */
  readonly #retired: OpenFile[] = [];
  readonly #byId = new Map<number, OpenFile>();
  readonly #traits = new Map<string, FileTraits>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * A file that was opened just now.
   *
   * @param traits by default what its path tells
   */
  open(path: string, access: FileAccess | null, traits: FileTraits = this.#traitsOf(path)): OpenFile {
    const file = this.#unused() ?? this.#newFile();
    this.#world.files.set(file.id, { id: file.id, ...traits.file });
    file.path = path;
    file.access = access;
    file.unmodelled = traits.unmodelled;
    file.refs = 1;
    return file;
  }

  /** A descriptor of the file is gone. */
  release(file: OpenFile): void {
    file.refs--;
    if (file.refs === 0) this.#retired.push(file);
  }

  /** Nothing may be written to it any more by what is mapped from now on. */
  seal({ id }: OpenFile): void {
    const file = this.#world.files.get(id);
    if (file !== undefined) this.#world.files.set(id, { ...file, sealed: true });
  }

  /** The path of an open file, by its id; empty where the log did not open it. */
  pathOf(id: number): string {
    return this.#byId.get(id)?.path ?? '';
  }

  #newFile(): OpenFile {
    const inode = this.#world.newInode({ pages: UNKNOWN_PAGES });
    const file: OpenFile = {
      id: this.#world.open({ inode }),
      inode,
      path: '',
      access: null,
      unmodelled: null,
      refs: 0,
    };
    this.#byId.set(file.id, file);
    return file;
  }

  #traitsOf(path: string): FileTraits {
    let traits = this.#traits.get(path);
    if (traits === undefined) {
      traits = fileTraits(path);
      if (this.#traits.size >= MOST_PATHS) this.#traits.clear();
      this.#traits.set(path, traits);
    }
    return traits;
  }

  /** A retired file that nothing maps. A few are looked at each time, so that the search stays short. */
  #unused(): OpenFile | null {
    for (let tries = Math.min(4, this.#retired.length); tries > 0; tries--) {
      const file = this.#retired.shift() as OpenFile;
      if (file.inode.mappings === 0) return file;
      this.#retired.push(file);
    }
    return null;
  }
}

/** How a descriptor came to be. */
interface Descriptor {
  readonly file: OpenFile;
  /** The log shows its `open`, so that the next one is another file. */
  readonly shown: boolean;
}

/**
 * The file descriptors of a process, as far as a log shows them. What merges is decided by the *open file*, not by the path: two
 * opens of one path are two files.
 *
 * Where the log has `open`, `dup` and `close`, each open is a file of its own. Where it has only memory calls, a descriptor stays the same
 * file until it is seen with another path: an assumption, since a file may be closed and opened again under the same number.
 */
export class OpenFiles {
  readonly #files: LogFiles;
  readonly #descriptors: Map<number, Descriptor> = new Map();

  /** @param from the descriptors that a child inherits */
  constructor(files: LogFiles, from?: OpenFiles) {
    this.#files = files;
    for (const [fd, descriptor] of from === undefined ? [] : from.#descriptors) this.#set(fd, descriptor);
  }

  /** An `open`, `openat`, `creat` or `memfd_create` gave this descriptor. */
  opened(fd: number, path: string, flags: number, traits?: FileTraits): void {
    const mode = flags & ACCESS_MODE;
    const reopened = this.#descriptors.get(Number(DESCRIPTOR.exec(path)?.[1] ?? -1));
    if (mode === READ_ONLY && MEMFD.test(reopened?.file.path ?? '')) this.#files.reopensMemfds = true;
    const file = this.#files.open(path, { readable: mode !== WRITE_ONLY, writable: mode !== READ_ONLY }, traits);
    this.closed(fd);
    this.#descriptors.set(fd, { file, shown: true });
  }

  /** The log shows that a descriptor is not open: there is no such number, or a log with paths (`strace -y`) has none for it. */
  isClosed({ fd, path }: StraceFd): boolean {
    return fd < 0 || (path === null && this.#files.pathsShown);
  }

  closed(fd: number): void {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return;
    this.#descriptors.delete(fd);
    this.#files.release(descriptor.file);
  }

  /** `dup`, `dup2`, `dup3`: the same open file under another number. */
  duplicated(from: number, to: number): void {
    const descriptor = this.#descriptors.get(from);
    if (from === to) return;
    this.closed(to);
    if (descriptor !== undefined) this.#set(to, descriptor);
  }

  /** `F_ADD_SEALS`: what may be mapped of a memfd from now on. */
  sealed(fd: StraceFd, seals: number): void {
    if ((seals & SEALS_OF_WRITING) !== 0) this.#files.seal(this.of(fd));
  }

  /** The process that a pidfd stands for: `pidfd_open` tells, or the path of `strace -yy`. `null`: the log does not show it. */
  pidOf({ fd, path }: StraceFd): number | null {
    const opened = this.#descriptors.get(fd)?.file.path;
    const pid = PIDFD.exec(path ?? '')?.[1] ?? PIDFD.exec(opened ?? '')?.[1];
    return pid === undefined ? null : Number(pid);
  }

  /** All are gone: the process has ended. */
  closeAll(): void {
    for (const fd of [...this.#descriptors.keys()]) this.closed(fd);
  }

  /** Id of a file that no descriptor names: it lives as long as its mappings. */
  unnamed(path: string, traits?: FileTraits): number {
    const file = this.#files.open(path, BOTH, traits);
    this.#files.release(file);
    return file.id;
  }

  /** The open file that a mapping names. */
  of(fd: StraceFd): OpenFile {
    if (fd.path !== null) this.#files.pathsShown = true;
    const known = this.#descriptors.get(fd.fd);
    if (known !== undefined) {
      if (fd.path === null || known.file.path === fd.path) return known.file;
      if (known.shown) {
        // The open was shown with a relative path, or the file was renamed: the same file, better known.
        known.file.path = fd.path;
        return known.file;
      }
    }
    this.closed(fd.fd);
    // What no path opens is open for both; of other files the log would have to show how they were opened.
    const path = fd.path ?? '';
    const isBoth = OPEN_FOR_BOTH.test(path) && !(this.#files.reopensMemfds && MEMFD.test(path));
    const file = this.#files.open(path, isBoth ? BOTH : null);
    this.#descriptors.set(fd.fd, { file, shown: false });
    return file;
  }

  /** The open file that a mapping names, where it is known; unlike {@link of}, it takes note of nothing. */
  known({ fd, path }: StraceFd): OpenFile | undefined {
    const file = this.#descriptors.get(fd)?.file;
    return path === null || file?.path === path ? file : undefined;
  }

  #set(fd: number, descriptor: Descriptor): void {
    descriptor.file.refs++;
    this.#descriptors.set(fd, descriptor);
  }
}
