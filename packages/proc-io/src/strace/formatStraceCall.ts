import type { CallSyntax } from './callSyntax.ts';
import { CALLS, RETURNS_PAGE } from './calls.ts';
import { decimal, hex } from './formatNumber.ts';
import type { StraceCall } from './straceEvent.ts';

/** Strace moves the result to this column. */
const RESULT_COLUMN = 40;

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
  if (call.name === 'unmodelled') return call.args.text;
  return (CALLS[call.name] as CallSyntax<StraceCall['args']>).print(call.args, call.unknownNames);
}

function formatResult({ name, ret, errno, injected }: StraceCall): string {
  const print = name === 'brk' || RETURNS_PAGE.has(name) ? hex : decimal;
  const value = ret === null ? '?' : ret < 0 ? String(ret) : print(ret);
  const number = errno === null ? null : /^E(\d+)$/.exec(errno);
  const reason =
    errno === null ? '' : number ? ` (errno ${number[1]})` : ` ${errno} (${ERRNO_TEXTS.get(errno) ?? 'Unknown error'})`;
  return `${value}${reason}${injected ? ' (INJECTED)' : ''}`;
}

function formatSeconds(seconds: number): string {
  const micro = seconds.toFixed(6);
  return Number(micro) === seconds ? micro : seconds.toFixed(9);
}
