import type { StraceCall } from 'proc-io';
import { isErrno, pageAlign } from 'vma-core';
import { uffdRegister, uffdUnregister } from 'vma-core/calls';
import { uffdioWriteprotect } from '../process/uffdIoctl.ts';
import { NO_UFFD_FEATURES, type UffdFeatures, type UffdTable } from '../process/uffdTable.ts';
import { onRange } from './onRange.ts';
import type { ReplaySpace } from './replaySpace.ts';

type IoctlCall = Extract<StraceCall, { name: 'ioctl' }>;

const FEATURE_EVENT_FORK = 0x2;
const FEATURE_EVENT_REMAP = 0x4;
const FEATURE_WP_UNPOPULATED = 0x2000;
const FEATURE_WP_ASYNC = 0x8000;
const MODE_MISSING = 1;
const MODE_WP = 2;
const MODE_MINOR = 4;
const PROTECT_WP = 1;

/** An ioctl on a userfaultfd. Pages that it fills are only taken as written: which ones are there, a log does not tell. */
export function performUffdio(space: ReplaySpace, call: IoctlCall, uffds: UffdTable): void {
  const { fd, request, start, length, mode, features } = call.args;
  const { process, notes } = space;
  // One that the log did not show being opened is opened now; its features come with UFFDIO_API.
  const context = uffds.get(fd.fd) ?? uffds.open(fd.fd, NO_UFFD_FEATURES);
  if (request === 'UFFDIO_API') {
    if (call.errno === null)
      process.world.uffdContexts.set(context.id, { id: context.id, ...featuresOf(features ?? 0) });
    return;
  }
  if (start === null || length === null) {
    notes.missing(`ioctl ${request}`, 'the log shows only a pointer', call.line);
    return;
  }
  switch (request) {
    case 'UFFDIO_REGISTER': {
      const bits = mode ?? 0;
      if ((bits & MODE_MINOR) !== 0) notes.missing('ioctl UFFDIO_REGISTER', 'minor faults are not modelled', call.line);
      const wanted = { missing: (bits & MODE_MISSING) !== 0, wp: (bits & MODE_WP) !== 0 };
      onRange(space, call, start, length, (mm) => uffdRegister(mm, context, start, length, wanted));
      return;
    }
    case 'UFFDIO_UNREGISTER':
      onRange(space, call, start, length, (mm) => uffdUnregister(mm, context, start, length));
      return;
    case 'UFFDIO_WRITEPROTECT': {
      // It stops at the first range that is not registered, and pages before that are protected: the log does not say how many.
      if (call.errno !== null) return;
      const on = ((mode ?? 0) & PROTECT_WP) !== 0;
      onRange(space, call, start, length, () => uffdioWriteprotect(process, start, length, on));
      return;
    }
    case 'UFFDIO_COPY':
    case 'UFFDIO_ZEROPAGE': {
      if (call.errno !== null && !isErrno(call.errno)) return;
      space.assumeWritten(start, start + pageAlign(length));
      space.proven(start, start + pageAlign(length));
      return;
    }
    case 'UFFDIO_WAKE':
    case 'UFFDIO_CONTINUE':
    case 'UFFDIO_POISON':
      return;
    default:
      notes.missing(`ioctl ${request}`, 'not modelled', call.line);
  }
}

/** The features that UFFDIO_API asked for. */
function featuresOf(bits: number): UffdFeatures {
  const has = (feature: number): boolean => Math.floor(bits / feature) % 2 === 1;
  return {
    eventFork: has(FEATURE_EVENT_FORK),
    eventRemap: has(FEATURE_EVENT_REMAP),
    unpopulated: has(FEATURE_WP_UNPOPULATED),
    async: has(FEATURE_WP_ASYNC),
    rwp: false,
  };
}
