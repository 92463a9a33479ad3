import { forkReport, type SmapsFork, smapsForks } from 'fork-sim';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  allOption,
  faultLogOption,
  faultsOption,
  initialOption,
  ownKernelsOption,
  processOption,
  SUBJECT_OPERAND,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawFork } from '../draw/drawForkAnswer.ts';
import { openSubject, type Subject } from '../input/subject.ts';
import { mapsOfSubject, type SubjectOptions } from '../input/subjectMap.ts';
import { type ForkAnswer, type ForkOnKernel, forkJson } from '../json/forkJson.ts';

/** Options of `vma-lab fork`. */
interface ForkCommand extends Omit<SubjectOptions, 'kernel'> {
  readonly kernel?: readonly ChosenKernel[];
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Says what a fork would copy. */
async function fork(
  [operand = '-']: readonly string[],
  options: ForkCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  const subject = await openSubject(operand, io);
  const { kernel, ...rest } = options;
  const maps = await mapsOfSubject(subject, kernel, rest, io);
  const kernels = maps.map((map) => ({ ...map, report: forkReport(map.rows, map.smaps) }));
  const answer: ForkAnswer = { kernels, others: othersOf(subject, kernels) };
  await io.out(options.json ? jsonLine(forkJson(answer)) : drawFork(printable(answer), options, style));
  return EXIT_OK;
}

function othersOf(subject: Subject, kernels: readonly ForkOnKernel[]): SmapsFork[] {
  const [first] = kernels;
  if (subject.kind === 'log' || first === undefined) return [];
  const asked = new Set(kernels.map((one) => one.kernel.profile.name));
  return smapsForks(subject.smaps, first.kernel.profile).filter(({ profile }) => !asked.has(profile));
}

/** `vma-lab fork`. */
export const forkCommand: CommandRow<ForkCommand> = {
  name: 'fork',
  summary: 'What would a fork copy now? VMAs that are copied or left to refault, page tables, and how long it takes.',
  prints:
    'Prints the VMAs, entries and page tables that the child gets, the time as a range with its source, and like VMAs as one, each with the reason. With two kernels, both and their differences.',
  operands: [SUBJECT_OPERAND],
  options: [
    ownKernelsOption(),
    initialOption(),
    faultsOption(),
    faultLogOption(),
    processOption(),
    allOption('every group of VMAs'),
  ],
  examples: `vma-lab fork $(pidof redis-server)
vma-lab fork final.smaps --kernel 6.12,6.19
vma-lab fork trace.strace --initial initial.smaps
vma-lab fork final.smaps --json | jq '.kernels[0].copy'`,
  run: fork,
};
