import { type VirtAddr, virtAddr } from 'vma-core';
import {
  IPC_KEYS,
  MADV_FLAGS,
  MAP_FLAGS,
  MCL_FLAGS,
  MLOCK_FLAGS,
  MREMAP_FLAGS,
  NO_FLAGS,
  PROT_FLAGS,
  SHADOW_STACK_FLAGS,
  SHMAT_FLAGS,
  SHMGET_FLAGS,
} from './flagTables.ts';
import { FlagCache } from './flagWords.ts';
import type { LineCursor } from './lineCursor.ts';
import { readResult } from './readResult.ts';
import { arrayItems, structFields } from './splitArgs.ts';
import type {
  AddrArgs,
  FlaggedRangeArgs,
  FlagsArgs,
  MadviseArgs,
  MmapArgs,
  MprotectArgs,
  MremapArgs,
  NoArgs,
  PkeyMprotectArgs,
  ProcessMadviseArgs,
  RangeArgs,
  RemapFilePagesArgs,
  ShmatArgs,
  ShmgetArgs,
} from './straceArgs.ts';
import { readFd } from './straceFd.ts';

const prot = new FlagCache(PROT_FLAGS);
const map = new FlagCache(MAP_FLAGS);
const advice = new FlagCache(MADV_FLAGS);
const remap = new FlagCache(MREMAP_FLAGS);
const lock = new FlagCache(MLOCK_FLAGS);
const lockAll = new FlagCache(MCL_FLAGS);
const shadowStack = new FlagCache(SHADOW_STACK_FLAGS);
const shmAt = new FlagCache(SHMAT_FLAGS);
const shmGet = new FlagCache(SHMGET_FLAGS);
const shmKey = new FlagCache(IPC_KEYS);
const none = new FlagCache(NO_FLAGS);

// The order of the statements in each decoder is the order of the arguments on the line.

export function readMmap(c: LineCursor): MmapArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const protection = c.flags(prot);
  c.comma();
  const flags = c.flags(map);
  c.comma();
  const fd = c.fd();
  c.comma();
  const offset = c.number();
  readResult(c);
  return { addr, length, prot: protection, flags, fd, offset };
}

export function readRange(c: LineCursor): RangeArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  readResult(c);
  return { addr, length };
}

export function readMprotect(c: LineCursor): MprotectArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const protection = c.flags(prot);
  readResult(c);
  return { addr, length, prot: protection };
}

export function readPkeyMprotect(c: LineCursor): PkeyMprotectArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const protection = c.flags(prot);
  c.comma();
  const pkey = c.number();
  readResult(c);
  return { addr, length, prot: protection, pkey };
}

export function readMadvise(c: LineCursor): MadviseArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const value = c.flags(advice);
  readResult(c);
  return { addr, length, advice: value };
}

export function readProcessMadvise(c: LineCursor): ProcessMadviseArgs {
  const args = c.split();
  readResult(c);
  const ranges = arrayItems(args[1] ?? '')?.map((item): RangeArgs => {
    const fields = structFields(item);
    return {
      addr: virtAddr(c.numberOf(fields?.get('iov_base') ?? '')),
      length: c.numberOf(fields?.get('iov_len') ?? ''),
    };
  });
  if (ranges === undefined) c.failAt(args[1] ?? '', 'process_madvise without its ranges');
  return {
    pidfd: readFd(c, args[0] ?? ''),
    ranges: ranges ?? [],
    advice: c.flagsOf(args[3] ?? '', advice),
    flags: c.flagsOf(args[4] ?? '', none),
  };
}

export function readMremap(c: LineCursor): MremapArgs {
  const addr = c.address();
  c.comma();
  const oldLength = c.number();
  c.comma();
  const newLength = c.number();
  c.comma();
  const flags = c.flags(remap);
  const newAddr: VirtAddr | null = c.hasMore() ? c.address() : null;
  readResult(c);
  return { addr, oldLength, newLength, flags, newAddr };
}

export function readAddr(c: LineCursor): AddrArgs {
  const addr = c.address();
  readResult(c);
  return { addr };
}

function readFlaggedRange(c: LineCursor, cache: FlagCache): FlaggedRangeArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const flags = c.flags(cache);
  // A strace that does not know the call prints six arguments.
  while (c.hasMore()) c.number();
  readResult(c);
  return { addr, length, flags };
}

export function readMlock2(c: LineCursor): FlaggedRangeArgs {
  return readFlaggedRange(c, lock);
}

export function readMseal(c: LineCursor): FlaggedRangeArgs {
  return readFlaggedRange(c, none);
}

export function readMapShadowStack(c: LineCursor): FlaggedRangeArgs {
  return readFlaggedRange(c, shadowStack);
}

export function readMlockall(c: LineCursor): FlagsArgs {
  const flags = c.flags(lockAll);
  readResult(c);
  return { flags };
}

export function readNothing(c: LineCursor): NoArgs {
  readResult(c);
  return {};
}

export function readRemapFilePages(c: LineCursor): RemapFilePagesArgs {
  const addr = c.address();
  c.comma();
  const length = c.number();
  c.comma();
  const protection = c.flags(prot);
  c.comma();
  const pgoff = c.number();
  c.comma();
  const flags = c.flags(map);
  readResult(c);
  return { addr, length, prot: protection, pgoff, flags };
}

export function readShmget(c: LineCursor): ShmgetArgs {
  const key = c.flags(shmKey);
  c.comma();
  const length = c.number();
  c.comma();
  const flags = c.flags(shmGet);
  readResult(c);
  return { key, length, flags };
}

export function readShmat(c: LineCursor): ShmatArgs {
  const shmid = c.number();
  c.comma();
  const addr = c.address();
  c.comma();
  const flags = c.flags(shmAt);
  readResult(c);
  return { shmid, addr, flags };
}
