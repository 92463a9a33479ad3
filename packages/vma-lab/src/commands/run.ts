import { Option } from 'commander';
import {
  type Litmus,
  litmusTest,
  OP_HELP,
  parseLitmus,
  parseScenarios,
  type RunOptions,
  runScenario,
  type Scenario,
  usesFormat2,
} from 'fork-sim';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { maxBytes } from '../cli/maxBytes.ts';
import { type ChosenKernel, readFaultAround } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { kernelOption, withDefault } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { drawScenario } from '../draw/drawScenario.ts';
import { readAs, textOf } from '../input/openInput.ts';
import { litmusName } from '../litmus/findLitmus.ts';

/** Options of `vma-lab run`. */
interface RunCommand {
  readonly kernel: ChosenKernel;
  readonly softDirty: boolean;
  /** Pages. */
  readonly faultAround: number;
  /** Not given: 2 where any scenario of the file uses something of format 2, else 1. */
  readonly format?: '1' | '2';
  readonly json?: boolean;
}

/**
 * Runs scenarios and prints what the model does: drawings, or with `json` the output form of FORMAT.md, a header line and one
 * record a scenario.
 */
async function run([path = '-']: readonly string[], options: RunCommand, io: CliIo, style: Style): Promise<number> {
  const { scenarios, settings } = await readAs('run', path, io, async (input) =>
    readScenarios(await textOf(input), path),
  );
  const { kernel, softDirty, faultAround: faultAroundPages } = { ...options, ...settings };
  const format = (options.format ?? (scenarios.some(usesFormat2) ? '2' : '1')) === '1' ? 1 : 2;
  const world: RunOptions = {
    profile: kernel.profile,
    softDirty,
    faultAroundPages,
    format,
    maxBytes: maxBytes(io),
  };
  if (options.json) {
    const header = { kind: 'header', format, kernel: kernel.kernel, softDirty, faultAroundPages };
    await io.out(jsonLine(header));
  } else if (!kernel.measured) await io.out(`${style.note(kernel.note)}\n`);
  const progress = new ProgressLine(io);
  for (const [index, scenario] of scenarios.entries()) {
    progress.update(() => `run: ${index} of ${scenarios.length} scenarios`);
    const steps = runScenario(scenario, world);
    if (options.json) {
      const { ops: _, ...header } = scenario;
      await io.out(jsonLine({ kind: 'scenario', kernel: kernel.kernel, ...header, steps }));
    } else await io.out(`${index === 0 ? '' : '\n'}${drawScenario(printable(scenario), printable(steps), style)}`);
  }
  progress.done();
  return EXIT_OK;
}

/** Scenarios, and how the file says that they are to be run. */
interface ReadScenarios {
  readonly scenarios: readonly Scenario[];
  readonly settings: Partial<Pick<RunCommand, 'softDirty' | 'faultAround'>>;
}

/** The scenarios of JSON Lines, or the one of a litmus file, which need not claim anything. @throws InputError */
function readScenarios(text: string, file: string): ReadScenarios {
  if (/^\s*(?:[{[]|$)/.test(text)) return { scenarios: [...parseScenarios(text.split('\n'), file)], settings: {} };
  const read = parseLitmus(text, file);
  const { scenario, softDirty, faultAroundPages: faultAround } = litmusTest(read, litmusName(file));
  return { scenarios: [scenario], settings: isLitmus(read.litmus) ? { softDirty, faultAround } : {} };
}

/** Lines that say more than operations are a litmus file, which has its own settings. */
function isLitmus({ lines }: Litmus): boolean {
  return lines.some(
    (line) => line.kind === 'header' || line.kind === 'claim' || (line.kind === 'op' && line.result !== null),
  );
}

/** `vma-lab run`. */
export const runCommand: CommandRow<RunCommand> = {
  name: 'run',
  summary: 'Run scenarios: sequences of system calls and faults in a small arena, drawn step by step.',
  prints: 'Prints each operation, its result, and the VMAs and pages after it.',
  operands: [
    [
      '<scenarios>',
      'a litmus file: operations, one a line (mmap 4+8 rw); or JSON Lines; may be gzip; - reads standard input',
    ],
  ],
  options: [
    kernelOption(),
    new Option('--no-soft-dirty', 'a kernel without soft-dirty tracking'),
    withDefault('--fault-around <pages>', 'pages that a read fault of a file maps at once', readFaultAround, '1'),
    new Option('--format <n>', 'form of the states (default: 2 if any scenario needs it)').choices(['1', '2']),
  ],
  more: `Operations, one a line; pages are 0 to 63, 10+4 is four pages from page 10:
${Array.from(OP_HELP.values(), ({ form }) => `  ${form}`).join('\n')}`,
  examples: `printf 'mmap 10+4 rw\\nmmap 14+4 r\\nmprotect 14+4 rw' | vma-lab run -
vma-lab run conformance/recordings/kernels/scenarios.jsonl.gz --kernel 6.12 --json > mine.jsonl`,
  run,
};
