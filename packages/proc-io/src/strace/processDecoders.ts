import { virtAddr } from 'vma-core';
import { CLONE_FLAGS, MEMFD_FLAGS, OPEN_FLAGS, PERSONALITIES, RLIMITS, SIGNALS } from './flagTables.ts';
import { FlagCache, withoutComments } from './flagWords.ts';
import type { LineCursor } from './lineCursor.ts';
import { unescapeText } from './quotedText.ts';
import { readResult } from './readResult.ts';
import { arrayItems, structFields } from './splitArgs.ts';
import type {
  CloneArgs,
  CloseArgs,
  DupArgs,
  ExecveArgs,
  ExitArgs,
  FlagsArgs,
  OpenArgs,
  RlimitArgs,
  StraceText,
} from './straceArgs.ts';
import { readFd } from './straceFd.ts';

const cloneFlags = new FlagCache({ ...CLONE_FLAGS, ...SIGNALS });
const clone3Flags = new FlagCache({ ...CLONE_FLAGS, CLONE_NEWTIME: 0x80 });
const signals = new FlagCache(SIGNALS);
const openFlags = new FlagCache(OPEN_FLAGS);
const memfdFlags = new FlagCache(MEMFD_FLAGS);
const personalities = new FlagCache(PERSONALITIES);
const rlimits = new FlagCache(RLIMITS);

/** Reads `"text"` or `"text"...`; where strace printed an address, the text is empty and `truncated`. */
export function readText(c: LineCursor, arg: string): StraceText {
  const quoted = /^"(.*)"(\.\.\.)?$/s.exec(arg);
  if (quoted !== null) return { text: unescapeText(quoted[1] ?? ''), truncated: quoted[2] !== undefined };
  if (arg !== '...' && !/^(?:0x[0-9a-f]+|NULL)$/.test(arg)) c.failAt(arg, `${JSON.stringify(arg)} is no string`);
  return { text: '', truncated: true };
}

/** `clone(child_stack=NULL, flags=CLONE_VM|SIGCHLD, ..)` */
export function readClone(c: LineCursor): CloneArgs {
  const fields = new Map<string, string>();
  for (const arg of c.split()) {
    const equals = arg.indexOf('=');
    if (equals > 0) fields.set(arg.slice(0, equals), arg.slice(equals + 1));
  }
  readResult(c);
  const flags = c.flagsOf(fields.get('flags') ?? '', cloneFlags);
  const stack = virtAddr(c.numberOf(fields.get('child_stack') ?? 'NULL'));
  return { flags: flags - (flags % 0x100), exitSignal: flags % 0x100, stack, stackSize: null };
}

/** `clone3({flags=CLONE_VM, exit_signal=SIGCHLD, stack=0x7f12, stack_size=0x800000} => {parent_tid=[7]}, 88)` */
export function readClone3(c: LineCursor): CloneArgs {
  const args = c.split();
  readResult(c);
  const fields = structFields(args[0] ?? '');
  if (fields === null) c.failAt('', 'clone3 without its arguments');
  const size = fields?.get('stack_size');
  return {
    flags: c.flagsOf(fields?.get('flags') ?? '', clone3Flags),
    exitSignal: c.flagsOf(fields?.get('exit_signal') ?? '0', signals),
    stack: virtAddr(c.numberOf(fields?.get('stack') ?? 'NULL')),
    stackSize: size === undefined ? null : c.numberOf(size),
  };
}

export function readExecve(c: LineCursor): ExecveArgs {
  const args = c.split();
  readResult(c);
  return execArgs(c, args[0], args[1]);
}

export function readExecveat(c: LineCursor): ExecveArgs {
  const args = c.split();
  readResult(c);
  return execArgs(c, args[1], args[2]);
}

function execArgs(c: LineCursor, path = '', argv = ''): ExecveArgs {
  const items = arrayItems(argv);
  return { path: readText(c, path), argv: items === null ? null : items.map((item) => readText(c, item)) };
}

export function readExit(c: LineCursor): ExitArgs {
  const status = c.number();
  readResult(c);
  return { status };
}

/** `null` for a resource that does not concern the model. */
export function readSetrlimit(c: LineCursor): RlimitArgs | null {
  const args = c.split();
  readResult(c);
  return rlimitArgs(c, 0, args[0], args[1]);
}

/** `null` for a resource that does not concern the model, or where the limit is only read. */
export function readPrlimit64(c: LineCursor): RlimitArgs | null {
  const args = c.split();
  readResult(c);
  return rlimitArgs(c, c.numberOf(args[0] ?? ''), args[1], args[2]);
}

function rlimitArgs(c: LineCursor, pid: number, resourceText = '', limit = ''): RlimitArgs | null {
  const value = rlimits.findText(resourceText);
  if (value === null) {
    c.failAt(resourceText, `${JSON.stringify(resourceText)} is no resource`);
    return null;
  }
  const resource = value.unknownNames === null ? resourceName(value.value) : undefined;
  const fields = structFields(limit);
  if (resource === undefined || fields === null) return null;
  return {
    pid,
    resource,
    cur: limitOf(c, fields.get('rlim_cur') ?? ''),
    max: limitOf(c, fields.get('rlim_max') ?? ''),
  };
}

const RESOURCES = ['RLIMIT_STACK', 'RLIMIT_AS', 'RLIMIT_DATA', 'RLIMIT_MEMLOCK'] as const;

function resourceName(value: number): RlimitArgs['resource'] | undefined {
  return RESOURCES.find((name) => RLIMITS[name] === value);
}

/** Bytes: `8192*1024`, `RLIM64_INFINITY`, a number. */
function limitOf(c: LineCursor, text: string): number {
  const word = withoutComments(text).trim();
  if (/^RLIM(?:64)?_INFINITY$/.test(word) || word === '18446744073709551615') return Number.POSITIVE_INFINITY;
  return word.split('*').reduce((product, factor) => product * c.numberOf(factor), 1);
}

/** `null` for `personality(0xffffffff)`, which only asks. */
export function readPersonality(c: LineCursor): FlagsArgs | null {
  const flags = c.flags(personalities);
  readResult(c);
  return flags === 0xffff_ffff ? null : { flags };
}

export function readOpen(c: LineCursor): OpenArgs {
  const args = c.split();
  readResult(c);
  return { path: readText(c, args[0] ?? ''), flags: c.flagsOf(args[1] ?? '', openFlags) };
}

export function readOpenat(c: LineCursor): OpenArgs {
  const args = c.split();
  readResult(c);
  return { path: readText(c, args[1] ?? ''), flags: c.flagsOf(args[2] ?? '', openFlags) };
}

/** `creat(path, mode)` is `open(path, O_CREAT|O_WRONLY|O_TRUNC, mode)`. */
export function readCreat(c: LineCursor): OpenArgs {
  const args = c.split();
  readResult(c);
  return { path: readText(c, args[0] ?? ''), flags: c.flagsOf('O_WRONLY|O_CREAT|O_TRUNC', openFlags) };
}

export function readMemfdCreate(c: LineCursor): OpenArgs {
  const args = c.split();
  readResult(c);
  return { path: readText(c, args[0] ?? ''), flags: c.flagsOf(args[1] ?? '', memfdFlags) };
}

export function readClose(c: LineCursor): CloseArgs {
  const fd = c.fd();
  readResult(c);
  return { fd };
}

/** `dup(3)`, `dup2(3, 20)`, `dup3(3, 21, O_CLOEXEC)` */
export function readDup(c: LineCursor): DupArgs {
  const args = c.split();
  readResult(c);
  const fd = readFd(c, args[0] ?? '');
  return { fd, newFd: args[1] === undefined ? null : readFd(c, args[1]).fd };
}
