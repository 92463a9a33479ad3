import { formatCount } from './numbers.ts';

/** What is not in a log's number of VMAs, in words; empty where all of the map at the start is known. */
export function unseenText(startsFrom: 'map' | 'execve' | 'unknown'): string {
  switch (startsFrom) {
    case 'map':
      return '';
    case 'execve':
      return ', besides those that execve maps itself, which a log does not show: some 14 for a program and its loader';
    case 'unknown':
      return ', besides the memory from before the log, which it does not show';
    default:
      return startsFrom satisfies never;
  }
}

/** A number of VMAs, and the limit on it. */
interface Room {
  readonly vmas: number;
  readonly maxMapCount: number;
  /** What the number starts from: all of the map, a program that began, or the middle of one. */
  readonly startsFrom?: 'map' | 'execve' | 'unknown';
}

/**
 * How many VMAs there is room for. A call that cuts a VMA fails at the limit, a new mapping only above it: a process reaches one VMA more than
 * `max_map_count` (asked of 6.18.44; kernel: `__split_vma()`, `do_mmap()`).
 */
export function roomText({ vmas, maxMapCount, startsFrom = 'map' }: Room): string {
  if (startsFrom === 'unknown') return 'how many are to spare is not known without the map at the start';
  if (vmas > maxMapCount) return 'full: no call may add a VMA';
  if (vmas === maxMapCount) return 'full for calls that cut a VMA; one mapping more';
  const room = `${formatCount(maxMapCount - vmas)} to spare`;
  return startsFrom === 'map'
    ? room
    : `${room} at most, less what execve mapped, which only the map at the start tells`;
}
