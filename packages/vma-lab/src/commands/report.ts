import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option } from 'commander';
import { smapsOverview, smapsReport, worstProcess } from 'fork-sim';
import { formatCount } from 'fork-sim/words';
import { KERNEL_PROFILES } from 'vma-core';
import type { AskedKernel, ReportAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  faultLogOption,
  faultsOption,
  initialOption,
  longestGuardOption,
  ownKernelOption,
  ownLimitOption,
  processOption,
  SUBJECT_OPERAND,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawReport } from '../draw/drawReport.ts';
import { drawHtml } from '../html/drawHtml.ts';
import { LONGEST_LINK, playgroundLink } from '../html/playgroundLink.ts';
import { pathExists, readText } from '../input/openInput.ts';
import { readProcessFacts } from '../input/processMap.ts';
import { type LogSubject, type MapSubject, openSubject, type Subject } from '../input/subject.ts';
import { kernelOf, limitOf, NOT_OF_A_MAP, replaySubject, type SubjectOptions } from '../input/subjectMap.ts';
import { reportJson } from '../json/reportJson.ts';
import { isLitmusFile } from '../litmus/findLitmus.ts';
import { litmus } from './litmus.ts';

/** Options of `vma-lab report`. */
interface ReportCommand extends SubjectOptions {
  /** Bytes. */
  readonly longestGuard: number;
  /** Where the page goes. */
  readonly html?: string;
  /** Print a link to the playground, and nothing else. */
  readonly link?: boolean;
  readonly json?: boolean;
}

/** Says on one screen how many VMAs there are, what takes them, what failed and what would help. */
async function report(
  [operand, ...more]: readonly string[],
  options: ReportCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  if (operand === undefined) throw new UsageError(NOTHING);
  if (/^[a-z][a-z-]*$/.test(operand) && !(await pathExists(operand))) throw new UsageError(unknownCommand(operand));
  if (more.length > 0) throw new UsageError(`report takes one file or pid, not ${more.length + 1}`);
  // A plain `vma-lab FILE` finds out what it is given.
  if (await isLitmusFile(operand, io))
    return await litmus(
      [operand],
      { kernel: KERNEL_PROFILES, ...(options.json === true ? { json: true } : {}) },
      io,
      style,
    );
  const subject = await openSubject(operand, io);
  if (options.link === true) {
    await io.out(`${await linkOf(operand, subject, options, io)}\n`);
    return EXIT_OK;
  }
  const answer = await (subject.kind === 'log' ? ofWorst(operand, subject, options, io) : ofMap(subject, options));
  if (options.html !== undefined) await writePage(options.html, drawHtml(printable(answer)));
  await io.out(options.json ? jsonLine(reportJson(answer)) : drawReport(printable(answer), style));
  return EXIT_OK;
}

async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (error) {
    throw new UsageError(`--html: ${path}: ${(error as Error).message}`);
  }
}

/** Where the site is, if nothing says so: where `npm run docs` serves it. */
const LOCAL_SITE = 'http://localhost:3000';

async function linkOf(operand: string, subject: Subject, options: ReportCommand, io: CliIo): Promise<string> {
  if (operand === '-') throw new UsageError('--link reads its file twice: give a file, not standard input');
  const recording = subject.kind === 'log' ? subject.recording : null;
  const initial = options.initial ?? recording?.firstMaps.initial;
  const final = options.final ?? recording?.firstMaps.final;
  const paths = [recording?.log ?? subject.file, initial, final].filter((path) => path !== undefined);
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path).replace(/\.gz$/, ''), text: await readText(path, io) })),
  );
  const site = (io.env.VMA_LAB_SITE ?? LOCAL_SITE).replace(/\/$/, '');
  const link = playgroundLink(site, files, kernelOf(subject, options).profile.name);
  if (typeof link === 'string') return link;
  throw new UsageError(
    `--link: ${subject.file} is too long for a link: ${formatCount(link)} characters packed, ${formatCount(LONGEST_LINK)} at most. Drop the file on the playground, or use --html`,
  );
}

const NOTHING =
  'nothing to report on: give a strace log, a smaps, a pid or the folder of a recording (vma-lab --help shows the commands)';

/** A word that is no file was meant as a command, most likely. */
function unknownCommand(word: string): string {
  return `unknown command '${word}', and there is no such file (vma-lab --help shows the commands)`;
}

/** Of several processes, where none was asked for, the one with most failing calls or VMAs: the log is read once more for it. */
async function ofWorst(operand: string, subject: LogSubject, options: ReportCommand, io: CliIo): Promise<ReportAnswer> {
  const answer = await ofLog(subject, options, io);
  const { processes, pid } = answer.overview;
  const worst = worstProcess(processes);
  // Standard input cannot be read again.
  if (options.process !== undefined || worst === null || worst === pid || operand === '-') return answer;
  const again = await openSubject(operand, io);
  return again.kind === 'log' ? ofLog(again, { ...options, process: worst }, io) : answer;
}

async function ofLog(subject: LogSubject, options: ReportCommand, io: CliIo): Promise<ReportAnswer> {
  const { longestGuard } = options;
  const replay = await replaySubject(subject, { longestGuard, limits: false }, options, io);
  const [kernel] = replay.kernels as readonly [AskedKernel];
  const { overview } = kernel;
  if (overview === null) throw new UsageError(`${subject.file}: the log shows no process`);
  const { map = [], guards = [] } = kernel.processes[0] ?? {};
  return { file: subject.file, kernel, overview, threads: null, replay, notes: [], map, guards, forks: [] };
}

async function ofMap(subject: MapSubject, options: ReportCommand): Promise<ReportAnswer> {
  const { file, smaps, pid } = subject;
  if (options.process !== undefined) throw new UsageError(NOT_OF_A_MAP);
  const kernel = kernelOf(subject, options);
  const found = smapsReport(smaps, kernel.profile, options.longestGuard);
  const { program, threads } = pid === null ? { program: null, threads: null } : await readProcessFacts(pid);
  const { notes, map, forks } = found;
  const overview = smapsOverview(found, { pid, program, maxMapCount: await limitOf(subject, options) });
  return { file, kernel, overview, threads, replay: null, notes, map, guards: [], forks };
}

/** `vma-lab report`, and what is meant where no command is named. */
export const reportCommand: CommandRow<ReportCommand> = {
  name: 'report',
  summary: 'How many VMAs does a program have, what takes them, which calls failed, and what would help?',
  prints:
    'Prints one screen; its first line is the answer. Where no command is named, this one is meant: vma-lab trace.strace.',
  operands: [[SUBJECT_OPERAND[0].replace('<', '[').replace('>', ']'), SUBJECT_OPERAND[1]]],
  options: [
    ownKernelOption(),
    initialOption(),
    new Option('--final <smaps>', 'of a log: the real map at the end'),
    faultsOption(),
    faultLogOption(),
    processOption('the one with most failing calls, or VMAs'),
    ownLimitOption(),
    longestGuardOption(),
    new Option('--link', 'print a link that opens it in the playground, of the site that VMA_LAB_SITE names'),
    new Option('--html <file>', 'writes one page with the pictures too: it needs no other file and no network'),
  ],
  examples: `vma-lab report $(pidof server)
strace -f -y -e trace=%memory,%process -o trace.strace ./server; vma-lab trace.strace
vma-lab conformance/programs/thread-stacks
vma-lab trace.strace --html report.html
vma-lab report /proc/self/smaps --json | jq .headline`,
  isDefault: true,
  run: report,
};
