import { smapsReport } from 'fork-sim';
import { DEFAULT_MAX_MAP_COUNT } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { type ChosenKernel, DEFAULT_KERNEL, readKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { allOption, longestGuardOption, ownKernelOption, ownLimitOption } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawSmaps } from '../draw/drawSmaps.ts';
import { kernelOfThisMachine, limitOfThisMachine, pidOf, readProcessMap, smapsOf } from '../input/processMap.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { smapsJson } from '../json/smapsJson.ts';

/** Options of `vma-lab smaps`. */
interface SmapsCommand {
  /** Not given: this machine's for a pid, else the default. */
  readonly kernel?: ChosenKernel;
  /** Not given: this machine's for a pid, else the default. */
  readonly maxMapCount?: number;
  /** Bytes. */
  readonly longestGuard: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Says of one smaps which neighbours could merge and what a fork would copy. */
async function smaps(
  [source = '-']: readonly string[],
  options: SmapsCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  const pid = pidOf(source);
  const file = pid === null ? source : smapsOf(pid);
  const kernel = options.kernel ?? (pid === null ? readKernel(DEFAULT_KERNEL) : kernelOfThisMachine());
  const maxMapCount = options.maxMapCount ?? (pid === null ? DEFAULT_MAX_MAP_COUNT : await limitOfThisMachine());
  const read = pid === null ? await readSmaps(source, io) : await readProcessMap(pid, io);
  const answer = { file, kernel, maxMapCount, ...smapsReport(read, kernel.profile, options.longestGuard) };
  await io.out(options.json ? jsonLine(smapsJson(answer)) : drawSmaps(printable(answer), options, style));
  return EXIT_OK;
}

/** `vma-lab smaps`. */
export const smapsCommand: CommandRow<SmapsCommand> = {
  name: 'smaps',
  summary: 'From one smaps alone: which neighbours could merge, what stops the others, what a fork would copy.',
  prints:
    'Prints the number of VMAs and the limit, pairs of neighbours by rule, a picture of the address space, its VMAs.',
  operands: [['<file-or-pid>', 'a smaps file, may be gzip; a pid reads /proc/PID/smaps; - reads standard input']],
  options: [ownKernelOption(), ownLimitOption(), longestGuardOption(), allOption('every VMA, however many')],
  examples: `vma-lab smaps /proc/self/smaps
vma-lab smaps 1234 --kernel 6.12
vma-lab smaps final.smaps --json | jq '.map[] | select(.seam)'`,
  run: smaps,
};
