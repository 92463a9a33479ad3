import { LESS, NINE, ZERO } from './chars.ts';
import type { LogText } from './logText.ts';
import { mapFileOf } from './mapFiles.ts';
import type { StraceArgs, StraceCallName } from './straceArgs.ts';

/** Sealing a map does not succeed, so that `fcntl` duplicates here. */
const DUPLICATING: ReadonlySet<StraceCallName> = new Set(['dup', 'dup2', 'dup3', 'fcntl'] as const);

/**
 * The numbers of descriptors by which a log reads the map of a process, now or earlier, in any of its processes: of all reads of a log
 * these alone become events.
 */
export class MapFds {
  readonly #fds = new Set<number>();

  /** A call that succeeded: it may open such a file, or name it twice. */
  see(name: StraceCallName, args: unknown, ret: number): void {
    if (name === 'open' || name === 'openat' || name === 'openat2') {
      if (mapFileOf((args as StraceArgs['open']).path.text) !== null) this.#fds.add(ret);
    } else if (this.#fds.size > 0 && DUPLICATING.has(name)) {
      if (this.#fds.has((args as StraceArgs['dup']).fd.fd)) this.#fds.add(ret);
    }
  }

  /** Is the descriptor that stands at `at` one of them? */
  has({ codes, text }: LogText, at: number): boolean {
    let fd = 0;
    let p = at;
    for (let code = codes[p]!; code >= ZERO && code <= NINE; code = codes[++p]!) fd = fd * 10 + (code - ZERO);
    if (p === at) return false;
    if (codes[p] !== LESS) return this.#fds.has(fd);
    // `-y` shows the path, which says it all.
    if (!text.startsWith('/proc/', p + 1)) return false;
    const close = text.indexOf('>', p);
    return close >= 0 && mapFileOf(text.slice(p + 1, close)) !== null;
  }
}
