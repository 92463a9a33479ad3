import { Option } from 'commander';
import {
  type Checkpoint,
  type FaultAssumption,
  faultsUseOf,
  firstAssumption,
  isWrongCheckpoint,
  mapNotes,
  type RealMap,
  requireFourLevels,
} from 'fork-sim';
import type { SmapsEntry } from 'proc-io';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_BAD_INPUT, EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { type ChosenKernel, DEFAULT_KERNEL, readKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  allOption,
  faultLogOption,
  faultsOption,
  longestGuardOption,
  ownKernelsOption,
  ownLimitOption,
  repeatable,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawReplay } from '../draw/drawReplay.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { isRecording, optionsOf, readRecording, requireCalls } from '../input/recording.ts';
import { replayLog } from '../input/replayLog.ts';
import { faultLogOf } from '../input/subjectMap.ts';
import { replayJson } from '../json/replayJson.ts';

/** Options of `vma-lab replay`. */
interface ReplayCommand {
  /** One, or two to compare; not given: that of the recording. */
  readonly kernel?: readonly ChosenKernel[];
  /** Not given: `on-map`, or faults that lead to the final map. `infer`: what comes nearest to it. */
  readonly faults?: FaultAssumption | 'infer';
  /** Page faults, as `perf script` prints them. */
  readonly faultLog?: string;
  readonly maxMapCount?: number;
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
async function replay(paths: readonly string[], options: ReplayCommand, io: CliIo, style: Style): Promise<number> {
  const [only = '-'] = paths;
  const recording = paths.length === 1 && isRecording(only) ? await readRecording(only, io) : null;
  if (recording !== null) requireCalls(recording);
  const initial = new Map<number | 'first', readonly SmapsEntry[]>(recording?.initial);
  const notes: string[] = [];
  for (const { pid, file } of options.initial.map(ofProcess)) {
    const smaps = await readSmaps(file, io);
    requireFourLevels(smaps.entries, file);
    notes.push(...mapNotes('initial', smaps));
    initial.set(pid, smaps.entries);
  }
  const final = new Map<number | 'first', RealMap>(recording?.final);
  for (const { pid, file } of options.final.map(ofProcess)) {
    const smaps = await readSmaps(file, io);
    notes.push(...mapNotes('final', smaps));
    final.set(pid, { file, entries: smaps.entries });
  }
  const checkpoints: Checkpoint[] = [];
  for (const { line, pid, file } of options.checkpoint.map(atLine)) {
    checkpoints.push({ line, pid, file, entries: (await readSmaps(file, io)).entries });
  }
  const { faults, longestGuard, softDirty } = options;
  const given = await faultLogOf({ faults, faultLog: options.faultLog }, io);
  const faultsUse = faultsUseOf(faults);
  const kernels = options.kernel ?? (recording === null ? [readKernel(DEFAULT_KERNEL)] : [recording.kernel]);
  const { faultLog: recorded, ...ofRecording } = recording === null ? {} : optionsOf(recording, faults);
  const faultLog = given.faultLog ?? recorded;
  const replayed = {
    ...ofRecording,
    ...(recording === null || faults !== undefined ? { faults: firstAssumption(faults) } : {}),
    ...(faultLog === undefined ? {} : { faultLog }),
    ...(options.maxMapCount === undefined ? {} : { maxMapCount: options.maxMapCount }),
    initial,
    notes,
    ...(softDirty === undefined ? {} : { softDirty }),
  };
  const answer = await replayLog(
    recording === null ? paths : [recording.log],
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
      processes.some(({ final }) => final !== null && final.differing > 0) || checkpoints.some(isWrongCheckpoint),
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

/** `vma-lab replay`. */
export const replayCommand: CommandRow<ReplayCommand> = {
  name: 'replay',
  summary: 'Replay the strace log of a program: its VMAs, what kept them apart, what a fork would copy.',
  prints:
    'Prints what agrees with the log, the VMAs at the start, the peak and the end, refused merges by rule, a picture of the address space and its VMAs. With --final or --checkpoint, the status is 1 where the model differs.',
  operands: [
    [
      '<trace...>',
      'a recording (vma-lab record), or a strace log, may be gzip; - reads standard input; the files of strace -ff, or their folder',
    ],
  ],
  options: [
    repeatable('--initial <[pid=]smaps>', 'the map when the log begins, right after execve; repeatable'),
    repeatable('--final <[pid=]smaps>', 'the real map at the end: compared; repeatable'),
    repeatable('--checkpoint <[pid@]line=smaps>', 'the real map at a line of the log: compared; repeatable'),
    ownKernelsOption(),
    faultsOption(),
    faultLogOption(),
    ownLimitOption('of a recording, its own'),
    longestGuardOption(),
    new Option('--soft-dirty', 'the kernel tracks soft-dirty pages (default: as --initial shows)'),
    new Option('--no-soft-dirty', 'it does not'),
    allOption('every VMA and every refusal, however many'),
  ],
  more: `A log has no page faults unless perf records them (vma-lab record does, where it may), and smaps shows no anon_vma. --faults says which memory counts as written:
  on-map  private memory, as soon as it is writable (default)
  never   nothing
  auto    private memory, when the program goes on: not while a loader maps file after file, and
          not what the thread's next call makes inaccessible, a guard`,
  examples: `vma-lab replay server.recording
vma-lab replay trace.strace --kernel 6.18.44
vma-lab replay trace.strace --initial initial.smaps --final final.smaps
vma-lab replay trace.strace --kernel 6.12,7.3        both, and their differences
zcat trace.gz | vma-lab replay - --json | jq .kernels[0].processes[0].vmas`,
  run: replay,
};
