import { Option } from 'commander';
import { smapsOverview, smapsReport } from 'fork-sim';
import type { AskedKernel, ReportAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  faultsOption,
  initialOption,
  longestGuardOption,
  ownKernelOption,
  ownLimitOption,
  SUBJECT_OPERAND,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawReport } from '../draw/drawReport.ts';
import { pathExists } from '../input/openInput.ts';
import { readProcessFacts } from '../input/processMap.ts';
import { type LogSubject, type MapSubject, openSubject } from '../input/subject.ts';
import { kernelOf, limitOf, replaySubject, type SubjectOptions } from '../input/subjectMap.ts';
import { reportJson } from '../json/reportJson.ts';

/** Options of `vma-lab report`. */
interface ReportCommand extends SubjectOptions {
  /** Bytes. */
  readonly longestGuard: number;
  readonly json?: boolean;
}

/** Says on one screen how many VMAs there are, what takes them, what failed and what would help. */
async function report([operand]: readonly string[], options: ReportCommand, io: CliIo, style: Style): Promise<number> {
  if (operand === undefined) throw new UsageError(NOTHING);
  if (/^[a-z][a-z-]*$/.test(operand) && !(await pathExists(operand))) throw new UsageError(unknownCommand(operand));
  const subject = await openSubject(operand, io);
  const answer = await (subject.kind === 'log' ? ofLog(subject, options, io) : ofMap(subject, options));
  await io.out(options.json ? jsonLine(reportJson(answer)) : drawReport(printable(answer), style));
  return EXIT_OK;
}

const NOTHING =
  'nothing to report on: give a strace log, a smaps, a pid or the folder of a recording (vma-lab --help shows the commands)';

/** A word that is no file was meant as a command, most likely. */
function unknownCommand(word: string): string {
  return `unknown command '${word}', and there is no such file (vma-lab --help shows the commands)`;
}

async function ofLog(subject: LogSubject, options: ReportCommand, io: CliIo): Promise<ReportAnswer> {
  const { longestGuard } = options;
  const replay = await replaySubject(subject, { longestGuard, limits: false }, options, io);
  const [kernel] = replay.kernels as readonly [AskedKernel];
  const { overview } = kernel;
  if (overview === null) throw new UsageError(`${subject.file}: the log shows no process`);
  return { file: subject.file, kernel, overview, threads: null, replay, notes: [] };
}

async function ofMap(subject: MapSubject, options: ReportCommand): Promise<ReportAnswer> {
  const { file, smaps, pid } = subject;
  const kernel = kernelOf(subject, options);
  const found = smapsReport(smaps, kernel.profile, options.longestGuard);
  const { program, threads } = pid === null ? { program: null, threads: null } : await readProcessFacts(pid);
  const overview = smapsOverview(found, { pid, program, maxMapCount: await limitOf(subject, options) });
  return { file, kernel, overview, threads, replay: null, notes: found.notes };
}

/** `vma-lab report`, and what is meant where no command is named. */
export const reportCommand: CommandRow<ReportCommand> = {
  name: 'report',
  summary: 'How many VMAs has a program, what takes them, which calls failed and why, and what would help?',
  prints:
    'Prints one screen; its first line is the answer. Where no command is named, this one is meant: vma-lab trace.strace.',
  operands: [[SUBJECT_OPERAND[0].replace('<', '[').replace('>', ']'), SUBJECT_OPERAND[1]]],
  options: [
    ownKernelOption(),
    initialOption(),
    new Option('--final <smaps>', 'of a log: what was really mapped at the end'),
    faultsOption(),
    ownLimitOption(),
    longestGuardOption(),
  ],
  examples: `vma-lab report $(pidof server)
strace -f -y -e trace=%memory,%process -o trace.strace ./server; vma-lab trace.strace
vma-lab conformance/programs/thread-stacks
vma-lab report /proc/self/smaps --json | jq .headline`,
  isDefault: true,
  run: report,
};
