import { Option } from 'commander';
import { compareDecisions, type DecisionGroup, type DecisionsCompared, type Situation } from 'vma-check';
import { formatVmFlags, KERNEL_PROFILES, type KernelProfile, type VmFlags } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_OK } from '../cli/exitStatus.ts';
import { jsonLine } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import { readProfile } from '../input/readProfile.ts';

/** Options of `vma-lab decide`. */
interface DecideCommand {
  readonly kernel?: readonly string[];
  readonly json?: boolean;
}

/** Compares merge decisions of two kernels, or of all. */
async function decide(_: readonly string[], { kernel, json }: DecideCommand, io: CliIo, style: Style): Promise<number> {
  if (kernel !== undefined) {
    if (kernel.length !== 2) throw new UsageError('--kernel takes two kernels, with a comma between them');
    const [first, second] = kernel.map(readProfile) as [KernelProfile, KernelProfile];
    const compared = compareDecisions(first, second);
    if (json) await io.out(jsonLine({ kernels: [first.name, second.name], ...compared }));
    else await io.out(drawPair(first, second, compared, style));
    return EXIT_OK;
  }
  const progress = new ProgressLine(io);
  const table = KERNEL_PROFILES.map((first, at) =>
    KERNEL_PROFILES.map((second, other) => {
      progress.update(() => `decide: ${first.name} and ${second.name}`);
      return other <= at ? null : compareDecisions(first, second);
    }),
  );
  progress.done();
  if (json) await io.out(jsonLine({ kernels: KERNEL_PROFILES.map(({ name }) => name), table }));
  else await io.out(drawAll(table, style));
  return EXIT_OK;
}

/** How many decisions differ, kernels by kernels; then the causes between each kernel and the next. */
function drawAll(table: readonly (readonly (DecisionsCompared | null)[])[], style: Style): string {
  const names = KERNEL_PROFILES.map(({ name }) => name);
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const questions = table[0]?.[1]?.questions ?? 0;
  const rows = table.map(
    (row, at) =>
      (names[at] as string).padEnd(width) +
      row.map((cell) => (cell === null ? '' : count(cell.differ)).padStart(width)).join(''),
  );
  const head = `${''.padEnd(width)}${names.map((name) => name.padStart(width)).join('')}`;
  const title = `${style.bold('merge decisions')}  ${style.dim(`${count(questions)} questions; how many two kernels answer differently`)}`;
  const pairs = table.flatMap((row, at) => {
    const cell = row[at + 1];
    const [first, second] = KERNEL_PROFILES.slice(at);
    return cell && first && second ? ['', drawPair(first, second, cell, style).trimEnd()] : [];
  });
  return `${[title, head, ...rows, ...pairs].join('\n')}\n`;
}

function drawPair(
  { name: first }: KernelProfile,
  { name: second }: KernelProfile,
  { questions, differ, groups }: DecisionsCompared,
  style: Style,
): string {
  const title = `${style.bold(`${first} and ${second}`)}  ${style.dim(`differ in ${count(differ)} of ${count(questions)} merge decisions`)}`;
  return `${[title, ...groups.flatMap((group) => drawGroup(group, first, second, style))].join('\n')}\n`;
}

function drawGroup(group: DecisionGroup, first: string, second: string, style: Style): string[] {
  const { cause, example } = group;
  const said = `${first} merges into ${group.first.into}, ${second} into ${group.second.into}`;
  return [`${count(group.count).padStart(8)}  ${cause}`, style.dim(`          ${describe(example)}: ${said}`)];
}

/** A question in one line. */
function describe({ asked, range, prev, next }: Situation): string {
  const parts = [`${asked}${say({ ...range, offsets: 'continue' })}`];
  for (const [side, of] of [
    ['prev', prev],
    ['next', next],
  ] as const) {
    if (of !== null) parts.push(`${side}${say(of)}`);
  }
  return parts.join(', ');
}

function say(of: NonNullable<Situation['prev']>): string {
  const words = [
    ...(of.flags === 0 ? [] : [formatVmFlags(BigInt(of.flags >>> 0) as VmFlags)]),
    ...(of.anonVma === 0 ? [] : [`anon_vma ${of.anonVma}${of.forkChild ? ' of a fork child' : ''}`]),
    ...(of.offsets === 'continue' ? [] : [of.offsets === 'anon' ? 'other anonymous offset' : 'other offset']),
    ...(of.closeHook ? ['close hook'] : []),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}

/** `vma-lab decide`. */
export const decideCommand: CommandRow<DecideCommand> = {
  name: 'decide',
  summary: 'Every merge decision there is, asked of every kernel: how many differ, and why.',
  prints:
    'Asks may this range merge, by its edges, flags, anon_vmas, offsets and close hooks and those of its neighbours; prints how many answers differ, grouped by cause, each with an example.',
  operands: [],
  options: [
    new Option('--kernel <a,b>', 'only these two: profiles, versions, or files of one’s own (default: all)').argParser(
      (text) => text.split(',').map((part) => part.trim()),
    ),
  ],
  examples: `vma-lab decide
vma-lab decide --kernel as-posted,6.19
vma-lab decide --kernel 6.16,6.18 --json | jq .groups[0]`,
  run: decide,
};
