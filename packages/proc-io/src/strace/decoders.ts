import { readIoctl, readPrctl, readUserfaultfd } from './controlDecoders.ts';
import type { LineCursor } from './lineCursor.ts';
import {
  readAddr,
  readMadvise,
  readMapShadowStack,
  readMlock2,
  readMlockall,
  readMmap,
  readMprotect,
  readMremap,
  readMseal,
  readNothing,
  readPkeyMprotect,
  readProcessMadvise,
  readRange,
  readRemapFilePages,
  readShmat,
  readShmget,
} from './memoryDecoders.ts';
import {
  readClone,
  readClone3,
  readClose,
  readCreat,
  readDup,
  readExecve,
  readExecveat,
  readExit,
  readMemfdCreate,
  readOpen,
  readOpenat,
  readPersonality,
  readPrlimit64,
  readSetrlimit,
} from './processDecoders.ts';
import { readResult } from './readResult.ts';
import type { StraceArgs, StraceCallName, UnmodelledArgs } from './straceArgs.ts';

/**
 * Reads the arguments behind the opening parenthesis and the result behind the closing one. `null`: the call is fine
 * and does not concern memory. What cannot be read is reported to the cursor.
 */
export type Decoder<N extends StraceCallName> = (cursor: LineCursor) => StraceArgs[N] | null;

/** A decoder for each call that becomes an event. To add a call: its arguments in StraceArgs, a decoder, a formatter. */
export const DECODERS: { readonly [N in Exclude<StraceCallName, 'unmodelled'>]: Decoder<N> } = {
  mmap: readMmap,
  mmap2: readMmap,
  old_mmap: readMmap,
  munmap: readRange,
  mprotect: readMprotect,
  pkey_mprotect: readPkeyMprotect,
  madvise: readMadvise,
  process_madvise: readProcessMadvise,
  mremap: readMremap,
  brk: readAddr,
  mlock: readRange,
  mlock2: readMlock2,
  munlock: readRange,
  mlockall: readMlockall,
  munlockall: readNothing,
  mseal: readMseal,
  remap_file_pages: readRemapFilePages,
  map_shadow_stack: readMapShadowStack,
  shmget: readShmget,
  shmat: readShmat,
  shmdt: readAddr,
  prctl: readPrctl,
  userfaultfd: readUserfaultfd,
  ioctl: readIoctl,
  clone: readClone,
  clone3: readClone3,
  fork: readNothing,
  vfork: readNothing,
  execve: readExecve,
  execveat: readExecveat,
  exit: readExit,
  exit_group: readExit,
  setrlimit: readSetrlimit,
  prlimit64: readPrlimit64,
  personality: readPersonality,
  open: readOpen,
  openat: readOpenat,
  creat: readCreat,
  memfd_create: readMemfdCreate,
  close: readClose,
  dup: readDup,
  dup2: readDup,
  dup3: readDup,
};

/** Calls under the number that a strace which does not know them prints; the same on every architecture but alpha. */
export const NUMBERED_CALLS: ReadonlyMap<string, StraceCallName> = new Map<string, StraceCallName>([
  ['syscall_0x1ce', 'mseal'],
  ['syscall_0x1c5', 'map_shadow_stack'],
]);

/** Calls that change mappings, or how they merge, and have no decoder: events named `unmodelled`. */
export const UNMODELLED_CALLS: ReadonlySet<string> = new Set([
  'mbind',
  'set_mempolicy_home_node',
  'io_setup',
  'io_destroy',
  'ipc',
]);

/** Keeps the text of the arguments of a call that has no decoder. */
export function readUnmodelled(cursor: LineCursor, syscall: string): UnmodelledArgs {
  const start = cursor.pos;
  cursor.split();
  const text = cursor.text.slice(start, cursor.pos);
  readResult(cursor);
  return { syscall, text };
}
