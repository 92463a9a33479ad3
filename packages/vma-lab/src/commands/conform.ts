import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { Option } from 'commander';
import { parseScenarios, type Scenario } from 'fork-sim';
import { countOf, formatCount } from 'fork-sim/words';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { type ChosenKernel, readKernel, readWhole } from '../cli/options.ts';
import { jsonLine, printable } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { withDefault } from '../cli/sharedOptions.ts';
import { plainStyle, type Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { bundledFile } from '../conform/bundled.ts';
import { type Compared, compareScenarios, type Ground, randomScenarios } from '../conform/conform.ts';
import type { ConformPart } from '../conform/conformAnswer.ts';
import { findGround } from '../conform/findGround.ts';
import { FLAVOUR_NAMES, FLAVOURS, type FlavourName } from '../conform/flavours.ts';
import type { PerformedScenario } from '../conform/kernelProber.ts';
import { drawConform, drawGround } from '../draw/drawConform.ts';
import { readText } from '../input/openInput.ts';
import { readLitmusFiles } from '../litmus/findLitmus.ts';
import { judgeHere } from '../litmus/judgeHere.ts';
import { showDifference } from './showDifference.ts';

const PARTS = ['scenarios', 'litmus', 'random'] as const;
type Part = (typeof PARTS)[number];

/** Options of `vma-lab conform`. */
interface ConformCommand {
  readonly image?: string;
  readonly kernel?: ChosenKernel;
  /** Seconds of random scenarios. */
  readonly time?: number;
  readonly count?: number;
  readonly seed?: number;
  readonly flavour: readonly FlavourName[];
  readonly only: readonly Part[];
  readonly scenarios?: string;
  readonly differences: string;
  readonly show: number;
  readonly record?: string;
  readonly json?: boolean;
}

const DEFAULT_SECONDS = 60;

/** Compares the model with a kernel. Status 1 where anything differs. */
async function conform(_: readonly string[], command: ConformCommand, io: CliIo, style: Style): Promise<number> {
  const { image, kernel } = command;
  const ground = await findGround({ image, profile: kernel });
  const run = new Run(ground, command, io);
  if (!command.json) await io.out(`${drawGround(printable(ground), style)}\n`);
  const parts: ConformPart[] = [];
  for (const part of command.only) parts.push(...(await run.perform(part)));
  await run.writeRecording();
  const answer = { parts, different: parts.reduce((sum, { different }) => sum + different, 0) };
  if (command.json) {
    const { kernel, profile, note, leftOut } = ground;
    const why = leftOut.map((one) => one.why);
    const date = new Date().toISOString().slice(0, 10);
    const head = { kind: 'conform', version: 1, date, kernel, profile: profile.name, note, leftOut: why };
    await io.out(jsonLine({ ...head, seed: run.seed, ...answer }));
  } else await io.out(drawConform(answer, style));
  return answer.different === 0 ? EXIT_OK : EXIT_DIFFERENT;
}

/** One run of the command: its parts, one after the other. */
class Run {
  readonly seed: number;
  readonly #ground: Ground;
  readonly #command: ConformCommand;
  readonly #io: CliIo;
  readonly #progress: ProgressLine;
  readonly #recorded: string[] = [];
  #shown = 0;

  constructor(ground: Ground, command: ConformCommand, io: CliIo) {
    this.#ground = ground;
    this.#command = command;
    this.#io = io;
    this.#progress = new ProgressLine(io);
    // Another one in every run; it is printed, and --seed takes it.
    this.seed = command.seed ?? Date.now() % 1_000_000_000;
  }

  async perform(part: Part): Promise<ConformPart[]> {
    if (part === 'litmus') return [await this.#litmus()];
    if (part === 'random') return [await this.#random()];
    const { scenarios } = this.#command;
    if (scenarios !== undefined) return [await this.#compare(scenarios, await this.#read(scenarios))];
    const named = {
      'recorded scenarios, first set': 'scenarios.jsonl.gz',
      'second set': 'scenarios2.jsonl.gz',
    } as const;
    const rows: ConformPart[] = [];
    for (const [name, file] of Object.entries(named)) {
      rows.push(await this.#compare(name, await this.#read(bundledFile(file))));
    }
    return rows;
  }

  async #read(file: string): Promise<Scenario[]> {
    return [...parseScenarios((await readText(file, this.#io)).split('\n'), file)];
  }

  async #random(): Promise<ConformPart> {
    const { time, count = Number.POSITIVE_INFINITY, flavour } = this.#command;
    const seconds = time ?? (count === Number.POSITIVE_INFINITY ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
    const end = performance.now() + seconds * 1000;
    const all = randomScenarios(flavour, this.seed, (done) => done >= count || performance.now() >= end);
    return await this.#compare(`random, seed ${this.seed}`, all);
  }

  async #compare(name: string, scenarios: Iterable<Scenario>): Promise<ConformPart> {
    const compared = await compareScenarios(this.#ground, scenarios, {
      onScenario: (now, performed) => {
        this.#keep(performed);
        this.#progress.update(() => saysProgress(name, now));
      },
    });
    this.#progress.done();
    for (const different of compared.different) {
      if (this.#shown >= this.#command.show) break;
      this.#shown++;
      const how = { folder: this.#command.differences, shrinks: this.#command.image === undefined };
      const text = await showDifference(this.#ground, different, how, plainStyle(this.#io));
      if (!this.#command.json) await this.#io.out(text);
    }
    const { steps, leftOut, different, differentOnce } = compared;
    const counts = { different: different.length, differentOnce: differentOnce.length };
    return { name, done: compared.scenarios, steps, leftOut, ...counts };
  }

  async #litmus(): Promise<ConformPart> {
    const name = 'litmus files';
    if (this.#command.image !== undefined)
      return { name, done: 0, steps: null, leftOut: 0, different: 0, differentOnce: 0 };
    const files = await readLitmusFiles([bundledFile('litmus')], this.#io);
    const verdicts = await judgeHere(files, this.#io, this.#ground.profile);
    const counted = (wanted: string): number => verdicts.filter(({ verdict }) => verdict === wanted).length;
    const failing = files.flatMap(({ path }, at) => (verdicts[at]?.verdict === 'fails' ? [path] : []));
    if (!this.#command.json) {
      for (const path of failing) await this.#io.out(`${path} does not hold: vma-lab litmus ${path} --running\n`);
    }
    const done = counted('holds') + counted('fails');
    return { name, done, steps: null, leftOut: files.length - done, different: failing.length, differentOnce: 0 };
  }

  #keep({ scenario, steps }: PerformedScenario): void {
    if (this.#command.record === undefined) return;
    const { ops: _, ...rest } = scenario;
    this.#recorded.push(jsonLine({ kind: 'scenario', ...rest, kernel: this.#ground.kernel.label, steps }));
  }

  /** What the kernel did, as a recording that `vma-lab verify` reads. */
  async writeRecording(): Promise<void> {
    const { record } = this.#command;
    if (record === undefined) return;
    const header = jsonLine({ ...this.#ground.kernel, set: 'here', scenarios: this.#recorded.length });
    const text = [header, ...this.#recorded].join('');
    await writeFile(record, record.endsWith('.gz') ? gzipSync(text) : text);
  }
}

function saysProgress(name: string, { scenarios, steps, different }: Compared): string {
  return `${name}: ${countOf(scenarios, 'scenario')}, ${countOf(steps, 'call')}, ${formatCount(different.length)} differ`;
}

/** A list of names with commas between them. */
function readNames<Name extends string>(option: string, names: readonly Name[]) {
  return (text: string): readonly Name[] => {
    if (text === 'all') return names;
    return text.split(',').map((part) => {
      const found = names.find((name) => name === part.trim());
      if (found !== undefined) return found;
      throw new UsageError(`${option} is all, or some of ${names.join(', ')}; not "${part}"`);
    });
  };
}

const flavoursHelp = FLAVOUR_NAMES.map((name) => `  ${name.padEnd(10)} ${FLAVOURS[name].says}`).join('\n');

/** `vma-lab conform`. */
export const conformCommand: CommandRow<ConformCommand> = {
  name: 'conform',
  summary: 'Ask a real kernel: does it do what the model says? Status 1 when anything differs.',
  prints:
    'Compiles a small C program, measures what the kernel has, performs the recorded scenarios, the litmus files and then random scenarios, and compares every field of every step with the model. A difference is made small, and is printed as a litmus file; the C program that shows it is written beside.',
  operands: [],
  options: [
    new Option('--time <s>', `seconds of random scenarios (default: ${DEFAULT_SECONDS})`).argParser((text) =>
      readWhole('--time', text, 1, 10 ** 6),
    ),
    new Option('--count <n>', 'random scenarios, instead of a time').argParser((text) =>
      readWhole('--count', text, 0, 10 ** 9),
    ),
    new Option('--seed <n>', 'the first seed (default: another in every run, which is printed)').argParser((text) =>
      readWhole('--seed', text, 0, 2 ** 31 - 1),
    ),
    withDefault(
      '--flavour <list>',
      'kinds of random scenarios (see below)',
      readNames('--flavour', FLAVOUR_NAMES),
      'all',
    ),
    withDefault('--only <parts>', `what is compared: ${PARTS.join(', ')}`, readNames('--only', PARTS), 'all'),
    new Option('--scenarios <file>', 'these scenarios, in place of the recorded ones'),
    new Option('--kernel <version>', 'the profile to compare with (default: what was measured says it)').argParser(
      readKernel,
    ),
    new Option('--image <vmlinuz>', 'boot this kernel in plain emulation, and ask it: needs qemu-system-x86_64'),
    new Option('--record <file>', 'write what the kernel did as a recording, which "vma-lab verify" reads'),
    withDefault(
      '--show <n>',
      'differences that are made small and printed',
      (text) => readWhole('--show', text, 0, 1000),
      '5',
    ),
    new Option('--differences <folder>', 'where they are written').default(
      'vma-lab-differences',
      '"vma-lab-differences"',
    ),
  ],
  more: `Needs Linux on x86-64 and cc. Root sees more: frame numbers, userfaultfd; what cannot be seen or done is said, and left out.

Random scenarios, for --flavour:
${flavoursHelp}`,
  examples: `vma-lab conform
vma-lab conform --only random --time 600 --flavour long,tree
vma-lab conform --image /boot/vmlinuz-6.12.107 --count 500
vma-lab conform --only random --seed 4711 --count 1000 --record mine.jsonl.gz`,
  run: conform,
};
