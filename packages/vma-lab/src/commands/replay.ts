import type { FaultAssumption } from 'fork-sim';
import type { SmapsEntry } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import type { ChosenKernel } from '../cli/options.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawReplay } from '../draw/drawReplay.ts';
import { readLog } from '../input/readLog.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { LogReplayer, type ReplayRequest } from '../report/buildReplayReport.ts';
import type { RealMap } from '../report/describeProcess.ts';
import type { ReplayReport } from '../report/replayReport.ts';

/** Options of `vma-lab replay`. */
export interface ReplayCommand {
  readonly kernels: readonly ChosenKernel[];
  readonly faults: FaultAssumption;
  readonly maxMapCount: number;
  readonly softDirty?: boolean;
  /** `FILE`, or `PID=FILE` for a process that is not the first. */
  readonly initial: readonly string[];
  readonly final: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
}

/** Replays a log and prints what it says of the address space. Status 1: with a final map, and something differs. */
export async function replay(path: string, options: ReplayCommand, io: CliIo, style: Style): Promise<number> {
  const initial = new Map<number | 'first', readonly SmapsEntry[]>();
  for (const { pid, file } of options.initial.map(ofProcess)) initial.set(pid, await readSmaps(file, io));
  const final = new Map<number | 'first', RealMap>();
  for (const { pid, file } of options.final.map(ofProcess))
    final.set(pid, { file, entries: await readSmaps(file, io) });
  const { kernels, faults, maxMapCount, softDirty } = options;
  const request = { kernels, faults, maxMapCount, initial, final, ...(softDirty === undefined ? {} : { softDirty }) };
  const report = await replayLog(path, request, io);
  if (options.json) await io.out(`${JSON.stringify(report)}\n`);
  else await io.out(drawReplay(report, { all: options.all }, style));
  return differs(report) ? EXIT_DIFFERENT : EXIT_OK;
}

/** Replays one log. */
export async function replayLog(path: string, request: ReplayRequest, io: CliIo): Promise<ReplayReport> {
  const replayer = new LogReplayer(request);
  const stats = await readLog(path, io, (event) => replayer.feed(event));
  replayer.end();
  return replayer.report(path, stats);
}

/** Is any process's map at the end not the real one? */
function differs(report: ReplayReport): boolean {
  return report.kernels.some(({ processes }) =>
    processes.some(({ final }) => final !== null && final.differences.length > 0),
  );
}

/** `PID=FILE`; a file without a pid is of the first process. */
function ofProcess(text: string): { pid: number | 'first'; file: string } {
  const match = /^(\d+)=(.+)$/.exec(text);
  if (match === null) {
    if (text === '') throw new UsageError('--initial and --final take a file, or PID=FILE');
    return { pid: 'first', file: text };
  }
  return { pid: Number(match[1]), file: match[2] as string };
}
