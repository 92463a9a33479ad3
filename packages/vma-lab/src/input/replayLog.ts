import { LogReplayer, type ReplayReport, type ReplayRequest } from 'fork-sim';
import { InputError, type StraceStats, type UnreadableLine } from 'proc-io';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import { maxBytes } from '../cli/maxBytes.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { type OpenedLog, openLogs } from './openInput.ts';
import { readLog } from './readLog.ts';

/** A replay, with the kernels as they were asked for. */
export interface LogRequest extends Omit<ReplayRequest, 'profiles'> {
  readonly kernels: readonly ChosenKernel[];
}

/** Unreadable lines that are shown. */
const MAX_UNREADABLE = 20;

/** Replays one log, which may be several files of `strace -ff`, or a folder with them. */
export async function replayLog(
  paths: readonly string[],
  { kernels, ...request }: LogRequest,
  io: CliIo,
): Promise<ReplayAnswer> {
  return replayOpened(await openLogs(paths, io), { kernels, ...request }, io);
}

/** {@link replayLog} of a log that is open. `notes`: what is uncertain of it, in sentences. */
export async function replayOpened(
  { input, notes, threadOrderUnknown = false }: OpenedLog,
  { kernels, ...request }: LogRequest,
  io: CliIo,
): Promise<ReplayAnswer> {
  const replayer = new LogReplayer({
    ...request,
    options: {
      ...request.options,
      maxBytes: maxBytes(io),
      notes: [...(request.options.notes ?? []), ...notes],
      threadOrderUnknown,
    },
    profiles: kernels.map(({ profile }) => profile),
  });
  const unreadable: UnreadableLine[] = [];
  const stats = await readLog(input, io, (event) => {
    replayer.feed(event);
    if (event.kind === 'unreadable' && unreadable.length < MAX_UNREADABLE) unreadable.push(event);
  });
  const report = reportOf(replayer, input.name);
  const asked = report.kernels.map((one, at) => ({ ...one, ...(kernels[at] as ChosenKernel) }));
  return { ...report, kernels: asked, log: logReport(input.name, stats, unreadable) };
}

/** @throws InputError that names the log, where it does not show the process that is asked for */
function reportOf(replayer: LogReplayer, file: string): ReplayReport {
  try {
    return replayer.report();
  } catch (error) {
    throw error instanceof InputError && error.file === undefined ? new InputError(error.message, { file }) : error;
  }
}

function logReport(
  file: string,
  stats: Readonly<StraceStats>,
  unreadable: readonly UnreadableLine[],
): ReplayAnswer['log'] {
  return {
    file,
    lines: stats.lines,
    calls: stats.calls,
    irrelevant: Object.fromEntries(stats.irrelevant),
    unreadable: stats.unreadable,
    mended: stats.mended,
    unreadableLines: unreadable.map(({ line, column, why, text }) => ({ line, column, why, text })),
    perfFaults: stats.perfFaults,
    unfinished: stats.unfinished,
  };
}
