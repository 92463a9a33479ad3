/** A file that tells what a process has mapped. */
export interface MapFile {
  /** Whose map it is: the pid of a process or of one of its threads; `self`: of the process that opens it. */
  readonly pid: number | 'self';
  readonly kind: 'maps' | 'smaps' | 'smaps_rollup' | 'numa_maps' | 'pagemap';
}

const PATH = /^\/proc\/(self|thread-self|\d+)(?:\/task\/\d+)?\/(maps|smaps|smaps_rollup|numa_maps|pagemap)$/;

/** What a path names; `null`: no such file. */
export function mapFileOf(path: string): MapFile | null {
  if (!path.startsWith('/proc/')) return null;
  const [, pid = '', kind = ''] = PATH.exec(path) ?? [];
  if (kind === '') return null;
  return { pid: pid.endsWith('self') ? 'self' : Number(pid), kind: kind as MapFile['kind'] };
}
