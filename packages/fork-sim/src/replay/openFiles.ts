import type { StraceFd } from 'proc-io';
import type { Inode } from '../inode.ts';
import type { World } from '../world.ts';

/** Pages that a file is taken to have when the log does not say: more than any program maps. */
const UNKNOWN_PAGES = 2 ** 40;

/** O_ACCMODE and O_RDONLY of `open(2)`. */
const ACCESS_MODE = 3;
const READ_ONLY = 0;

/** An open file of the log. */
export interface OpenFile {
  /** Its id in {@link World.files}. */
  readonly id: number;
  readonly path: string;
  /** Opened for writing; `null`: the log does not show the open. */
  readonly writable: boolean | null;
}

/** How a descriptor came to be, where the log shows it. */
interface Descriptor {
  file: OpenFile;
  /** An `open` was seen for it, so that the next one is another file. */
  readonly shown: boolean;
}

/** What a path tells of the file system behind it. */
function traitsOf(path: string): { readonly shmem?: true; readonly thpAligned?: true } {
  if (/^(\/dev\/shm\/|\/memfd:|\/SYSV|\/dev\/zero)/.test(path)) return { shmem: true };
  if (/^(\/dev\/|\/proc\/|\/sys\/|anon_inode:|socket:|pipe:)/.test(path) || path === '') return {};
  return { thpAligned: true };
}

/** What files hold is never asked here, so one inode stands for all of them. */
const inodes = new WeakMap<World, Inode>();

/** Opens a file of that path in the world: a new identity to the merge rules. */
export function openInWorld(world: World, path: string, writable: boolean | null): OpenFile {
  const inode = inodes.get(world) ?? world.newInode({ pages: UNKNOWN_PAGES });
  inodes.set(world, inode);
  return { id: world.open({ inode, ...traitsOf(path) }), path, writable };
}

/**
 * The file descriptors of a process, as far as a log shows them. What merges is decided by the *open file*, not by the path: two
 * opens of one path are two files.
 *
 * Where the log has `open`, `dup` and `close`, each open is a file of its own. Where it has only memory calls, a descriptor stays the same
 * file until it is seen with another path: an assumption, since a file may be closed and opened again under the same number.
 */
export class OpenFiles {
  readonly #world: World;
  readonly #descriptors: Map<number, Descriptor>;
  /** Descriptors that were mapped without an `open` in the log. */
  assumed = 0;

  constructor(world: World, from?: OpenFiles) {
    this.#world = world;
    this.#descriptors = new Map(from === undefined ? [] : from.#descriptors);
  }

  /** An `open`, `openat`, `creat` or `memfd_create` gave this descriptor. */
  opened(fd: number, path: string, flags: number | null): void {
    const writable = flags === null ? null : (flags & ACCESS_MODE) !== READ_ONLY;
    this.#descriptors.set(fd, { file: openInWorld(this.#world, path, writable), shown: true });
  }

  closed(fd: number): void {
    this.#descriptors.delete(fd);
  }

  /** `dup`, `dup2`, `dup3`: the same open file under another number. */
  duplicated(from: number, to: number): void {
    const descriptor = this.#descriptors.get(from);
    if (descriptor === undefined) this.#descriptors.delete(to);
    else this.#descriptors.set(to, descriptor);
  }

  /** The open file that a mapping names. */
  of(fd: StraceFd): OpenFile {
    const known = this.#descriptors.get(fd.fd);
    if (known !== undefined && (known.shown || fd.path === null || known.file.path === fd.path)) {
      return fd.path === null || known.file.path === fd.path ? known.file : this.#renamed(known, fd.path);
    }
    this.assumed++;
    // A memfd is always open for both; of other files the log would have to show how they were opened.
    const file = openInWorld(this.#world, fd.path ?? '', fd.path?.startsWith('/memfd:') === true ? true : null);
    this.#descriptors.set(fd.fd, { file, shown: false });
    return file;
  }

  /** The open was shown with a relative path, or the file was renamed: the same file, better known. */
  #renamed(known: Descriptor, path: string): OpenFile {
    known.file = { ...known.file, path };
    const alias = this.#world.files.get(known.file.id);
    if (alias !== undefined) this.#world.files.set(known.file.id, { id: alias.id, ...traitsOf(path) });
    return known.file;
  }
}
