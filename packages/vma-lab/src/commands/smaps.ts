import { readFile } from 'node:fs/promises';
import { smapsReport } from 'fork-sim';
import { InputError } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { allOption, kernelOption, longestGuardOption, ownLimitOption } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawSmaps } from '../draw/drawSmaps.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { smapsJson } from '../json/smapsJson.ts';

/** Options of `vma-lab smaps`. */
interface SmapsCommand {
  readonly kernel: ChosenKernel;
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
  const isPid = /^\d+$/.test(source);
  const path = isPid ? `/proc/${source}/smaps` : source;
  const { kernel } = options;
  const maxMapCount = options.maxMapCount ?? (isPid ? await limitOfThisMachine() : DEFAULT_MAX_MAP_COUNT);
  const report = smapsReport(await readOwn(path, isPid, io), kernel.profile, options.longestGuard);
  const answer = { file: path, kernel, maxMapCount, ...report };
  await io.out(options.json ? jsonLine(smapsJson(answer)) : drawSmaps(printable(answer), options, style));
  return EXIT_OK;
}

async function readOwn(path: string, isPid: boolean, io: CliIo): ReturnType<typeof readSmaps> {
  try {
    return await readSmaps(path, io);
  } catch (error) {
    if (!isPid || !(error instanceof InputError) || !error.message.startsWith('no such file')) throw error;
    throw new InputError('no process of this pid', { file: path, line: 1, column: 1 });
  }
}

async function limitOfThisMachine(): Promise<number> {
  try {
    return Number(await readFile('/proc/sys/vm/max_map_count', 'utf8'));
  } catch {
    return DEFAULT_MAX_MAP_COUNT;
  }
}

/** `vma-lab smaps`. */
export const smapsCommand: CommandRow<SmapsCommand> = {
  name: 'smaps',
  summary: 'From one smaps alone: which neighbours could merge, what stops the others, what a fork would copy.',
  prints:
    'Prints the number of VMAs and the limit, pairs of neighbours by rule, a picture of the address space, its VMAs.',
  operands: [['<file-or-pid>', 'a smaps file, may be gzip; a pid reads /proc/PID/smaps; - reads standard input']],
  options: [kernelOption(), ownLimitOption(), longestGuardOption(), allOption('every VMA, however many')],
  examples: `vma-lab smaps /proc/self/smaps
vma-lab smaps 1234 --kernel 6.12
vma-lab smaps final.smaps --json | jq '.map[] | select(.seam)'`,
  run: smaps,
};
