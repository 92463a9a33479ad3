import { decimal, hex } from './formatNumber.ts';
import { FORMATTERS } from './formatStraceArgs.ts';
import type { StraceArgs, StraceCallName } from './straceArgs.ts';
import type { StraceCall } from './straceEvent.ts';

/** Strace moves the result to this column. */
const RESULT_COLUMN = 40;

/** Calls that return an address, printed in hex. */
const HEX_RESULT: ReadonlySet<StraceCallName> = new Set([
  'mmap',
  'mmap2',
  'old_mmap',
  'mremap',
  'brk',
  'shmat',
  'map_shadow_stack',
] as const);

const ERRNO_TEXTS: ReadonlyMap<string, string> = new Map([
  ['EPERM', 'Operation not permitted'],
  ['ENOENT', 'No such file or directory'],
  ['EINTR', 'Interrupted system call'],
  ['EBADF', 'Bad file descriptor'],
  ['EAGAIN', 'Resource temporarily unavailable'],
  ['ENOMEM', 'Cannot allocate memory'],
  ['EACCES', 'Permission denied'],
  ['EFAULT', 'Bad address'],
  ['EBUSY', 'Device or resource busy'],
  ['EEXIST', 'File exists'],
  ['ENODEV', 'No such device'],
  ['EINVAL', 'Invalid argument'],
  ['EMFILE', 'Too many open files'],
  ['ENOSYS', 'Function not implemented'],
  ['EOVERFLOW', 'Value too large for defined data type'],
  ['EOPNOTSUPP', 'Operation not supported'],
]);

/**
 * Prints a call as strace does, on one line, without a newline. Reading it again gives the same call (its line numbers
 * aside, and unless it is `inexact`): arguments that the event does not keep, such as an environment, are dummies.
 */
export function formatStraceCall(call: StraceCall): string {
  const { pid, time } = call;
  const prefix = (pid === null ? '' : `${String(pid).padEnd(5)} `) + (time === null ? '' : `${time} `);
  const name = call.name === 'unmodelled' ? call.args.syscall : call.name;
  const head = `${prefix}${name}(${formatStraceArgs(call)}) `;
  const duration = call.duration === null ? '' : ` <${formatSeconds(call.duration)}>`;
  return `${head.padEnd(RESULT_COLUMN)}= ${formatResult(call)}${duration}`;
}

/** Prints the arguments alone: `NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0`. */
export function formatStraceArgs(call: StraceCall): string {
  const format = FORMATTERS[call.name] as (
    args: StraceArgs[StraceCallName],
    unknown: readonly string[] | null,
  ) => string;
  return format(call.args, call.unknownNames);
}

function formatResult({ name, ret, errno, injected }: StraceCall): string {
  const value = ret === null ? '?' : ret < 0 ? String(ret) : HEX_RESULT.has(name) ? hex(ret) : decimal(ret);
  const number = errno === null ? null : /^E(\d+)$/.exec(errno);
  const reason =
    errno === null ? '' : number ? ` (errno ${number[1]})` : ` ${errno} (${ERRNO_TEXTS.get(errno) ?? 'Unknown error'})`;
  return `${value}${reason}${injected ? ' (INJECTED)' : ''}`;
}

function formatSeconds(seconds: number): string {
  const micro = seconds.toFixed(6);
  return Number(micro) === seconds ? micro : seconds.toFixed(9);
}
