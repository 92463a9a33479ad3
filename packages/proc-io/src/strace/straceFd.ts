import { detach } from '../detach.ts';
import { escapeText, inQuotes, unescapeText } from './quotedText.ts';
import type { StraceFd } from './straceArgs.ts';

/** The descriptor -1 of an anonymous mapping. */
export const NO_FD: StraceFd = { fd: -1, path: null, deleted: false, device: null };

const DELETED = ' (deleted)';

/**
 * Reads what `-y` or `-yy` puts between the outer `<` and `>`: a path, `/dev/zero<char 1:5>`, `socket:[7]`, `pid:12`.
 *
 * @param deletedAfter `(deleted)` followed the `>`
 */
export function readFdText(fd: number, inner: string, deletedAfter: boolean): StraceFd {
  let path = inner;
  let device: string | null = null;
  if (path.endsWith('>')) {
    const open = path.lastIndexOf('<');
    if (open >= 0) {
      device = path.slice(open + 1, -1);
      path = path.slice(0, open);
    }
  }
  let deleted = deletedAfter;
  if (!deleted && path.endsWith(DELETED)) {
    deleted = true;
    path = path.slice(0, -DELETED.length);
  }
  return { fd, path: detach(unescapeText(path)), deleted, device: device === null ? null : detach(device) };
}

/** Writes a descriptor as strace 6 does with `-y` (and `-yy` where a device is known). */
export function formatFd({ fd, path, deleted, device }: StraceFd): string {
  if (path === null) return String(fd);
  const inner = escapeText(path, '<>');
  return `${fd}<${inner}${device === null ? '' : `<${device}>`}>${deleted ? '(deleted)' : ''}`;
}

/** What reports a descriptor that cannot be read. */
interface FailSink {
  failAt(part: string, why: string): void;
}

/** Descriptors that have a name (include/uapi/linux/fcntl.h). */
const NAMED: ReadonlyMap<string, number> = new Map([
  ['AT_FDCWD', -100],
  ['PIDFD_SELF', -10_000],
  ['PIDFD_SELF_THREAD', -10_000],
  ['PIDFD_SELF_PROCESS', -10_001],
  ['PIDFD_SELF_THREAD_GROUP', -10_001],
]);

/** Reads a descriptor from a text of its own. `AT_FDCWD` is -100, `PIDFD_SELF` is -10000. */
export function readFd(sink: FailSink, text: string): StraceFd {
  const parts = /^(-?\d+|[A-Z_]+)(?:<(.*)>(\(deleted\))?)?$/s.exec(text);
  const fd = parts === null ? undefined : (NAMED.get(parts[1]!) ?? Number(parts[1]));
  if (parts === null || fd === undefined || Number.isNaN(fd)) {
    sink.failAt(text, `${inQuotes(text)} is no file descriptor`);
    return NO_FD;
  }
  return parts[2] === undefined
    ? { fd, path: null, deleted: false, device: null }
    : readFdText(fd, parts[2], parts[3] !== undefined);
}
