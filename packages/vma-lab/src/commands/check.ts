import { Option } from 'commander';
import {
  CALL_KINDS,
  type CallKindName,
  DEFAULT_SEARCH_BYTES,
  type Explored,
  type ExploreOptions,
  explore,
  PAIR_PROPERTIES,
  PROPERTIES,
  type Property,
  THEMES,
  type Theme,
  type Widening,
  wideningsFor,
} from 'vma-check';
import { shardThreads } from 'vma-check/node';
import type { CliIo } from '../cli/cliIo.ts';
import type { CommandRow } from '../cli/commandRow.ts';
import { EXIT_DIFFERENT, EXIT_OK } from '../cli/exitStatus.ts';
import { type ChosenKernel, DEFAULT_KERNEL, readKernel, readWhole } from '../cli/options.ts';
import { jsonLine } from '../cli/printable.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { withDefault } from '../cli/sharedOptions.ts';
import type { Style } from '../cli/style.ts';
import { UsageError } from '../cli/usageError.ts';
import {
  type Counterexample,
  counterexampleC,
  counterexampleJson,
  drawCounterexample,
} from '../draw/drawCounterexample.ts';
import { sayVerdict } from '../draw/sayVerdict.ts';
import { readProfile } from '../input/readProfile.ts';
import { checkRunning } from './checkRunning.ts';

/** Options of `vma-lab check`. */
interface CheckCommand {
  readonly profile?: string;
  readonly running?: boolean;
  readonly vs?: ChosenKernel;
  readonly pages?: number;
  readonly depth?: number;
  readonly ops?: Theme | readonly CallKindName[];
  readonly property?: readonly string[];
  /** Seconds. */
  readonly time?: number;
  readonly memory: number;
  readonly workers: number;
  readonly softDirty?: boolean;
  readonly exact?: boolean;
  readonly c?: boolean;
  readonly json?: boolean;
}

/** Seconds of a search of which nothing is said. */
const DEFAULT_SECONDS = 60;

/** Searches, and prints the counterexample as a file that `vma-lab run` takes, or how far nothing was found. */
async function check(_: readonly string[], command: CheckCommand, io: CliIo, style: Style): Promise<number> {
  if (command.running === true) {
    const space = spaceOf({ pages: 2, ...command });
    return await checkRunning({ ...command, ...space, name: nameOf(space) }, io, style);
  }
  const profile = readProfile(command.profile ?? DEFAULT_KERNEL);
  const { vs, softDirty, exact = false, memory: maxBytes, workers } = command;
  const properties = propertiesOf(command);
  const asked = isAsked(command);
  const seconds = command.time ?? (asked ? Number.POSITIVE_INFINITY : DEFAULT_SECONDS);
  const end = performance.now() + seconds * 1000;
  const signal = {
    get aborted(): boolean {
      return performance.now() > end;
    },
  };
  const progress = new ProgressLine(io);
  for (const space of asked ? [spaceOf(command)] : wideningsFor(profile, vs?.profile)) {
    if (signal.aborted) break;
    const options: ExploreOptions = {
      ...space,
      maxBytes,
      exact,
      signal,
      ...(workers === 1 ? {} : { team: shardThreads(workers) }),
      ...(properties === undefined ? {} : { properties }),
      ...(vs === undefined ? {} : { vs: vs.profile }),
      ...(softDirty === undefined ? {} : { softDirty }),
      onProgress: ({ depth, states, transitions, left }) =>
        progress.update(
          () =>
            `check: ${nameOf(space)}, ${depth} calls: ${states.toLocaleString('en')} states, ` +
            `${transitions.toLocaleString('en')} calls made, ${left.toLocaleString('en')} states to go`,
        ),
    };
    const explored = await explore(profile, options);
    progress.done();
    if (explored.verdict === 'counterexample') {
      const kernels = vs === undefined ? [profile] : [profile, vs.profile];
      await print(
        { explored, kernels, softDirty: softDirty ?? hasClearRefs(space.ops), space: nameOf(space) },
        command,
        io,
        style,
      );
      return EXIT_DIFFERENT;
    }
    await reportDone(explored, space, command, io, style);
  }
  return EXIT_OK;
}

async function print(found: Counterexample, { c, json }: CheckCommand, io: CliIo, style: Style): Promise<void> {
  if (json) await io.out(jsonLine(counterexampleJson(found)));
  else await io.out(c ? counterexampleC(found) : drawCounterexample(found, style));
}

async function reportDone(
  explored: Exclude<Explored, { verdict: 'counterexample' }>,
  space: Widening | Space,
  { json, exact = false, memory }: CheckCommand,
  io: CliIo,
  style: Style,
): Promise<void> {
  const { pages, ops } = space;
  if (json) await io.out(jsonLine({ kind: 'searched', pages, ops, exact, maxBytes: memory, ...explored }));
  else await io.out(`${sayVerdict(explored, { calls: nameOf(space), pages, exact, maxBytes: memory }, style)}\n`);
}

/** What is searched, as it was asked for. */
interface Space {
  readonly pages: number;
  readonly ops: Theme | readonly CallKindName[];
  readonly depth?: number;
}

function isAsked({ pages, ops, depth }: CheckCommand): boolean {
  return pages !== undefined || ops !== undefined || depth !== undefined;
}

function spaceOf({ pages = 3, ops = 'small', depth }: CheckCommand): Space {
  return { pages, ops, ...(depth === undefined ? {} : { depth }) };
}

function nameOf({ ops, pages }: Pick<Space, 'ops' | 'pages'>): string {
  return `${typeof ops === 'string' ? ops : ops.join(',')}, ${pages} pages`;
}

function hasClearRefs(ops: Theme | readonly CallKindName[]): boolean {
  return (typeof ops === 'string' ? THEMES[ops] : ops).includes('clearRefs');
}

function propertiesOf({ property, vs }: CheckCommand): readonly Property[] | undefined {
  if (property === undefined) return undefined;
  const all = vs === undefined ? PROPERTIES : PAIR_PROPERTIES;
  return property.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    const with2 = vs === undefined ? '' : ' with --vs';
    throw new UsageError(`--property${with2} is one of ${all.map((one) => one.name).join(', ')}; not "${name}"`);
  });
}

function isKind(text: string): text is CallKindName {
  return Object.hasOwn(CALL_KINDS, text);
}

/** `--ops`: a theme, or kinds with commas between them. */
function readOps(text: string): Theme | readonly CallKindName[] {
  if (Object.hasOwn(THEMES, text)) return text as Theme;
  const words = text.split(',');
  const wrong = words.find((word) => !isKind(word));
  if (wrong === undefined) return words.filter(isKind);
  const themes = Object.keys(THEMES).join(', ');
  throw new UsageError(
    `--ops: no kind of call "${wrong}"; themes: ${themes}; kinds: ${Object.keys(CALL_KINDS).join(', ')}`,
  );
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** `--memory`: bytes, or with K, M, G. */
function readBytes(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (bytes >= 2 ** 20) return bytes;
  throw new UsageError(`--memory is a size of 1M or more (512M, 2G), not "${text}"`);
}

const list = (says: Readonly<Record<string, { readonly says: string }>>): string =>
  Object.entries(says)
    .map(([name, { says: text }]) => `  ${name.padEnd(15)} ${text}`)
    .join('\n');

/** `vma-lab check`. */
export const checkCommand: CommandRow<CheckCommand> = {
  name: 'check',
  summary: 'Try every sequence of calls on a few pages: the shortest that breaks a rule of merging or fork.',
  prints:
    'Prints a counterexample as a file that "vma-lab run" takes, with drawings, and status is 1; or how far there is none: "closed" (no sequence of any length), or to which number of calls.',
  operands: [],
  options: [
    new Option(
      '--profile <name|file>',
      `the kernel: a profile, a version, or a file of your own (see below; default: ${DEFAULT_KERNEL}; with --running, what was measured)`,
    ),
    new Option('--running', "make every call on this machine's kernel too, and compare: needs Linux and cc"),
    new Option('--vs <kernel>', 'a second kernel: the first sequence whose results a program sees differ').argParser(
      readKernel,
    ),
    new Option('--pages <n>', 'pages of the arena (default: 2, then more)').argParser((text) =>
      readWhole('--pages', text, 1, 16),
    ),
    new Option('--depth <n>', 'most calls (default: no limit)').argParser((text) =>
      readWhole('--depth', text, 1, 1000),
    ),
    new Option(
      '--ops <theme|list>',
      'which calls (default: those that what is changed in the profile concerns, then themes, then more)',
    ).argParser(readOps),
    new Option('--property <list>', 'the properties that must hold (default: all)').argParser((text) =>
      text.split(','),
    ),
    new Option(
      '--time <s>',
      `most seconds (default: ${DEFAULT_SECONDS} where nothing is said of pages, calls and depth)`,
    ).argParser((text) => readWhole('--time', text, 1, 10 ** 6)),
    new Option(
      '--exact',
      'keep the states themselves, not hashes of 64 bits: no two are taken for one; takes more memory',
    ),
    withDefault('--memory <size>', 'most memory for states', readBytes, `${DEFAULT_SEARCH_BYTES / 2 ** 30}G`),
    withDefault(
      '--workers <n>',
      'cores that search; the answer does not depend on it',
      (text) => readWhole('--workers', text, 1, 64),
      '1',
    ),
    new Option('--soft-dirty', 'the kernel tracks soft-dirty pages (default: where the calls have clearRefs)'),
    new Option('--c', 'only the C program that makes the calls of the counterexample and compares'),
  ],
  more: `Calls, for --ops: ${Object.keys(THEMES).join(', ')}; or a list of
${list(CALL_KINDS)}

Properties, for --property:
${list(Object.fromEntries(PROPERTIES.map((one) => [one.name, one])))}
with --vs:
${list(Object.fromEntries(PAIR_PROPERTIES.map((one) => [one.name, one])))}

A profile of one's own is JSON: {"name": "mine", "from": "6.19", "sticky": ["SOFTDIRTY"]}.`,
  examples: `vma-lab check --profile as-posted
vma-lab check --profile 6.19 --pages 2 --ops small
vma-lab check --profile 6.16 --vs 6.18 --ops moves
vma-lab check --running --pages 2 --ops small --depth 4
vma-lab check --profile as-posted --c > broken.c && cc -o broken broken.c && ./broken`,
  run: check,
};
