import {
  CLONE_FLAGS,
  type FlagTable,
  MADV_FLAGS,
  MAP_FLAGS,
  MCL_FLAGS,
  MEMFD_FLAGS,
  MLOCK_FLAGS,
  MREMAP_FLAGS,
  NO_FLAGS,
  OPEN_FLAGS,
  PERSONALITIES,
  PROT_FLAGS,
  SHADOW_STACK_FLAGS,
  SHMAT_FLAGS,
  SHMGET_FLAGS,
  SIGNALS,
  UFFD_FEATURES,
  UFFD_FLAGS,
} from './flagTables.ts';
import { formatFlags, nameOf } from './flagWords.ts';
import { address, decimal, hex } from './formatNumber.ts';
import { escapeText } from './quotedText.ts';
import type {
  CloneArgs,
  ExecveArgs,
  MmapArgs,
  OpenArgs,
  PrctlArgs,
  RangeArgs,
  RlimitArgs,
  StraceArgs,
  StraceCallName,
  StraceText,
  UffdioArgs,
} from './straceArgs.ts';
import { formatFd } from './straceFd.ts';

/** Flag names without a number, to be printed with the call's flags again. */
type Unknown = readonly string[] | null;

/** Prints the arguments of each call as strace does, and `unknown` names among its flags. */
export const FORMATTERS: {
  readonly [N in StraceCallName]: (args: StraceArgs[N], unknown: Unknown) => string;
} = {
  mmap,
  mmap2: mmap,
  old_mmap: mmap,
  munmap: range,
  mprotect: (a, unknown) => `${range(a)}, ${flags(a.prot, PROT_FLAGS, unknown)}`,
  pkey_mprotect: (a, unknown) => `${range(a)}, ${flags(a.prot, PROT_FLAGS, unknown)}, ${a.pkey}`,
  madvise: (a, unknown) => `${range(a)}, ${advice(a.advice, unknown)}`,
  process_madvise: (a, unknown) => {
    const ranges = a.ranges.map((r) => `{iov_base=${address(r.addr)}, iov_len=${decimal(r.length)}}`);
    const rest = `${advice(a.advice, unknown)}, ${hex(a.flags)}`;
    return `${formatFd(a.pidfd)}, [${ranges.join(', ')}], ${ranges.length}, ${rest}`;
  },
  mremap: (a, unknown) => {
    const sizes = `${decimal(a.oldLength)}, ${decimal(a.newLength)}`;
    const target = a.newAddr === null ? '' : `, ${address(a.newAddr)}`;
    return `${address(a.addr)}, ${sizes}, ${flags(a.flags, MREMAP_FLAGS, unknown)}${target}`;
  },
  brk: (a) => address(a.addr),
  mlock: range,
  mlock2: (a, unknown) => `${range(a)}, ${flags(a.flags, MLOCK_FLAGS, unknown)}`,
  munlock: range,
  mlockall: (a, unknown) => flags(a.flags, MCL_FLAGS, unknown),
  munlockall: () => '',
  mseal: (a, unknown) => `${range(a)}, ${flags(a.flags, NO_FLAGS, unknown)}`,
  remap_file_pages: (a, unknown) => {
    const target = `${formatFlags(a.prot, PROT_FLAGS)}, ${decimal(a.pgoff)}`;
    return `${range(a)}, ${target}, ${flags(a.flags, MAP_FLAGS, unknown)}`;
  },
  map_shadow_stack: (a, unknown) => `${range(a)}, ${flags(a.flags, SHADOW_STACK_FLAGS, unknown)}`,
  shmget: (a, unknown) =>
    `${a.key === 0 ? 'IPC_PRIVATE' : hex(a.key)}, ${decimal(a.length)}, ${shmgetFlags(a.flags, unknown)}`,
  shmat: (a, unknown) => `${a.shmid}, ${address(a.addr)}, ${flags(a.flags, SHMAT_FLAGS, unknown)}`,
  shmdt: (a) => address(a.addr),
  prctl,
  userfaultfd: (a, unknown) => flags(a.flags, UFFD_FLAGS, unknown),
  ioctl: uffdio,
  clone,
  clone3,
  fork: () => '',
  vfork: () => '',
  execve: exec,
  execveat: (a) => `AT_FDCWD, ${exec(a)}, 0`,
  exit: (a) => String(a.status),
  exit_group: (a) => String(a.status),
  setrlimit: rlimit,
  prlimit64: (a) => `${a.pid}, ${rlimit(a)}, NULL`,
  personality: (a, unknown) => flags(a.flags, PERSONALITIES, unknown),
  open: (a, unknown) => open(a, OPEN_FLAGS, unknown),
  openat: (a, unknown) => `AT_FDCWD, ${open(a, OPEN_FLAGS, unknown)}`,
  creat: (a) => `${text(a.path)}, 000`,
  memfd_create: (a, unknown) => open(a, MEMFD_FLAGS, unknown),
  close: (a) => formatFd(a.fd),
  dup: (a) => formatFd(a.fd),
  dup2: (a) => `${formatFd(a.fd)}, ${a.newFd ?? 0}`,
  dup3: (a) => `${formatFd(a.fd)}, ${a.newFd ?? 0}, 0`,
  unmodelled: (a) => a.text,
};

function flags(value: number, table: FlagTable, unknown: Unknown): string {
  return unknown === null ? formatFlags(value, table) : [formatFlags(value, table), ...unknown].join('|');
}

/** An advice is a number, not bits: one name or none. */
function advice(value: number, unknown: Unknown): string {
  const name = nameOf(value, MADV_FLAGS);
  return unknown !== null ? unknown.join('|') : (name ?? `0x${value.toString(16)} /* MADV_??? */`);
}

function range(a: RangeArgs): string {
  return `${address(a.addr)}, ${decimal(a.length)}`;
}

function mmap(a: MmapArgs, unknown: Unknown): string {
  const how = `${formatFlags(a.prot, PROT_FLAGS)}, ${flags(a.flags, MAP_FLAGS, unknown)}`;
  return `${range(a)}, ${how}, ${formatFd(a.fd)}, ${hex(a.offset)}`;
}

/** The lowest nine bits are permissions, printed in octal. */
function shmgetFlags(value: number, unknown: Unknown): string {
  const mode = value % 0o1000;
  const rest = value - mode;
  return `${rest === 0 && unknown === null ? '' : `${flags(rest, SHMGET_FLAGS, unknown)}|`}0${mode.toString(8).padStart(2, '0')}`;
}

function text(t: StraceText): string {
  return `"${escapeText(t.text)}"${t.truncated ? '...' : ''}`;
}

function prctl(a: PrctlArgs): string {
  switch (a.option) {
    case 'PR_SET_VMA': {
      const name = a.name === undefined ? '0x1' : a.name === null ? 'NULL' : `"${escapeText(a.name)}"`;
      return `PR_SET_VMA, PR_SET_VMA_ANON_NAME, ${hex(a.addr)}, ${decimal(a.length)}, ${name}`;
    }
    case 'PR_SET_MM':
      return `PR_SET_MM, ${a.field}, ${hex(a.value)}, 0, 0`;
    case 'PR_SET_THP_DISABLE':
      return `PR_SET_THP_DISABLE, ${decimal(a.value)}, 0, 0, 0`;
    case 'PR_SET_MEMORY_MERGE':
      return `PR_SET_MEMORY_MERGE, ${decimal(a.value)}, 0, 0, 0`;
    default:
      return a satisfies never;
  }
}

function uffdio(a: UffdioArgs, unknown: Unknown): string {
  const head = `${formatFd(a.fd)}, ${a.request}`;
  const inRange = a.start === null || a.length === null ? null : `start=${hex(a.start)}, len=${hex(a.length)}`;
  const fields: string[] = [];
  if (a.features !== null) fields.push('api=0xaa', `features=${flags(a.features, UFFD_FEATURES, unknown)}`);
  if (a.src !== null && a.start !== null)
    fields.push(`dst=${hex(a.start)}, src=${hex(a.src)}, len=${hex(a.length ?? 0)}`);
  else if (inRange !== null) fields.push(a.mode === null ? inRange : `range={${inRange}}`);
  if (a.mode !== null) fields.push(`mode=${flags(a.mode, NO_FLAGS, unknown)}`);
  if (a.done !== null) fields.push(`${a.request === 'UFFDIO_ZEROPAGE' ? 'zeropage' : 'copy'}=${hexSigned(a.done)}`);
  return `${head}, ${fields.length === 0 ? '0x1' : `{${fields.join(', ')}}`}`;
}

function hexSigned(value: number): string {
  return value < 0 ? String(value) : hex(value);
}

function clone(a: CloneArgs, unknown: Unknown): string {
  const words = [
    ...(a.flags === 0 ? [] : [formatFlags(a.flags, CLONE_FLAGS)]),
    ...(unknown ?? []),
    ...(a.exitSignal === 0 ? [] : [signal(a.exitSignal)]),
  ];
  return `child_stack=${address(a.stack)}, flags=${words.length === 0 ? '0' : words.join('|')}`;
}

function clone3(a: CloneArgs, unknown: Unknown): string {
  const size = a.stackSize === null ? '' : `, stack_size=${hex(a.stackSize)}`;
  return `{flags=${flags(a.flags, CLONE_FLAGS, unknown)}, exit_signal=${signal(a.exitSignal)}, stack=${address(a.stack)}${size}}, 88`;
}

/** A signal is a number, not bits. */
function signal(value: number): string {
  return nameOf(value, SIGNALS) ?? String(value);
}

function exec(a: ExecveArgs): string {
  const argv = a.argv === null ? '0x1' : `[${a.argv.map(text).join(', ')}]`;
  return `${text(a.path)}, ${argv}, NULL`;
}

function rlimit(a: RlimitArgs): string {
  return `${a.resource}, {rlim_cur=${limit(a.cur)}, rlim_max=${limit(a.max)}}`;
}

function limit(bytes: number): string {
  return bytes === Number.POSITIVE_INFINITY ? 'RLIM64_INFINITY' : decimal(bytes);
}

/** The access mode of `open` has no bit for reading: strace names it. */
function open(a: OpenArgs, table: FlagTable, unknown: Unknown): string {
  const words = flags(a.flags, table, unknown);
  const reads = table === OPEN_FLAGS && a.flags !== 0 && a.flags % 4 === 0;
  return `${text(a.path)}, ${reads ? 'O_RDONLY|' : ''}${words}`;
}
