import { Option } from 'commander';
import { firstAssumption, LogWhatIf, smapsWhatIf, type WhatIfReport, type WhatIfWorld } from 'fork-sim';
import { InputError } from 'proc-io';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { maxBytes } from '../cli/maxBytes.ts';
import { type ChosenKernel, readLimit } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  faultLogOption,
  faultsOption,
  initialOption,
  longestGuardOption,
  ownKernelsOption,
  processOption,
  SUBJECT_OPERAND,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawWhatIf } from '../draw/drawWhatIf.ts';
import { readLog } from '../input/readLog.ts';
import { optionsOf } from '../input/recording.ts';
import { type LogSubject, openSubject } from '../input/subject.ts';
import { faultLogOf, initialOf, kernelOf, limitOf, type SubjectOptions } from '../input/subjectMap.ts';
import { whatIfJson } from '../json/whatIfJson.ts';

/** Options of `vma-lab what-if`. */
interface WhatIfCommand extends Omit<SubjectOptions, 'kernel' | 'maxMapCount'> {
  readonly guards?: 'markers';
  /** Two: before and after. One: after, or both where something else is asked. */
  readonly kernel?: readonly ChosenKernel[];
  readonly maxMapCount?: number;
  /** Bytes. */
  readonly longestGuard: number;
  readonly json?: boolean;
}

/** Says what would be otherwise, were a kernel, a limit or the guards of a program others. */
async function whatIf(
  [operand = '-']: readonly string[],
  options: WhatIfCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  const { guards, kernel, maxMapCount, longestGuard, ...rest } = options;
  if (guards === undefined && kernel === undefined && maxMapCount === undefined) throw new UsageError(NOTHING);
  const subject = await openSubject(operand, io);
  const other = guards !== undefined || maxMapCount !== undefined;
  const [first, second] = kernel ?? [];
  const own = second === undefined && !other ? kernelOf(subject, {}) : (first ?? kernelOf(subject, {}));
  const limit = await limitOf(subject, {});
  const before: WhatIfWorld = { profile: own.profile, maxMapCount: limit, markers: false };
  const next = second ?? first ?? own;
  const after: WhatIfWorld = {
    profile: next.profile,
    maxMapCount: maxMapCount ?? limit,
    markers: guards !== undefined,
  };
  const report =
    subject.kind === 'map'
      ? smapsWhatIf(subject.smaps, before, after, longestGuard)
      : await ofLog(subject, before, after, { ...rest, longestGuard }, io);
  const answer = { file: subject.file, isLog: subject.kind === 'log', isMarkers: after.markers, report, longestGuard };
  await io.out(options.json ? jsonLine(whatIfJson(answer)) : drawWhatIf(printable(answer), style));
  return EXIT_OK;
}

const NOTHING =
  'nothing to try: give --guards markers, --kernel A,B or --max-map-count N (vma-lab what-if --help shows examples)';

async function ofLog(
  { file, log, recording }: LogSubject,
  before: WhatIfWorld,
  after: WhatIfWorld,
  options: SubjectOptions & Pick<WhatIfCommand, 'longestGuard'>,
  io: CliIo,
): Promise<WhatIfReport> {
  const { faults = recording?.faults, longestGuard } = options;
  const { initial } = await initialOf(recording, options, io);
  const replayed = {
    ...(recording === null ? {} : optionsOf(recording, options.faults)),
    faults: firstAssumption(faults),
    ...(await faultLogOf({ faults: options.faults, faultLog: options.faultLog }, io)),
    ...(options.process === undefined ? {} : { process: options.process }),
    ...(options.initial === undefined ? {} : { execMaps: new Map() }),
    initial,
    maxBytes: maxBytes(io),
  };
  const worlds = new LogWhatIf(before, after, replayed, longestGuard);
  await readLog(log.input, io, (event) => worlds.feed(event));
  const report = worlds.report();
  if (report === null) throw new InputError('the log shows no process', { file });
  return report;
}

/** `vma-lab what-if`. */
export const whatIfCommand: CommandRow<WhatIfCommand> = {
  name: 'what-if',
  summary: 'What would change with guard markers, on another kernel, or with another limit?',
  prints:
    'Prints VMAs at the peak and at the end before and after, the saving, what a fork copies, and the calls of the log that would fail or succeed otherwise. Several changes may be tried together.',
  operands: [SUBJECT_OPERAND],
  options: [
    new Option('--guards <what>', 'PROT_NONE guards beside memory become guard markers (MADV_GUARD_INSTALL)').choices([
      'markers',
    ]),
    ownKernelsOption(),
    new Option('--max-map-count <n>', 'the limit to try').argParser(readLimit),
    longestGuardOption(),
    initialOption(),
    faultsOption(),
    faultLogOption(),
    processOption(),
  ],
  examples: `vma-lab what-if trace.strace --guards markers
vma-lab what-if trace.strace --initial initial.smaps --kernel 6.12,6.19
vma-lab what-if trace.strace --max-map-count 1000
vma-lab what-if $(pidof server) --guards markers`,
  run: whatIf,
};
