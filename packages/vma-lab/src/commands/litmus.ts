import { Option } from 'commander';
import { judgeLitmus } from 'fork-sim';
import { KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { readKernel } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import type { Style } from '../cli/style.ts';
import { drawLitmus, type JudgedFile } from '../draw/drawLitmus.ts';
import { readLitmusFiles } from '../litmus/findLitmus.ts';

/** Options of `vma-lab litmus`. */
interface LitmusCommand {
  readonly kernel: readonly KernelProfile[];
  readonly json?: boolean;
}

/** Judges litmus files on kernels. Status 1 where a claim fails. */
async function litmus(paths: readonly string[], options: LitmusCommand, io: CliIo, style: Style): Promise<number> {
  const files = await readLitmusFiles(paths, io);
  const judged = files.map(({ path, test }): JudgedFile => {
    return { path, title: test.title, verdicts: options.kernel.map((profile) => judgeLitmus(test, profile)) };
  });
  await io.out(options.json ? jsonLine({ files: judged }) : drawLitmus(printable(judged), style));
  const fails = judged.some(({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'fails'));
  return fails ? EXIT_DIFFERENT : EXIT_OK;
}

/** `--kernel V,...`, or `all`: the seven profiles. */
function readProfiles(text: string): readonly KernelProfile[] {
  if (text === 'all') return KERNEL_PROFILES;
  return text.split(',').map((part) => readKernel(part.trim()).profile);
}

/** `vma-lab litmus`. */
export const litmusCommand: CommandRow<LitmusCommand> = {
  name: 'litmus',
  summary: 'Judge litmus files: which of their claims hold on which kernel; status 1 when a claim fails.',
  prints: 'Prints a table, files by kernels, and for every claim that fails what is there instead, drawn.',
  operands: [['<file-or-folder...>', 'litmus files; of a folder all *.litmus in it; - reads standard input']],
  options: [
    new Option('--kernel <v,...>', 'profiles or versions; all: 6.12, 6.16, 6.18, guard-flag, as-posted, 6.19 and 7.3')
      .default(KERNEL_PROFILES, '"all"')
      .argParser(readProfiles),
  ],
  examples: `vma-lab litmus litmus
vma-lab litmus litmus/guard-kept-by-merge.litmus --kernel as-posted,6.19
printf 'mmap 4+2 rw\\nmmap 6+2 rw\\nvmas 1' | vma-lab litmus -`,
  run: litmus,
};
