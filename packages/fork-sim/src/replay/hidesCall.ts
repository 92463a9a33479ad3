import type { StraceEvent } from 'proc-io';

/** The calls that map, move or unmap memory. */
const MOVES = /(?:^|[^\w"])(?:mmap2?|munmap|mremap|brk|shmat|shmdt)(?:\(| resumed>)/;

/** Is an event a call that may have changed what is mapped, and of which the log does not tell what it did? */
export function hidesCall(event: StraceEvent): boolean {
  if (event.kind === 'unreadable') return MOVES.test(event.text);
  return event.kind === 'unfinished' && event.why === 'another call began' && MOVES.test(event.text);
}
