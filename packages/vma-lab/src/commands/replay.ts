import {
  type Checkpoint,
  type FaultAssumption,
  faultsUseOf,
  firstAssumption,
  mapNotes,
  type RealMap,
  requireFourLevels,
} from 'fork-sim';
import type { SmapsEntry } from 'proc-io';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import { EXIT_BAD_INPUT, EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawReplay } from '../draw/drawReplay.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { replayLog } from '../input/replayLog.ts';
import { replayJson } from '../json/replayJson.ts';

/** Options of `vma-lab replay`. */
export interface ReplayCommand {
  /** One, or two to compare. */
  readonly kernel: readonly ChosenKernel[];
  /** Not given: `on-map`, or what leads to the final map. `infer`: what comes nearest to it. */
  readonly faults?: FaultAssumption | 'infer';
  readonly maxMapCount: number;
  /** Bytes. */
  readonly longestGuard: number;
  readonly softDirty?: boolean;
  /** `FILE`, or `PID=FILE` for a process that is not the first. */
  readonly initial: readonly string[];
  readonly final: readonly string[];
  /** `LINE=FILE`, or `PID@LINE=FILE` for a process that is not the first. */
  readonly checkpoint: readonly string[];
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Replays a log and prints what it says of the address space. Status 1: with a final map, and something differs; 2: a map that no process has. */
export async function replay(
  paths: readonly string[],
  options: ReplayCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  const initial = new Map<number | 'first', readonly SmapsEntry[]>();
  const notes: string[] = [];
  for (const { pid, file } of options.initial.map(ofProcess)) {
    const smaps = await readSmaps(file, io);
    requireFourLevels(smaps.entries, file);
    notes.push(...mapNotes('initial', smaps));
    initial.set(pid, smaps.entries);
  }
  const final = new Map<number | 'first', RealMap>();
  for (const { pid, file } of options.final.map(ofProcess)) {
    const smaps = await readSmaps(file, io);
    notes.push(...mapNotes('final', smaps));
    final.set(pid, { file, entries: smaps.entries });
  }
  const checkpoints: Checkpoint[] = [];
  for (const { line, pid, file } of options.checkpoint.map(atLine)) {
    checkpoints.push({ line, pid, file, entries: (await readSmaps(file, io)).entries });
  }
  const { kernel: kernels, faults, maxMapCount, longestGuard, softDirty } = options;
  const faultsUse = faultsUseOf(faults);
  const replayed = {
    faults: firstAssumption(faults),
    maxMapCount,
    initial,
    notes,
    ...(softDirty === undefined ? {} : { softDirty }),
  };
  const answer = await replayLog(
    paths,
    { kernels, final, checkpoints, longestGuard, faultsUse, options: replayed },
    io,
  );
  await io.out(options.json ? jsonLine(replayJson(answer)) : drawReplay(printable(answer), options, style));
  if (answer.unused.length > 0) return EXIT_BAD_INPUT;
  return differs(answer) ? EXIT_DIFFERENT : EXIT_OK;
}

/** Is any process's map not the real one, at the end or at a checkpoint? */
function differs({ kernels }: ReplayAnswer): boolean {
  return kernels.some(
    ({ processes, checkpoints }) =>
      processes.some(({ final }) => final !== null && final.differing > 0) ||
      checkpoints.some(({ comparison }) => comparison === null || comparison.differing > 0),
  );
}

/** `LINE=FILE` or `PID@LINE=FILE`. */
function atLine(text: string): { line: number; pid: number | 'first'; file: string } {
  const match = /^(?:(\d+)@)?(\d+)=(.+)$/.exec(text);
  if (match === null) throw new UsageError('--checkpoint takes LINE=FILE, or PID@LINE=FILE');
  const [, pid, line, file] = match;
  return { line: Number(line), pid: pid === undefined ? 'first' : Number(pid), file: file as string };
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
