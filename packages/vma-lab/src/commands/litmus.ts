import { Option } from 'commander';
import { exportLitmusC, judgeLitmus, LITMUS_HELP } from 'fork-sim';
import { KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { readKernel } from '../cli/options.ts';
import { jsonLine, printable, printableLines } from '../cli/printable.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { drawLitmus, type JudgedFile } from '../draw/drawLitmus.ts';
import { type LitmusFile, readLitmusFiles } from '../litmus/findLitmus.ts';
import { judgeHere } from '../litmus/judgeHere.ts';
import { type HereVerdict, runningKernel } from '../litmus/runHere.ts';

/** Options of `vma-lab litmus`. */
interface LitmusCommand {
  readonly kernel: readonly KernelProfile[];
  readonly running?: boolean;
  readonly c?: boolean;
  readonly json?: boolean;
}

/** Judges litmus files on kernels. Status 1 where a claim fails. */
export async function litmus(
  paths: readonly string[],
  options: LitmusCommand,
  io: CliIo,
  style: Style,
): Promise<number> {
  const files = await readLitmusFiles(paths, io);
  if (options.c) return printC(files, options, io);
  const here = options.running ? await judgeHere(files, io) : null;
  const judged = files.map(({ path, test }, index): JudgedFile => {
    const verdicts = options.kernel.map((profile) => judgeLitmus(test, profile));
    return { path, title: test.title, verdicts, ...(here === null ? {} : { here: here[index] as HereVerdict }) };
  });
  await io.out(options.json ? jsonLine({ files: judged }) : drawLitmus(printable(judged), style));
  return judged.some(failsAnywhere) ? EXIT_DIFFERENT : EXIT_OK;
}

function failsAnywhere({ verdicts, here }: JudgedFile): boolean {
  return verdicts.some(({ verdict }) => verdict === 'fails') || here?.verdict === 'fails' || here?.verdict === 'notRun';
}

/** `--c`: one file, for the kernel that was asked for, or else that of this machine. */
async function printC(files: readonly LitmusFile[], { kernel }: LitmusCommand, io: CliIo): Promise<number> {
  const [file, more] = files;
  if (file === undefined || more !== undefined)
    throw new UsageError(`--c prints one program, and ${files.length} files were given`);
  const [asked, other] = kernel;
  const profile = asked !== undefined && other === undefined ? asked : runningKernel().profile;
  const program = exportLitmusC(file.test, profile);
  await io.out(io.outIsTerminal ? printableLines(program) : program);
  return EXIT_OK;
}

/** `--kernel V,...`, or `all`: the seven profiles. */
function readProfiles(text: string): readonly KernelProfile[] {
  if (text === 'all') return KERNEL_PROFILES;
  return text.split(',').map((part) => readKernel(part.trim()).profile);
}

const section = (title: string, lines: readonly { readonly form: string; readonly says: string }[]): string =>
  `${title}:\n${lines.map(({ form, says }) => `  ${form.padEnd(34)} ${says}`).join('\n')}`;

const HELP = [
  'A litmus file has operations, one a line (vma-lab run --help lists them), and below each what is claimed after it.',
  section('What comes of an operation', LITMUS_HELP.results),
  section('Claims', LITMUS_HELP.claims),
  section('Before a claim', LITMUS_HELP.prefixes),
  section('Header lines, before the first operation', LITMUS_HELP.headers),
].join('\n\n');

/** `vma-lab litmus`. */
export const litmusCommand: CommandRow<LitmusCommand> = {
  name: 'litmus',
  summary: 'Judge litmus files: which of their claims hold on which kernel; status 1 when a claim fails.',
  prints: 'Prints a table, files by kernels, and draws the state where a claim fails.',
  operands: [['<file-or-folder...>', 'litmus files; of a folder all *.litmus in it; - reads standard input']],
  options: [
    new Option('--kernel <v,...>', 'profiles or versions; all: 6.12, 6.16, 6.18, guard-flag, as-posted, 6.19 and 7.3')
      .default(KERNEL_PROFILES, '"all"')
      .argParser(readProfiles),
    new Option(
      '--running',
      "also perform the files on this machine's kernel, in C: needs cc, and root for page states",
    ),
    new Option('--c', 'print the C program of one file, for the kernel given or that of this machine'),
  ],
  more: HELP,
  examples: `vma-lab litmus litmus
vma-lab litmus litmus/sticky --kernel as-posted,6.19
vma-lab litmus litmus --running
vma-lab litmus mine.litmus --c > mine.c && cc -o mine mine.c && ./mine
printf 'mmap 4+2 rw\\nmmap 6+2 rw\\nvmas 1' | vma-lab litmus -`,
  run: litmus,
};
