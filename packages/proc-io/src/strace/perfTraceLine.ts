/** `     0.325 ( 0.025 ms): ls/9644 `, and `? (         ): ` where the recording began within the call. The log of one process may leave out its name. */
const PREFIX =
  /^ *(\d+\.\d+|\?) \( *(?:\d+\.\d+ ms *)?\): (?:.*?\/(\d+) +)?(?=\.\.\. \[continued\]: \w+\(|(?:maj|min)fault \[|\w+\()/;

const FAULT = /^(?:maj|min)fault \[/;

const CALL = /^(\.\.\. \[continued\]: )?(\w+)\((.*)$/;

/** Names of arguments in the order of the call; a prefix that perf leaves out of flags, and what is meant where it leaves out a value. */
interface Arg {
  readonly name: string;
  readonly prefix?: string;
  readonly missing?: string;
}

const address = (name: string): Arg => ({ name, missing: 'NULL' });
const number = (name: string): Arg => ({ name });
const words = (name: string, prefix: string): Arg => ({ name, prefix });
const PROT: Arg = { name: 'prot', prefix: 'PROT_', missing: 'PROT_NONE' };

/** The calls whose arguments a replay reads, by the names that the kernel's tracepoints give. */
const CALLS: { readonly [call: string]: readonly Arg[] } = {
  mmap: [address('addr'), number('len'), PROT, words('flags', 'MAP_'), number('fd'), number('off')],
  munmap: [address('addr'), number('len')],
  mprotect: [address('start'), number('len'), PROT],
  pkey_mprotect: [address('start'), number('len'), PROT, number('pkey')],
  mremap: [address('addr'), number('old_len'), number('new_len'), words('flags', 'MREMAP_'), address('new_addr')],
  brk: [address('brk')],
  madvise: [address('start'), number('len_in'), { name: 'behavior', prefix: 'MADV_', missing: 'MADV_NORMAL' }],
  mlock: [address('start'), number('len')],
  mlock2: [address('start'), number('len'), words('flags', 'MLOCK_')],
  munlock: [address('start'), number('len')],
  mlockall: [words('flags', 'MCL_')],
  munlockall: [],
  mseal: [address('start'), number('len'), number('flags')],
  memfd_create: [address('uname'), words('flags', 'MFD_')],
  openat: [{ name: 'dfd', prefix: 'AT_FD' }, address('filename'), words('flags', 'O_'), number('mode')],
  open: [address('filename'), words('flags', 'O_'), number('mode')],
  close: [number('fd')],
  dup: [number('fildes')],
  dup2: [number('oldfd'), number('newfd')],
  dup3: [number('oldfd'), number('newfd'), words('flags', 'O_')],
  shmdt: [address('shmaddr')],
  prlimit64: [number('pid'), words('resource', 'RLIMIT_'), address('new_rlim'), address('old_rlim')],
  clone3: [address('uargs'), number('size')],
  fork: [],
  vfork: [],
  exit: [number('error_code')],
  exit_group: [number('error_code')],
};

/** What a line of `perf trace` is: a call as strace prints it, a page fault, or a line that strace does not have. */
export type PerfTraceLine = { readonly kind: 'call'; readonly text: string } | { readonly kind: 'fault' | 'none' };

/** Is a line one of `perf trace`, a call or a page fault? */
export function isPerfTraceLine(line: string): boolean {
  return PREFIX.test(line);
}

/** Is a line a call of `perf trace`, and no page fault? */
export function isPerfTraceCall(line: string): boolean {
  const prefix = PREFIX.exec(line);
  return prefix !== null && !FAULT.test(line.slice(prefix[0].length));
}

/**
 * Reads a line of `perf trace` (6.1), with or without `-F`, as the one that strace would print. Perf leaves out arguments that are zero and
 * the beginnings of flag names. Each has one meaning, so nothing is guessed. `null`: it is no such line, or holds a value of which
 * perf printed nothing.
 */
export function readPerfTraceLine(line: string): PerfTraceLine | null {
  const prefix = PREFIX.exec(line);
  if (prefix === null) return null;
  const [before, time = '?', tid] = prefix;
  const body = line.slice(before.length);
  if (FAULT.test(body)) return { kind: 'fault' };
  const [, continued, name = '', behind = ''] = CALL.exec(body) ?? [];
  const split = splitResult(behind);
  if (split === null) return null;
  const { args, result } = split;
  const who = [tid, time === '?' ? undefined : seconds(time)].filter((word) => word !== undefined).join(' ');
  const text = (call: string): PerfTraceLine => ({ kind: 'call', text: who === '' ? call : `${who} ${call}` });
  if (continued !== undefined && time === '?') {
    // A fork returns in the child, too, where strace prints no line; any other call began before the recording.
    if (name !== 'execve') return { kind: 'none' };
    return text(`execve("", [], 0x0) = ${result ?? '0'}`);
  }
  if (continued !== undefined) return text(`<... ${name} resumed>) = ${result}`);
  const printed = printArgs(name, args);
  if (printed === null) return null;
  return text(result !== null ? `${name}(${printed}) = ${result}` : `${name}(${printed} <unfinished ...>`);
}

/** Perf counts milliseconds since it began. */
function seconds(milliseconds: string): string {
  return (Number(milliseconds) / 1000).toFixed(6);
}

/** The arguments and the result, which is `null` where another call comes first. `null`: the line holds neither. */
function splitResult(behind: string): { readonly args: string; readonly result: string | null } | null {
  const text = behind.trimEnd();
  const isOpen = text.endsWith('...');
  const equals = isOpen ? text.length - 3 : text.lastIndexOf(' =');
  const before = text.slice(0, Math.max(equals, 0)).trimEnd();
  if (!before.endsWith(')')) return null;
  return { args: before.slice(0, -1), result: isOpen ? null : resultOf(text.slice(equals + 2).trim()) };
}

/** A result without the name of a program that perf puts behind a pid. An error keeps its words. */
function resultOf(text: string): string {
  if (text === '') return '0';
  return text.startsWith('-1 ') ? text : text.split(' ', 1)[0]!;
}

/** `null`: of a value nothing was printed. */
function printArgs(name: string, text: string): string | null {
  const given = argsOf(text);
  if (given === null) return null;
  if (name === 'execve') return '"", [], 0x0';
  if (name === 'clone') return printClone(given);
  const kinds = Object.hasOwn(CALLS, name) ? CALLS[name]! : null;
  if (kinds === null) return [...given.values()].join(', ');
  const isAnonymous =
    given
      .get('flags')
      ?.split('|')
      .some((word) => /^(?:MAP_)?ANON/.test(word)) === true;
  const used = kinds.filter((arg, at) => at < kinds.length - 1 || arg.name !== 'new_addr' || given.has(arg.name));
  return used
    .map((arg) => {
      const value = given.get(arg.name);
      if (value !== undefined) return arg.missing === 'NULL' ? asAddress(value) : withPrefix(value, arg.prefix);
      if (name === 'mmap' && arg.name === 'fd' && isAnonymous) return '-1';
      return arg.missing ?? '0';
    })
    .join(', ');
}

function printClone(given: ReadonlyMap<string, string>): string {
  const flags = withPrefix(given.get('clone_flags') ?? '0', 'CLONE_');
  return `child_stack=${asAddress(given.get('newsp') ?? 'NULL')}, flags=${flags}`;
}

/** Perf prints the addresses of some calls as decimal numbers. */
function asAddress(value: string): string {
  return /^\d+$/.test(value) ? `0x${BigInt(value).toString(16)}` : value;
}

/** `READ|0x10` with a prefix. */
function withPrefix(value: string, prefix: string | undefined): string {
  if (prefix === undefined) return value;
  return value
    .split('|')
    .map((word) => (/^[-\d]/.test(word) || word.startsWith(prefix) ? word : `${prefix}${word}`))
    .join('|');
}

/** `addr: 0x1000, len: 4096`. `null`: a value is missing. */
function argsOf(text: string): Map<string, string> | null {
  const given = new Map<string, string>();
  if (text.trim() === '') return given;
  for (const part of text.split(/, (?=\w+: )/)) {
    const [, name, value] = /^(\w+): (.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || value.trim() === '') return null;
    given.set(name, value.trim());
  }
  return given;
}
