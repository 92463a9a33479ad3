import type { RangeArgs, StraceCall } from 'proc-io';
import { adviceName, type Errno, type Mm, pageAlign } from 'vma-core';
import { processMadvise } from 'vma-core/calls';
import { replayFailed } from './failedCall.ts';
import type { OpenFiles } from './openFiles.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

type ProcessMadviseCall = Extract<StraceCall, { name: 'process_madvise' }>;

/** PIDFD_SELF_THREAD and PIDFD_SELF_THREAD_GROUP. */
const PIDFD_SELF: ReadonlySet<number> = new Set([-10_000, -10_001]);

/**
 * Replays a `process_madvise`: it advises the ranges that the log's bytes cover.
 *
 * @param spaceOf the address space of a process of the log; `null`: the log does not show it
 */
export function performProcessMadvise(
  space: ReplaySpace,
  call: ProcessMadviseCall,
  files: OpenFiles,
  spaceOf: (pid: number) => ReplaySpace | null,
): void {
  const { pidfd } = call.args;
  const pid = files.pidOf(pidfd);
  const target = PIDFD_SELF.has(pidfd.fd) ? space : pid === null ? null : spaceOf(pid);
  if (call.ret === null) return;
  if (target === null) space.notes.missing('process_madvise', 'the log does not show whose memory it is', call.line);
  else if (call.args.ranges.length < call.args.count && call.errno !== null) return;
  else if (call.errno === null) advised(space, target, call, call.ret);
  else {
    const ranges = call.args.ranges.map(({ addr, length }) => ({ start: addr, end: addr + pageAlign(length) }));
    const perform = (mm: Mm): number | Errno => advise(mm, call, target === space);
    if (target === space) replayFailed<number>(space, { call, ranges, perform });
    else if (
      call.errno === 'EINVAL' &&
      advise(target.process.mm, { ...call, args: { ...call.args, ranges: [] } }, false) === 'EINVAL'
    )
      space.notes.failedAlike++;
    else space.notes.missing('process_madvise', 'failed for another process', call.line);
  }
}

/** What was advised is advised: the ranges that the log's bytes cover. */
function advised(space: ReplaySpace, target: ReplaySpace, call: ProcessMadviseCall, log: number): void {
  const { mm } = target.process;
  const model = advise(mm, call, target === space, log);
  if (call.args.ranges.length < call.args.count) {
    space.notes.missing('process_madvise', 'strace shows a part of the ranges (strace -v shows all)', call.line);
  } else if (!target.mapKnown && model === 'ENOMEM') count(space.notes.unknownMemory, () => call);
  else if (model !== log) space.notes.wrongResult({ call, log, model });
  const name = adviceName(call.args.advice);
  for (const { addr, length } of covered(call.args.ranges, log)) {
    const end = addr + pageAlign(length);
    if (name === 'GUARD_INSTALL' || name === 'POPULATE_WRITE') target.proven(addr, end);
    target.settle(call, addr, end);
  }
}

function advise(mm: Mm, { args }: ProcessMadviseCall, own: boolean, most?: number): number | Errno {
  const { ranges, advice, flags } = args;
  const result = processMadvise(mm, ranges, { advice, flags, own, ...(most === undefined ? {} : { most }) });
  // A log has an answer, so the call came to an end: a signal broke it off.
  return result === 'LIVELOCK' ? 0 : result;
}

function covered(ranges: readonly RangeArgs[], bytes: number): readonly RangeArgs[] {
  let done = 0;
  return ranges.filter(({ length }) => {
    done += length;
    return done <= bytes;
  });
}
