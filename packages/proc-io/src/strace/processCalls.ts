import { virtAddr } from 'vma-core';
import { type CallSyntax, flags, list, printFlags, printQuoted, readQuoted, readTexts } from './callSyntax.ts';
import {
  CLONE_FLAGS,
  FCNTL_COMMANDS,
  type FlagTable,
  MEMFD_FLAGS,
  OPEN_FLAGS,
  PERSONALITIES,
  RLIMITS,
  SEALS,
  SIGNALS,
} from './flagTables.ts';
import { FlagCache, formatFlags, nameOf, withoutComments } from './flagWords.ts';
import { address, decimal, hex } from './formatNumber.ts';
import type { LineCursor } from './lineCursor.ts';
import { inQuotes } from './quotedText.ts';
import { readResult } from './readResult.ts';
import { arrayItems, structFields } from './splitArgs.ts';
import type {
  CloneArgs,
  DescriptorArgs,
  DupArgs,
  ExecveArgs,
  FcntlArgs,
  FlagsArgs,
  OpenArgs,
  RlimitArgs,
} from './straceArgs.ts';
import { formatFd, readFd } from './straceFd.ts';

const cloneFlags = new FlagCache({ ...CLONE_FLAGS, ...SIGNALS });
const clone3Flags = new FlagCache({ ...CLONE_FLAGS, CLONE_NEWTIME: 0x80 });
const signals = new FlagCache(SIGNALS);
const openFlags = new FlagCache(OPEN_FLAGS);
const rlimits = new FlagCache(RLIMITS);
const fcntlCommands = new FlagCache(FCNTL_COMMANDS);
const seals = new FlagCache(SEALS);

/** `clone(child_stack=NULL, flags=CLONE_VM|SIGCHLD, ..)` */
export const clone: CallSyntax<CloneArgs> = {
  read(c) {
    const fields = new Map<string, string>();
    for (const arg of readTexts(c)) {
      const equals = arg.indexOf('=');
      if (equals > 0) fields.set(arg.slice(0, equals), arg.slice(equals + 1));
    }
    const flags = c.flagsOf(fields.get('flags') ?? '', cloneFlags);
    const stack = virtAddr(c.numberOf(fields.get('child_stack') ?? 'NULL'));
    return { flags: flags - (flags % 0x100), exitSignal: flags % 0x100, stack, stackSize: null };
  },
  print(a, unknown) {
    const words = [
      ...(a.flags === 0 ? [] : [formatFlags(a.flags, CLONE_FLAGS)]),
      ...(unknown ?? []),
      ...(a.exitSignal === 0 ? [] : [signal(a.exitSignal)]),
    ];
    return `child_stack=${address(a.stack)}, flags=${words.length === 0 ? '0' : words.join('|')}`;
  },
};

/** `clone3({flags=CLONE_VM, exit_signal=SIGCHLD, stack=0x7f12, stack_size=0x800000} => {parent_tid=[7]}, 88)` */
export const clone3: CallSyntax<CloneArgs> = {
  read(c) {
    const fields = structFields(readTexts(c)[0] ?? '');
    if (fields === null) c.failAt('', 'clone3 without its arguments');
    const size = fields?.get('stack_size');
    return {
      flags: c.flagsOf(fields?.get('flags') ?? '', clone3Flags),
      exitSignal: c.flagsOf(fields?.get('exit_signal') ?? '0', signals),
      stack: virtAddr(c.numberOf(fields?.get('stack') ?? 'NULL')),
      stackSize: size === undefined ? null : c.numberOf(size),
    };
  },
  print(a, unknown) {
    const size = a.stackSize === null ? '' : `, stack_size=${hex(a.stackSize)}`;
    const stack = `stack=${address(a.stack)}${size}`;
    return `{flags=${printFlags(a.flags, CLONE_FLAGS, unknown)}, exit_signal=${signal(a.exitSignal)}, ${stack}}, 88`;
  },
};

/** A signal is a number, not bits. */
function signal(value: number): string {
  return nameOf(value, SIGNALS) ?? String(value);
}

export const execve: CallSyntax<ExecveArgs> = {
  read: (c) => execArgs(c, readTexts(c)),
  print(a) {
    const argv = a.argv === null ? '0x1' : `[${a.argv.map(printQuoted).join(', ')}]`;
    return `${printQuoted(a.path)}, ${argv}, NULL`;
  },
};

export const execveat: CallSyntax<ExecveArgs> = {
  read: (c) => execArgs(c, readTexts(c).slice(1)),
  print: (a) => `AT_FDCWD, ${execve.print(a, null)}, 0`,
};

function execArgs(c: LineCursor, [path = '', argv = '']: readonly string[]): ExecveArgs {
  const items = arrayItems(argv);
  return { path: readQuoted(c, path), argv: items === null ? null : items.map((item) => readQuoted(c, item)) };
}

/** Not an event for a resource that does not concern the model. */
export const setrlimit: CallSyntax<RlimitArgs> = {
  read: (c) => rlimitArgs(c, 0, readTexts(c)),
  print: (a) => `${a.resource}, {rlim_cur=${limit(a.cur)}, rlim_max=${limit(a.max)}}`,
};

/** Not an event for a resource that does not concern the model, or where a limit other than RLIMIT_MEMLOCK is only read. */
export const prlimit64: CallSyntax<RlimitArgs> = {
  read(c) {
    const [pid = '', ...rest] = readTexts(c);
    return rlimitArgs(c, c.numberOf(pid), rest);
  },
  print(a) {
    const limits = `{rlim_cur=${limit(a.cur)}, rlim_max=${limit(a.max)}}`;
    return `${a.pid}, ${a.resource}, ${a.isRead ? `NULL, ${limits}` : `${limits}, NULL`}`;
  },
};

function rlimitArgs(c: LineCursor, pid: number, texts: readonly string[]): RlimitArgs | null {
  const [name = '', limits = '', old = ''] = texts;
  const value = rlimits.findText(name);
  if (value === null) {
    c.failAt(name, `${inQuotes(name)} is no resource`);
    return null;
  }
  const resource = RESOURCES.find((known) => value.unknownNames === null && RLIMITS[known] === value.value);
  const isRead = limits === 'NULL' && resource === 'RLIMIT_MEMLOCK';
  const fields = structFields(isRead ? old : limits);
  if (resource === undefined || fields === null) return null;
  return {
    pid,
    isRead,
    resource,
    cur: limitOf(c, fields.get('rlim_cur') ?? ''),
    max: limitOf(c, fields.get('rlim_max') ?? ''),
  };
}

const RESOURCES = ['RLIMIT_STACK', 'RLIMIT_AS', 'RLIMIT_DATA', 'RLIMIT_MEMLOCK'] as const;

/** Bytes: `8192*1024`, `RLIM64_INFINITY`, a number. */
function limitOf(c: LineCursor, text: string): number {
  const word = withoutComments(text).trim();
  if (/^RLIM(?:64)?_INFINITY$/.test(word) || word === '18446744073709551615') return Number.POSITIVE_INFINITY;
  return word.split('*').reduce((product, factor) => product * c.numberOf(factor), 1);
}

function limit(bytes: number): string {
  return bytes === Number.POSITIVE_INFINITY ? 'RLIM64_INFINITY' : decimal(bytes);
}

const anyPersonality = list<FlagsArgs>({ flags: flags(PERSONALITIES) });

export const personality: CallSyntax<FlagsArgs> = {
  /** `null` for `personality(0xffffffff)`, which only asks. */
  read(c) {
    const args = anyPersonality.read(c);
    return args?.flags === 0xffff_ffff ? null : args;
  },
  print: anyPersonality.print,
};

/** A call that gives a file a descriptor: its path, then its flags, behind what is printed `before` them. */
function opening(table: FlagTable, before: readonly string[] = []): CallSyntax<OpenArgs> {
  const cache = new FlagCache(table);
  return {
    read(c) {
      const [path = '', flags = ''] = readTexts(c).slice(before.length);
      return { path: readQuoted(c, path), flags: c.flagsOf(flags, cache) };
    },
    print(a, unknown) {
      // The access mode of `open` has no bit for reading: strace names it.
      const reads = table === OPEN_FLAGS && a.flags !== 0 && a.flags % 4 === 0 ? 'O_RDONLY|' : '';
      return [...before, printQuoted(a.path), `${reads}${printFlags(a.flags, table, unknown)}`].join(', ');
    },
  };
}

export const open: CallSyntax<OpenArgs> = opening(OPEN_FLAGS);
export const openat: CallSyntax<OpenArgs> = opening(OPEN_FLAGS, ['AT_FDCWD']);
export const memfdCreate: CallSyntax<OpenArgs> = opening(MEMFD_FLAGS);

/** `creat(path, mode)` is `open(path, O_CREAT|O_WRONLY|O_TRUNC, mode)`. */
export const creat: CallSyntax<OpenArgs> = {
  read(c) {
    const [path = ''] = readTexts(c);
    return { path: readQuoted(c, path), flags: c.flagsOf('O_WRONLY|O_CREAT|O_TRUNC', openFlags) };
  },
  print: (a) => `${printQuoted(a.path)}, 000`,
};

/** `openat2(AT_FDCWD, "/lib/x.so", {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_NO_SYMLINKS}, 24)` */
export const openat2: CallSyntax<OpenArgs> = {
  read(c) {
    const [, path = '', how = ''] = readTexts(c);
    return { path: readQuoted(c, path), flags: c.flagsOf(structFields(how)?.get('flags') ?? '', openFlags) };
  },
  print: (a, unknown) => `AT_FDCWD, ${printQuoted(a.path)}, {flags=${printFlags(a.flags, OPEN_FLAGS, unknown)}}, 24`,
};

/** `io_uring_setup(8, {flags=0, ...})`, `socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL))`: what stands between the parentheses. */
export const descriptor: CallSyntax<DescriptorArgs> = {
  read(c) {
    const start = c.pos;
    c.split();
    const text = c.text.slice(start, c.pos);
    readResult(c);
    return { text };
  },
  print: ({ text }) => text,
};

/** `bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_ARRAY, ...}, 72)`; `null` for any other command. */
export const bpf: CallSyntax<DescriptorArgs> = {
  read(c) {
    const args = descriptor.read(c);
    return args !== null && /^(?:BPF_MAP_CREATE|0(?:x0)?)\b/.test(args.text) ? args : null;
  },
  print: ({ text }) => text,
};

/** `dup(3)`, `dup2(3, 20)` */
export const dup: CallSyntax<DupArgs> = {
  read(c) {
    const [fd = '', newFd] = readTexts(c);
    return { fd: readFd(c, fd), newFd: newFd === undefined ? null : readFd(c, newFd).fd };
  },
  print: ({ fd, newFd }) => `${formatFd(fd)}${newFd === null ? '' : `, ${newFd}`}`,
};

/** `dup3(3, 21, O_CLOEXEC)` */
export const dup3: CallSyntax<DupArgs> = { read: dup.read, print: (a) => `${dup.print(a, null)}, 0` };

/** `fcntl(3, F_DUPFD_CLOEXEC, 10)`, `fcntl(3, F_ADD_SEALS, F_SEAL_WRITE)`; `null` for any other command. */
export const fcntl: CallSyntax<FcntlArgs> = {
  read(c) {
    const [fd = '', name = '', value = '0'] = readTexts(c);
    const found = fcntlCommands.findText(name);
    const command = found === null || found.unknownNames !== null ? null : nameOf(found.value, FCNTL_COMMANDS);
    switch (command) {
      case 'F_DUPFD':
      case 'F_DUPFD_CLOEXEC':
        return { fd: readFd(c, fd), command, value: c.numberOf(value) };
      case 'F_ADD_SEALS':
        return { fd: readFd(c, fd), command, value: c.flagsOf(value, seals) };
      default:
        return null;
    }
  },
  print({ fd, command, value }, unknown) {
    return `${formatFd(fd)}, ${command}, ${command === 'F_ADD_SEALS' ? printFlags(value, SEALS, unknown) : decimal(value)}`;
  },
};

/** `pidfd_open(7, PIDFD_NONBLOCK)`; `-Y` prints `7<bash>`. */
export const pidfdOpen: CallSyntax<{ readonly pid: number }> = {
  read: (c) => ({ pid: readFd(c, readTexts(c)[0] ?? '').fd }),
  print: ({ pid }) => `${pid}, 0`,
};
