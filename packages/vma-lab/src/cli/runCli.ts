import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { type FaultAssumption, LONGEST_GUARD, OP_HELP } from 'fork-sim';
import { InputError } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT, EARLIER_PROFILES, KERNEL_PROFILES } from 'vma-core';
import { replay } from '../commands/replay.ts';
import { run } from '../commands/run.ts';
import { smaps } from '../commands/smaps.ts';
import { verify } from '../commands/verify.ts';
import type { CliIo } from './cliIo.ts';
import { EXIT_BAD_INPUT, EXIT_OK } from './exitStatus.ts';
import { DEFAULT_KERNEL, readFaultAround, readKernel, readKernels, readLimit, readLongestGuard } from './options.ts';
import { printableText } from './printable.ts';
import { chooseStyle, type Style, type StyleOptions } from './style.ts';
import { UsageError } from './usageError.ts';

const FAULTS: readonly FaultAssumption[] = ['never', 'on-map', 'auto', 'late'];
const PROFILES = [...EARLIER_PROFILES, ...KERNEL_PROFILES].map(({ name }) => name).join(', ');
const KERNEL_HELP = `a profile (${PROFILES}) or a version from 5.10 on, as uname -r gives it`;

/**
 * Runs one command line.
 *
 * @param args without the names of the interpreter and of the program
 * @returns the exit status: 0 as asked, 1 something compared differs, 2 bad input or a wrong command line
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let status = EXIT_OK;
  const program = makeProgram(io, (code) => {
    status = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: CliIo): number {
  // Commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_BAD_INPUT;
  if (error instanceof InputError) io.err(`vma-lab: ${printableText(error.toString())}\n`);
  else if (error instanceof UsageError) io.err(`vma-lab: ${printableText(error.message)}\n`);
  else if (error instanceof Error && error.name === 'OutOfMemoryError')
    io.err(`vma-lab: the model is out of memory: ${error.message}\n`);
  else {
    const { message, stack } = error as Error;
    io.err(`vma-lab: internal error, please report it: ${printableText(message ?? String(error))}\n`);
    if (io.env.VMA_LAB_DEBUG !== undefined) io.err(`${stack}\n`);
  }
  return EXIT_BAD_INPUT;
}

function makeProgram(io: CliIo, finish: (status: number) => void): Command {
  const program = new Command('vma-lab')
    .description(
      'How Linux merges VMAs, places them, and copies them on fork: on scenarios, recordings and real programs.',
    )
    .version(ownVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: (text) => io.err(text.split('\n').map(printableText).join('\n')),
    })
    .configureHelp({ helpWidth: 100 })
    .showHelpAfterError('(vma-lab --help shows the commands, vma-lab COMMAND --help its options)')
    .addHelpText('after', PROGRAM_EXAMPLES);
  /** Gives a command the options that every one has, and what it performs. */
  const perform = <Of, Options>(
    command: Command,
    action: (of: Of, options: Options, io: CliIo, style: Style) => Promise<number>,
  ): void => {
    command.option('--json', 'machine-readable output').option('--ascii', 'plain ASCII drawings');
    command.action(async (of: Of, options: Options & StyleOptions) => {
      finish(await action(of, options, io, chooseStyle(io, options)));
    });
  };
  perform(addReplay(program), replay);
  perform(addSmaps(program), smaps);
  perform(addVerify(program), verify);
  perform(addRun(program), run);
  return program;
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** An option that is read as it is parsed; the help shows its default as one would type it. */
function withDefault<T>(flags: string, about: string, read: (text: string) => T, value: string): Option {
  return new Option(flags, about).default(read(value), JSON.stringify(value)).argParser(read);
}

function addReplay(program: Command): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return program
    .command('replay')
    .description('Replay the strace log of a program: its VMAs, what kept them apart, what a fork would copy.')
    .argument('<trace...>', 'strace log, may be gzip; - reads standard input; the files of strace -ff, or their folder')
    .option(
      '--initial <[pid=]smaps>',
      'what was mapped when the log begins, right after execve; repeatable',
      collect,
      [],
    )
    .option('--final <[pid=]smaps>', 'what was really mapped at the end: compared; repeatable', collect, [])
    .option(
      '--checkpoint <[pid@]line=smaps>',
      'what was really mapped when the log had come to a line: compared; repeatable',
      collect,
      [],
    )
    .addOption(withDefault('--kernel <a[,b]>', `${KERNEL_HELP}; two are compared`, readKernels, DEFAULT_KERNEL))
    .addOption(
      new Option(
        '--faults <mode>',
        'which private memory counts as written (default: on-map, or what leads to the final map)',
      ).choices([...FAULTS, 'infer']),
    )
    .addOption(
      withDefault('--max-map-count <n>', 'the limit vm.max_map_count', readLimit, String(DEFAULT_MAX_MAP_COUNT)),
    )
    .addOption(
      withDefault(
        '--longest-guard <kB>',
        'what-if: a longer PROT_NONE range is a reserve, no guard',
        readLongestGuard,
        String(LONGEST_GUARD / 1024),
      ),
    )
    .option('--soft-dirty', 'the kernel tracks soft-dirty pages (default: as --initial shows)')
    .option('--no-soft-dirty', 'it does not')
    .option('--all', 'every VMA and every refusal, however many')
    .addHelpText('after', REPLAY_EXAMPLES);
}

function addSmaps(program: Command): Command {
  return program
    .command('smaps')
    .description('From one smaps alone: which neighbours could merge, what stops the others, what a fork would copy.')
    .argument('<file-or-pid>', 'a smaps file, may be gzip; a pid reads /proc/PID/smaps; - reads standard input')
    .addOption(withDefault('--kernel <version>', KERNEL_HELP, readKernel, DEFAULT_KERNEL))
    .option(
      '--max-map-count <n>',
      'the limit vm.max_map_count (default: 65530; of a pid, what this machine has)',
      readLimit,
    )
    .addOption(
      withDefault(
        '--longest-guard <kB>',
        'what-if: a longer PROT_NONE range is a reserve, no guard',
        readLongestGuard,
        String(LONGEST_GUARD / 1024),
      ),
    )
    .option('--all', 'every VMA, however many')
    .addHelpText('after', SMAPS_EXAMPLES);
}

function addVerify(program: Command): Command {
  return program
    .command('verify')
    .description('Compare recordings of real kernels and programs with the model; status 1 when anything differs.')
    .argument(
      '<recording...>',
      'a kernel’s recording (.jsonl, .jsonl.gz, -), a program’s folder, or a folder of either',
    )
    .option('--all', 'every difference, not the first of each recording alone')
    .addHelpText('after', VERIFY_EXAMPLES);
}

function addRun(program: Command): Command {
  return program
    .command('run')
    .description('Run scenarios: sequences of system calls and faults in a small arena, drawn step by step.')
    .argument('<scenarios>', 'operations, one a line (mmap 4+8 rw), or JSON Lines; may be gzip; - reads standard input')
    .addOption(withDefault('--kernel <version>', KERNEL_HELP, readKernel, DEFAULT_KERNEL))
    .option('--no-soft-dirty', 'a kernel without soft-dirty tracking')
    .addOption(
      withDefault('--fault-around <pages>', 'pages that a read fault of a file maps at once', readFaultAround, '1'),
    )
    .addOption(
      new Option('--format <n>', 'form of the states (default: 2 if any scenario needs it)').choices(['1', '2']),
    )
    .addHelpText('after', RUN_EXAMPLES);
}

const PROGRAM_EXAMPLES = `
Exit status: 0 as asked, 1 something compared differs, 2 bad input.
No colour when piped or NO_COLOR is set. VMA_LAB_MAX_BYTES: memory that a model may take (default: 2 GiB).

Examples:
  strace -f -y -e trace=%memory,%process -o trace.strace ./server
  vma-lab replay trace.strace
  vma-lab smaps $(pidof server)
  vma-lab verify conformance/recordings conformance/programs`;

const REPLAY_EXAMPLES = `
A log has no page faults, and smaps shows no anon_vma. --faults says what is taken as written:
  on-map  private memory, as soon as it is writable (default)
  never   nothing
  auto    at the start what has Anonymous: pages in --initial; later as on-map

Examples:
  vma-lab replay trace.strace --kernel 6.18.44
  vma-lab replay trace.strace --initial initial.smaps --final final.smaps
  vma-lab replay trace.strace --kernel 6.12,7.3        both, and what differs
  zcat trace.gz | vma-lab replay - --json | jq .kernels[0].processes[0].vmas`;

const SMAPS_EXAMPLES = `
Examples:
  vma-lab smaps /proc/self/smaps
  vma-lab smaps 1234 --kernel 6.12
  vma-lab smaps final.smaps --json | jq '.map[] | select(.seam)'`;

const VERIFY_EXAMPLES = `
Examples:
  vma-lab verify conformance/recordings/kernels/6.19.14.jsonl.gz
  vma-lab verify conformance/recordings conformance/programs
  vma-lab run scenarios.jsonl --kernel 7.3 --json | vma-lab verify -`;

const RUN_EXAMPLES = `
Examples:
  printf 'mmap 10+4 rw\\nmmap 14+4 r\\nmprotect 14+4 rw' | vma-lab run -
  vma-lab run conformance/recordings/kernels/scenarios.jsonl.gz --kernel 6.12 --json > mine.jsonl

Operations, one a line; pages are 0 to 63, 10+4 is four pages from page 10:
${Array.from(OP_HELP.values(), ({ form }) => `  ${form}`).join('\n')}`;
