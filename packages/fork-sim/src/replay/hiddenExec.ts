import type { StraceCall } from 'proc-io';
import type { ReplaySpace } from './replaySpace.ts';

/** Breaks of one program are nearer to each other; those of two, of which each draws its own, hardly ever: 1 GiB. */
const FAR = 2 ** 30;

/**
 * Does a call show that another program has begun, whose `execve` the log does not have (`-e trace=memory`)? The break is asked for, and is far
 * from where it was.
 */
export function showsHiddenExec({ breakKnown, process: { mm } }: ReplaySpace, call: StraceCall): boolean {
  if (call.name !== 'brk' || call.args.addr !== 0 || call.ret === null || !breakKnown) return false;
  return call.ret < mm.startBrk - FAR || call.ret > mm.brk + FAR;
}
