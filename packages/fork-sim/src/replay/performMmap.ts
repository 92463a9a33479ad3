import type { StraceCall } from 'proc-io';
import {
  type Errno,
  isErrno,
  LO_HUGETLB,
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
  type Mm,
  NO_VMA,
  PAGE_SIZE,
  PMD_SIZE,
  PROT_WRITE,
  pageAlign,
} from 'vma-core';
import { getUnmappedArea, isLowPlace, type MmapRequest, mmap, munmap, roundHintToMin } from 'vma-core/calls';
import { replayFailed } from './failedCall.ts';
import { ANON_HUGEPAGE, hugeTraits } from './fileTraits.ts';
import { hugePageBytes, wholeHugePages, wholePages } from './hugePages.ts';
import type { OpenFile, OpenFiles } from './openFiles.ts';
import { archFlagsOf } from './performPkey.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

type MmapCall = Extract<StraceCall, { name: 'mmap' | 'mmap2' | 'old_mmap' }>;

const FIXED = MAP_FIXED | MAP_FIXED_NOREPLACE;

/**
 * Maps where the log says, after asking the model where it would have put the mapping. A wrong place is noted, and the replay goes on
 * at the log's address.
 */
export function performMmap(space: ReplaySpace, call: MmapCall, files: OpenFiles): void {
  const { flags } = call.args;
  if (call.ret === null) return;
  const file = (flags & MAP_ANONYMOUS) !== 0 ? null : files.of(call.args.fd);
  const isHuge = (flags & MAP_HUGETLB) !== 0;
  const request = isHuge && file === null ? hugeRequest(call, files) : requestOf(space, call, file);
  if (call.errno !== null) {
    mmapThatFailed(space, call, request, files);
    return;
  }
  if (file !== null && file.unmodelled !== null)
    space.notes.missing('mmap', `${file.path}: ${file.unmodelled}`, call.line);
  if (isHuge) space.notes.missing('mmap MAP_HUGETLB', hugeTraits(flags).unmodelled ?? '', call.line);
  if ((flags & FIXED) === 0) comparePlace(space, call, request);
  mapAt(space, call, request, call.ret);
  const end = call.ret + pageAlign(request.length);
  space.settle(call, call.ret, end);
  if ((flags & (MAP_LOCKED | MAP_POPULATE)) !== 0) space.proven(call.ret, end);
}

function requestOf(space: ReplaySpace, call: MmapCall, file: OpenFile | null): MmapRequest {
  const { addr, length, prot, flags, offset } = call.args;
  const hugePage = space.process.mm.files.get(file?.id ?? 0)?.hugePage;
  return {
    addr,
    length: hugePage === undefined ? length : wholePages(length, hugePage),
    prot,
    flags,
    file: file?.id ?? 0,
    pgoff: Math.floor(offset / PAGE_SIZE),
    fileWritable: file === null || isWritable(space, file, flags, prot),
    fileReadable: file?.access?.readable ?? true,
    archFlags: archFlagsOf(call),
  };
}

/** Anonymous huge pages are a file that each mapping has for its own; their length is that of whole huge pages. */
function hugeRequest(call: MmapCall, files: OpenFiles): MmapRequest {
  const { addr, length, prot, flags } = call.args;
  return {
    addr,
    length: wholeHugePages(length, flags),
    prot,
    flags: flags & ~MAP_ANONYMOUS,
    file: files.unnamed(ANON_HUGEPAGE, hugeTraits(flags)),
  };
}

/** Maps at the log's address. A refusal of the model is noted; then the mapping is made all the same. */
export function mapAt(space: ReplaySpace, call: StraceCall, request: MmapRequest, at: number): void {
  const { process, notes } = space;
  const { mm } = process;
  const vmas = mm.mapCount;
  if (!space.mapKnown) space.seen.add(at, at + pageAlign(request.length));
  const result = mmap(mm, request, at);
  if (!isErrno(result)) return;
  notes.wrongResult({ call, log: at, model: result });
  if (result === 'ENOMEM' && vmas > mm.maxMapCount) {
    notes.limited(call, result, vmas, mm.maxMapCount);
  }
  const limit = mm.maxMapCount;
  mm.maxMapCount = Number.POSITIVE_INFINITY;
  process.mmap({
    ...request,
    addr: at,
    flags: (request.flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED,
    fileWritable: true,
    fileReadable: true,
  });
  mm.maxMapCount = limit;
}

/** What is asked before anything of the address space: the descriptor, and whether huge pages can be had there. */
function refusedFirst(call: MmapCall, request: MmapRequest, space: ReplaySpace, files: OpenFiles): Errno | null {
  const { flags, length } = call.args;
  const isAnonymous = (flags & MAP_ANONYMOUS) !== 0;
  if (!isAnonymous && files.isClosed(call.args.fd)) return 'EBADF';
  if ((flags & MAP_HUGETLB) === 0) return null;
  if (!isAnonymous) return isHugeFile(space, request.file ?? 0) ? null : 'EINVAL';
  if (!(length > 0)) return 'EINVAL';
  return hugePageBytes(flags) === null ? 'EINVAL' : null;
}

/**
 * An address that is no whole huge page is refused with the place, an offset last, when what was there is gone.
 * Kernel: `hugetlb_get_unmapped_area()`, `hugetlbfs_file_mmap()`.
 */
function refusedByHugeFile(mm: Mm, request: MmapRequest, offset: number): Errno | null {
  const { addr = 0, flags, file = 0 } = request;
  const bytes = mm.files.get(file)?.hugePage;
  if (bytes === undefined) return null;
  const isFixed = (flags & FIXED) !== 0;
  if (isFixed && (addr % bytes !== 0 || addr >= 2 ** 64)) return 'EINVAL';
  if (offset % bytes === 0) return null;
  const result = mmap(mm, request);
  if (isErrno(result)) return result;
  munmap(mm, result, request.length);
  return 'EINVAL';
}

function isHugeFile({ process }: ReplaySpace, file: number): boolean {
  return ((process.mm.files.get(file)?.mapFlags ?? 0) & LO_HUGETLB) !== 0;
}

/** A mapping that failed in the log. */
function mmapThatFailed(space: ReplaySpace, call: MmapCall, request: MmapRequest, files: OpenFiles): void {
  const { notes } = space;
  const { mm } = space.process;
  const vmas = mm.mapCount;
  const place = (request.flags & FIXED) !== 0 ? (request.addr ?? 0) : placeOf(space, request);
  const refused = refusedFirst(call, request, space, files);
  const perform = (on: Mm): number | Errno => {
    if (refused !== null) return refused;
    const refusedHuge = refusedByHugeFile(on, request, call.args.offset);
    if (refusedHuge !== null) return refusedHuge;
    if (!isErrno(place)) return mmap(on, request, place);
    // Where there is no place, the arguments may be refused before that is found; the copies have more room than there is.
    const result = mmap(on, request);
    return isErrno(result) ? result : place;
  };
  const ranges = isErrno(place) ? [] : [{ start: place, end: place + pageAlign(request.length) }];
  const result = replayFailed<number>(space, { call, ranges, file: request.file ?? 0, perform, shown: 'mapped' });
  if (result === 'ENOMEM' && call.errno === result && vmas > mm.maxMapCount) {
    notes.limited(call, result, vmas, mm.maxMapCount);
  }
}

/**
 * A shared mapping of a file opened read-only loses SHARED and MAYWRITE. Where the log does not show the open, a mapping that only reads
 * is taken as one of a file opened for reading.
 */
function isWritable({ notes }: ReplaySpace, file: OpenFile, flags: number, prot: number): boolean {
  const type = flags & MAP_TYPE;
  if (type !== MAP_SHARED && type !== MAP_SHARED_VALIDATE) return true;
  if (file.access !== null) return file.access.writable;
  if ((prot & PROT_WRITE) !== 0) return true;
  notes.assumptions.add(
    'A shared mapping that only reads, of a file whose open the log does not show, was taken as one of a file opened for reading only.',
  );
  return false;
}

/** Where the model would put a mapping without a fixed address. */
function placeOf(space: ReplaySpace, request: MmapRequest): ReturnType<typeof getUnmappedArea> {
  const { addr = 0, length, file = 0, pgoff = 0, flags } = request;
  return getUnmappedArea(space.process.mm, file, roundHintToMin(addr), pageAlign(length), pgoff, flags);
}

/** Is this a place that the model may choose? With MAP_32BIT there are several: the kernel draws where it starts to look. */
function mayBePlacedAt(space: ReplaySpace, request: MmapRequest, at: number, model: number | Errno): boolean {
  if (model === at) return true;
  if ((request.flags & MAP_32BIT) === 0 || model === roundHintToMin(request.addr ?? 0)) return false;
  const { mm } = space.process;
  const length = pageAlign(request.length);
  if (isLowPlace(mm, at, length)) return true;
  if (at % PMD_SIZE !== 0 || length % PMD_SIZE !== 0) return false;
  // It was moved up from where 2 MiB more had room.
  for (let below = at - PMD_SIZE; below < at; below += PAGE_SIZE) {
    if (isLowPlace(mm, below, length + PMD_SIZE)) return true;
  }
  return false;
}

/** Compares where the model would put a mapping with where the log has it. */
export function comparePlace(space: ReplaySpace, call: StraceCall, request: MmapRequest): void {
  const { notes } = space;
  const { mm } = space.process;
  const at = call.ret as number;
  const top = at + pageAlign(request.length);
  if (!space.topKnown && (request.flags & MAP_32BIT) === 0) {
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
  const model = placeOf(space, request);
  const isThere = mayBePlacedAt(space, request, at, model) || learnsAlignment(space, request, at);
  if (!isThere && mayBeTaken(space, request, at, model)) {
    count(notes.unknownMemory, () => call);
    return;
  }
  notes.placesChecked++;
  if (isThere) return;
  if (mm.index.findIntersection(at, top) !== NO_VMA) count(notes.taken, () => call);
  notes.wrongPlace({ call, log: at, model });
}

/** The kernel went below the model's place, where something from before the log may be mapped. */
function mayBeTaken(
  { mapKnown, seen }: ReplaySpace,
  { length }: MmapRequest,
  at: number,
  model: number | Errno,
): boolean {
  return !mapKnown && !isErrno(model) && at < model && !seen.has(model, model + pageAlign(length));
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
