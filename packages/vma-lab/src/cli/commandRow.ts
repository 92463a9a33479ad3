import type { Command, Option } from 'commander';
import type { CliIo } from './cliIo.ts';
import { chooseStyle, type Style, type StyleOptions } from './style.ts';

/** One command of the command line: a row of the table in `commands.ts`. */
export interface CommandRow<Options = object> {
  readonly name: string;
  /** One sentence: which question it answers. */
  readonly summary: string;
  /** What it prints, and what its exit status means where it is not 0 for an answer: one sentence, or two. */
  readonly prints: string;
  /** Each operand as usage shows it (`<file>`, `[address]`, `<log...>`), and what it may be. */
  readonly operands: readonly (readonly [usage: string, about: string])[];
  /** Its own options; `--json` and `--ascii` go without saying. */
  readonly options: readonly Option[];
  /** Command lines, each on a line; the first is the one to begin with. */
  readonly examples: string;
  /** Help that stands between the options and the examples. */
  readonly more?: string;
  /** It is meant where the first operand names no command. */
  readonly isDefault?: boolean;
  /** Its operands are another command line: nothing behind the first one is an option of ours. */
  readonly takesRest?: boolean;
  /**
   * Runs it, and prints what it found.
   *
   * @param operands all of them, in their order
   * @returns the exit status
   * @throws InputError, UsageError
   */
  run(operands: readonly string[], options: Options, io: CliIo, style: Style): Promise<number>;
}

/** Adds a row to a program. `finish` is told the exit status. */
export function addCommand(program: Command, row: CommandRow, io: CliIo, finish: (status: number) => void): void {
  const command = program
    .command(row.name, { isDefault: row.isDefault === true })
    .summary(row.summary)
    .description(`${row.summary}\n\n${row.prints}`);
  if (row.takesRest === true) command.passThroughOptions();
  for (const [usage, about] of row.operands) command.argument(usage, about);
  for (const option of row.options) command.addOption(option);
  command.option('--json', 'machine-readable output').option('--ascii', 'plain ASCII drawings');
  if (row.more !== undefined) command.addHelpText('after', `\n${row.more}`);
  command.addHelpText('after', `\nExamples:\n${row.examples.replace(/^(?=.)/gm, '  ')}`);
  // What names no command is an operand of this one: it says so itself.
  if (row.isDefault === true) command.allowExcessArguments();
  command.action(async () => {
    const options = command.opts<StyleOptions>();
    finish(await row.run(command.args, options, io, chooseStyle(io, options)));
  });
}
