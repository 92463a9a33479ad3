import { whyReport } from 'fork-sim';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { readAddress } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import {
  allOption,
  faultLogOption,
  faultsOption,
  initialOption,
  ownKernelOption,
  processOption,
  SUBJECT_OPERAND,
} from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawWhy } from '../draw/drawWhy.ts';
import { openSubject } from '../input/subject.ts';
import { mapOfSubject, type SubjectOptions } from '../input/subjectMap.ts';
import { whyJson } from '../json/whyJson.ts';

/** Options of `vma-lab why`. */
interface WhyCommand extends SubjectOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Says of neighbours why they are two. */
async function why(operands: readonly string[], options: WhyCommand, io: CliIo, style: Style): Promise<number> {
  const [operand = '-', where] = operands;
  const address = where === undefined ? undefined : readAddress(where);
  const map = await mapOfSubject(await openSubject(operand, io), options, io);
  const isSmaps = map.replay === null;
  const report = whyReport(map.rows, { isSmaps, ...(address === undefined ? {} : { address }) });
  const answer = { ...map, isSmaps, report };
  await io.out(options.json ? jsonLine(whyJson(answer)) : drawWhy(printable(answer), options, style));
  return EXIT_OK;
}

/** `vma-lab why`. */
export const whyCommand: CommandRow<WhyCommand> = {
  name: 'why',
  summary: 'Why did two neighbouring VMAs not merge? The rule, its two values, and the kernel function that refuses.',
  prints:
    'Prints pairs of VMAs that touch, like pairs as one: whether they may merge, the rule that keeps them apart, and what an answer takes for granted. With an address, the neighbours of that address alone.',
  operands: [
    SUBJECT_OPERAND,
    ['[address]', 'in hex, as maps prints it: the neighbours of the VMA that holds it, or that meet there'],
  ],
  options: [
    ownKernelOption(),
    initialOption(),
    faultsOption(),
    faultLogOption(),
    processOption(),
    allOption('every pair, not one of each group'),
  ],
  examples: `vma-lab why $(pidof server)
vma-lab why final.smaps 7f238b600000
vma-lab why trace.strace --initial initial.smaps
vma-lab why final.smaps --json | jq '.groups[] | [.count, .values]'`,
  run: why,
};
