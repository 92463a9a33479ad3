/** What a line of a log that is being written tells the recorder. */
export type LogNews =
  /** `execve` is over. */
  | { readonly kind: 'exec'; readonly pid: number; readonly failed: boolean }
  /** `clone` has begun, and will make a thread. */
  | { readonly kind: 'cloning'; readonly pid: number }
  /** `clone` or a call like it is over. `begun`: the line shows its arguments, too, and they are not those of a thread. */
  | { readonly kind: 'child'; readonly pid: number; readonly child: number; readonly begun: boolean }
  | { readonly kind: 'ending'; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number; readonly status?: number; readonly signal?: string };

const LINE = /^(\d+) +[\d.]+ (.*)$/;
const EXEC = /^(?:execve(?:at)?\(|<\.\.\. execve(?:at)? resumed>).*\) += (-?\d+)/;
const CHILD = /^(?:clone3?\(|v?fork\(|<\.\.\. (?:clone3?|v?fork) resumed>).*\) += (\d+)/;
/** The pid of a child in a container, as strace has it. */
const OUTER = /\/\* (\d+) in strace's PID NS \*\//;
const ENDED = /^\+\+\+ (?:exited with (\d+)|killed by (\w+))/;

/** Reads a line, or the beginning of one; `null`: nothing that concerns the recorder. */
export function newsOf(text: string): LogNews | null {
  const [, number, rest = ''] = LINE.exec(text) ?? [];
  const pid = Number(number);
  // By its first letter: most lines are of other calls.
  switch (rest[0]) {
    case 'e': {
      if (rest.startsWith('exit_group(')) return { kind: 'ending', pid };
      return exec(pid, rest);
    }
    case 'c':
    case 'f':
    case 'v':
      return child(pid, rest);
    case '<':
      return exec(pid, rest) ?? child(pid, rest);
    case '+': {
      const ended = ENDED.exec(rest);
      if (ended === null) return null;
      const [, status, signal] = ended;
      return {
        kind: 'ended',
        pid,
        ...(status === undefined ? {} : { status: Number(status) }),
        ...(signal === undefined ? {} : { signal }),
      };
    }
    default:
      return null;
  }
}

function exec(pid: number, rest: string): LogNews | null {
  const result = EXEC.exec(rest)?.[1];
  return result === undefined ? null : { kind: 'exec', pid, failed: result !== '0' };
}

function child(pid: number, rest: string): LogNews | null {
  const isThread = rest.includes('CLONE_THREAD');
  if (isThread && rest.endsWith('<unfinished ...>')) return { kind: 'cloning', pid };
  const made = CHILD.exec(rest)?.[1];
  if (made === undefined || isThread) return null;
  return { kind: 'child', pid, child: Number(OUTER.exec(rest)?.[1] ?? made), begun: !rest.startsWith('<') };
}
