import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { formatLitmus, litmusOfScenario, parseLitmus, parseScenarios } from 'fork-sim';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine, printableLines, printableText } from '../cli/printable.ts';
import { UsageError } from '../cli/usageError.ts';
import { readText } from '../input/openInput.ts';
import { litmusName, litmusPaths } from '../litmus/findLitmus.ts';

/** Options of `vma-lab fmt`. */
interface FmtCommand {
  readonly write?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** Prints litmus files in their canonical form. Status 1 where `--check` finds one that is not in it. */
async function fmt(paths: readonly string[], options: FmtCommand, io: CliIo): Promise<number> {
  const files = await litmusPaths(paths);
  if (options.write && files.includes('-'))
    throw new UsageError('--write needs files: standard input cannot be written');
  const others: string[] = [];
  for (const path of files) {
    const text = await readText(path, io);
    const canonical = canonicalText(text, path);
    if (canonical !== text) others.push(path);
    if (options.write && canonical !== text) await writeFile(path, canonical);
    else if (!options.check && !options.write && !options.json)
      await io.out(io.outIsTerminal ? printableLines(canonical) : canonical);
  }
  if (options.json) await io.out(jsonLine({ files: files.length, notCanonical: others }));
  else if (options.check || options.write) await io.out(others.map((path) => `${printableText(path)}\n`).join(''));
  return options.check && others.length > 0 ? EXIT_DIFFERENT : EXIT_OK;
}

/** A litmus file, or a scenario in JSON, as a litmus file in its canonical form. @throws InputError */
function canonicalText(text: string, path: string): string {
  if (!/^\s*\{/.test(text)) return formatLitmus(parseLitmus(text, litmusName(path) === 'stdin' ? '-' : path).litmus);
  const scenarios = [...parseScenarios(text.split('\n'), path)];
  if (scenarios.length > 1) {
    throw new UsageError(`${path} has ${scenarios.length} scenarios, and a litmus file has one: give them one by one`);
  }
  return scenarios.map((scenario) => formatLitmus(litmusOfScenario(scenario))).join('');
}

/** `vma-lab fmt`. */
export const fmtCommand: CommandRow<FmtCommand> = {
  name: 'fmt',
  summary: 'Print litmus files in their one canonical form; a scenario in JSON becomes a litmus file.',
  prints:
    'Prints the text. With --write the files change, and their names are printed; with --check the status is 1 where one would.',
  operands: [
    ['<file-or-folder...>', 'litmus files, or a scenario in JSON; of a folder all *.litmus; - reads standard input'],
  ],
  options: [
    new Option('--write', 'write the files that are not in this form'),
    new Option('--check', 'print the names of those files alone; status 1 when there are any'),
  ],
  examples: `vma-lab fmt mine.litmus
vma-lab fmt --check litmus
head -1 scenarios.jsonl | vma-lab fmt - > mine.litmus`,
  run: fmt,
};
