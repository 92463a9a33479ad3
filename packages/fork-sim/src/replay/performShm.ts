import type { StraceCall } from 'proc-io';
import {
  isErrno,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_SHARED,
  NO_VMA,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  pageAlign,
  type VmFile,
} from 'vma-core';
import { mmap } from 'vma-core/calls';
import { SYSV_SHM } from '../process/process.ts';
import { replayFailed } from './failedCall.ts';
import { hugeTraits } from './fileTraits.ts';
import { wholeHugePages } from './hugePages.ts';
import { comparePlace, mapAt } from './performMmap.ts';
import type { ReplaySpace } from './replaySpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

/** A SysV segment, as `shmget` tells it. */
interface ShmSegment {
  /** Bytes. */
  readonly length: number;
  readonly file: Omit<VmFile, 'id'>;
}

/** The SysV segments of the log, by id. */
export type ShmSegments = Map<number, ShmSegment>;

const SHM_HUGETLB = 0o4000;

/** What `shmget` makes. */
export function segmentOf({ length, flags }: CallOf<'shmget'>['args']): ShmSegment {
  if ((flags & SHM_HUGETLB) === 0) return { length, file: SYSV_SHM };
  const { file } = hugeTraits(flags);
  return { length: wholeHugePages(length, flags), file: { ...SYSV_SHM, ...file } };
}

const SHM_RDONLY = 0o10000;
const SHM_EXEC = 0o100000;

/** Attaches a segment: each attach is a file of its own, whose VMAs have a close hook. Kernel: `do_shmat()`, ipc/shm.c. */
export function performShmat(space: ReplaySpace, call: CallOf<'shmat'>, segments: ShmSegments): void {
  const { addr, shmid, flags } = call.args;
  if (call.ret === null) return;
  const segment = segments.get(shmid);
  const length = segment?.length;
  if (call.errno !== null) {
    if (call.errno === 'EAGAIN' && length !== undefined) attachThatFailed(space, call, length);
    return;
  }
  if (segment === undefined || length === undefined) {
    space.notes.missing('shmat', 'the log does not show the segment’s size (shmget)', call.line);
    return;
  }
  const { world } = space.process;
  const inode = world.newInode({ pages: pageAlign(length) / PAGE_SIZE, ephemeral: true });
  const file = world.open({ inode, ...segment.file });
  const readOnly = (flags & SHM_RDONLY) !== 0;
  const prot = PROT_READ | (readOnly ? 0 : PROT_WRITE) | ((flags & SHM_EXEC) !== 0 ? PROT_EXEC : 0);
  const request = { addr, length, prot, flags: MAP_SHARED, file, pgoff: 0, fileWritable: !readOnly };
  if (addr === 0) comparePlace(space, call, request);
  mapAt(space, call, { ...request, flags: MAP_SHARED | MAP_FIXED }, call.ret);
  space.attachments.set(call.ret, { file, length: pageAlign(length) });
  space.settle(call, call.ret, call.ret + pageAlign(length));
}

/** Of the reasons for which a kernel attaches no segment, the limit on locked memory is the one that the map decides. */
function attachThatFailed(space: ReplaySpace, call: CallOf<'shmat'>, length: number): void {
  const request = { length, prot: PROT_READ, flags: MAP_SHARED | MAP_ANONYMOUS };
  replayFailed(space, { call, ranges: [], perform: (mm) => mmap(mm, request), shown: 'attached' });
}

/** Detaches a segment: what is left of the attach is unmapped, piece by piece. Kernel: `ksys_shmdt()`, ipc/shm.c. */
export function performShmdt(space: ReplaySpace, call: CallOf<'shmdt'>): void {
  const { process, notes } = space;
  const { mm } = process;
  if (call.ret === null || call.errno !== null) return;
  const { addr } = call.args;
  const attached = space.attachments.get(addr);
  if (attached === undefined) {
    notes.missing('shmdt', 'the log does not show the attach', call.line);
    return;
  }
  space.attachments.delete(addr);
  const end = addr + attached.length;
  for (let vma = mm.index.findIntersection(addr, end); vma !== NO_VMA; ) {
    const start = mm.store.start[vma]!;
    if (start >= end) break;
    const vmaEnd = mm.store.end[vma]!;
    if (mm.store.file[vma] === attached.file) {
      const result = process.munmap(start, vmaEnd - start);
      if (isErrno(result)) break;
    }
    vma = mm.index.find(vmaEnd);
  }
  space.settle(call, addr, addr);
}
