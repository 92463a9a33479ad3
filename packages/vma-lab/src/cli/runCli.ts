import { Command, CommanderError } from 'commander';
import { InputError } from 'proc-io';
import { ProberError } from '../conform/prober.ts';
import { ownVersion } from '../ownVersion.ts';
import type { CliIo } from './cliIo.ts';
import { addCommand } from './commandRow.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_BAD_INPUT, EXIT_OK } from './exitStatus.ts';
import { printableLines, printableText } from './printable.ts';
import { UsageError } from './usageError.ts';

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
    await program.parseAsync(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
    return status;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: CliIo): number {
  // Commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_BAD_INPUT;
  if (error instanceof InputError) io.err(`vma-lab: ${printableText(error.toString())}\n`);
  else if (error instanceof UsageError || error instanceof ProberError)
    io.err(`vma-lab: ${printableText(error.message)}\n`);
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
      'See how many VMAs a program has, which of them merge, and what fork copies: from logs, maps and real programs.',
    )
    .version(ownVersion())
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: (text) => io.err(printableLines(text)),
    })
    .configureHelp({ helpWidth: 100 })
    .showHelpAfterError('(vma-lab --help shows the commands, vma-lab COMMAND --help its options)')
    .addHelpText('after', PROGRAM_EXAMPLES);
  for (const row of COMMANDS) addCommand(program, row, io, finish);
  return program;
}

const PROGRAM_EXAMPLES = `
Exit status: 0 all is well, 1 a comparison found a difference, 2 bad input or a full disk.
Colours are off in a pipe, and when NO_COLOR is set. VMA_LAB_MAX_BYTES: memory that a model may take (default: 2 GiB).

Examples:
  vma-lab trace.strace            the answers on one screen
  vma-lab record -- ./server
  vma-lab replay server.recording
  vma-lab smaps $(pidof server)
  vma-lab verify conformance/recordings conformance/programs`;
