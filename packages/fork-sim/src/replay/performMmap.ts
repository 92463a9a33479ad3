import type { StraceCall } from 'proc-io';
import {
  getUnmappedArea,
  isErrno,
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_POPULATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  type MmapRequest,
  PAGE_SIZE,
  PMD_SIZE,
  PROT_WRITE,
  pageAlign,
} from 'vma-core';
import type { OpenFile, OpenFiles } from './openFiles.ts';
import { outsideReason } from './outsideReason.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

type MmapCall = Extract<StraceCall, { name: 'mmap' | 'mmap2' | 'old_mmap' }>;

/** MAP_ABOVE4G is new, and placed as without it unless memory is short. */
const FIXED = MAP_FIXED | MAP_FIXED_NOREPLACE;

/**
 * Maps where the log says, after asking the model where it would have put the mapping. A wrong place is noted, and the replay goes on
 * at the log's address.
 */
export function performMmap(space: ReplaySpace, call: MmapCall, files: OpenFiles): void {
  const { addr, length, prot, flags, fd, offset } = call.args;
  if (call.ret === null) return;
  const file = (flags & MAP_ANONYMOUS) !== 0 ? null : files.of(fd);
  const request: MmapRequest = {
    addr,
    length,
    prot,
    flags,
    file: file?.id ?? 0,
    pgoff: Math.floor(offset / PAGE_SIZE),
    fileWritable: isWritable(file, flags, prot),
  };
  if (offset % PAGE_SIZE !== 0 && call.errno === null)
    space.notes.missing('mmap', 'an offset that is no whole page', call.line);
  if (call.errno !== null) {
    mmapThatFailed(space, call, request);
    return;
  }
  if ((flags & MAP_HUGETLB) !== 0) space.notes.missing('mmap MAP_HUGETLB', 'mapped like small pages', call.line);
  if ((flags & FIXED) === 0) comparePlace(space, call, request);
  mapAt(space, call, request, call.ret);
  const end = call.ret + pageAlign(length);
  space.settle(call, call.ret, end);
  if ((flags & (MAP_LOCKED | MAP_POPULATE)) !== 0) space.proven(call.ret, end);
}

/** Maps at the log's address. A refusal of the model is noted; then the mapping is made all the same. */
export function mapAt(space: ReplaySpace, call: StraceCall, request: MmapRequest, at: number): void {
  const { process, notes } = space;
  const { mm } = process;
  const vmas = mm.mapCount;
  const result = process.mmap(placedAt(request, at, request.flags | MAP_FIXED));
  if (!isErrno(result)) return;
  notes.wrongResult({ call, log: at, model: result });
  if (result === 'ENOMEM' && vmas > mm.maxMapCount) {
    notes.limited(call, result, vmas, mm.maxMapCount);
  }
  const limit = mm.maxMapCount;
  mm.maxMapCount = Number.POSITIVE_INFINITY;
  process.mmap({ ...request, addr: at, flags: (request.flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED, fileWritable: true });
  mm.maxMapCount = limit;
}

/** The same request with an address. Written out, as a spread of every line's request costs more than the mapping. */
function placedAt(request: MmapRequest, addr: number, flags: number): MmapRequest {
  const { length, prot, file = 0, pgoff = 0, fileWritable = true } = request;
  return { addr, length, prot, flags, file, pgoff, fileWritable };
}

/** A mapping that failed in the log: in the model too, or it is taken back. */
function mmapThatFailed(space: ReplaySpace, call: MmapCall, request: MmapRequest): void {
  const { process, notes } = space;
  const { mm } = process;
  const log = call.errno as string;
  const vmas = mm.mapCount;
  const fixed = (request.flags & FIXED) !== 0;
  const saved = fixed ? space.saved.keep(request.addr ?? 0, (request.addr ?? 0) + pageAlign(request.length)) : null;
  const place = fixed ? 0 : placeOf(space, request);
  const after = saved ?? (isErrno(place) ? null : space.saved.keep(place, place + pageAlign(request.length)));
  const result = process.mmap(request);
  if (result === log) {
    notes.failedAlike++;
    if (result === 'ENOMEM' && vmas > mm.maxMapCount) {
      notes.limited(call, result, vmas, mm.maxMapCount);
    }
    return;
  }
  if (isErrno(result)) {
    notes.wrongResult({ call, log, model: result });
    return;
  }
  notes.differs({ call, log, model: 'mapped' }, outsideReason(space, call));
  // What was populated goes first: the VMAs that come back know nothing of it.
  const end = result + pageAlign(request.length);
  mm.pageOps.unmapRegion(result, end, result, end);
  after?.restore();
}

/**
 * A shared mapping of a file opened read-only loses SHARED and MAYWRITE. Where the log does not show the open, a mapping that only reads
 * is taken as one of a file opened for reading.
 */
function isWritable(file: OpenFile | null, flags: number, prot: number): boolean {
  if (file === null) return true;
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_SHARED_VALIDATE) return true;
  return file.writable ?? (prot & PROT_WRITE) !== 0;
}

/** Where the model would put a mapping without a fixed address. */
function placeOf(space: ReplaySpace, request: MmapRequest): ReturnType<typeof getUnmappedArea> {
  const { mm } = space.process;
  const type = request.flags & MAP_TYPE;
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  const hint = (request.addr ?? 0) - ((request.addr ?? 0) % PAGE_SIZE);
  const flags = shared ? MAP_SHARED : 0;
  return getUnmappedArea(mm, request.file ?? 0, hint, pageAlign(request.length), request.pgoff ?? 0, flags);
}

/** Compares where the model would put a mapping with where the log has it. */
export function comparePlace(space: ReplaySpace, call: StraceCall, request: MmapRequest): void {
  const { notes } = space;
  const { mm } = space.process;
  const at = call.ret as number;
  const top = at + pageAlign(request.length);
  if ((request.flags & (MAP_32BIT | MAP_HUGETLB)) !== 0) {
    notes.missing('mmap', 'placement of MAP_32BIT and MAP_HUGETLB is not modelled', call.line);
    return;
  }
  if (!space.topKnown) {
    // Nothing is known of what lies above: this mapping shows where the free area ends.
    mm.mmapBase = top;
    space.topKnown = true;
    notes.assumptions.add(
      'The map at the start is not known: the first mapping without an address is taken as the highest free place.',
    );
    return;
  }
  if (!space.mapKnown && top > mm.mmapBase) {
    count(notes.unknownMemory, () => call);
    return;
  }
  notes.placesChecked++;
  const model = placeOf(space, request);
  if (model === at || learnsAlignment(space, request, at)) return;
  notes.wrongPlace({ call, log: at, model });
}

/**
 * Whether a file system puts mappings of 2 MiB at 2 MiB boundaries is known to nobody but the file system: where the other
 * answer gives the log's address, it is taken for this file from now on.
 */
function learnsAlignment(space: ReplaySpace, request: MmapRequest, at: number): boolean {
  const { mm } = space.process;
  const file = request.file === undefined ? undefined : mm.files.get(request.file);
  if (file === undefined || pageAlign(request.length) < PMD_SIZE) return false;
  mm.files.set(file.id, { ...file, thpAligned: file.thpAligned !== true });
  if (placeOf(space, request) === at) {
    space.notes.assumptions.add(
      'Whether a file system aligns large mappings to 2 MiB was learned from where the log has them.',
    );
    return true;
  }
  mm.files.set(file.id, file);
  return false;
}

/** Would this mapping land where the log says, were it made now? Asked of calls that overlap, to find their order. */
export function wouldFit(space: ReplaySpace, call: MmapCall, files: OpenFiles): boolean {
  const { addr, length, prot, flags, fd, offset } = call.args;
  if (!space.topKnown) return true;
  const file = (flags & MAP_ANONYMOUS) !== 0 ? 0 : files.of(fd).id;
  return placeOf(space, { addr, length, prot, flags, file, pgoff: Math.floor(offset / PAGE_SIZE) }) === call.ret;
}
