// Runs scenarios (conformance/recordings/FORMAT.md, FORMAT2.md) on a kernel: compiles the C prober, speaks its line form, and gives
// steps as a recording has them.
import { execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Op, RecordingHeader, Scenario, StepRecord } from 'fork-sim';
import { tempFolder } from '../cli/tempFolder.ts';
import { ownFile } from './bundled.ts';
import { type Prober, ProberError, type ProberRun } from './prober.ts';

const CHUNK = 100;

/** What the prober found its kernel to have. Each is measured, none is guessed from a version. */
export interface ProbedKernel extends RecordingHeader {
  readonly version: string;
  /** The version in three numbers. */
  readonly label: string;
  /** The result of MADV_GUARD_INSTALL on anonymous memory and on a file: `ok`, or an errno. */
  readonly guardInstallAnon: string;
  readonly guardInstallFile: string;
  /** `gu` stands in VmFlags after it. */
  readonly guardFlagInSmaps: boolean;
  readonly guardBitInPagemap: boolean;
  /** The result of PR_SET_VMA_ANON_NAME. */
  readonly setAnonName: string;
  /** Whether pagemap shows frame numbers (root): they tell the zero page from others. */
  readonly frames: boolean;
  /** `vm.max_map_count`. */
  readonly maxMapCount: number;
  /** RLIMIT_MEMLOCK in pages; `null`: there is none, or this is root. */
  readonly lockLimitPages: number | null;
}

/** A prober compiled for this machine. */
export interface CompiledProber extends Prober {
  /** Path of the program. */
  readonly program: string;
}

/**
 * Compiles the prober into a temporary folder, which goes with the process.
 * @throws ProberError where there is no `cc` that can link statically, or the system is not Linux on x86-64
 */
export async function compileProber(): Promise<CompiledProber> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new ProberError(`asking a kernel needs Linux on x86-64; this is ${process.platform} on ${process.arch}`);
  }
  const folder = tempFolder('vma-prober-');
  const program = join(folder, 'prober');
  const from = ownFile('prober');
  const sources = readdirSync(from).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-static', '-o', program];
  try {
    await promisify(execFile)(process.env.CC ?? 'cc', [...flags, ...sources.map((name) => join(from, name))]);
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
    if (code === 'ENOENT')
      throw new ProberError(
        'asking a kernel needs a C compiler: install cc (gcc or clang) and libc for static linking',
      );
    throw new ProberError(
      `cannot compile the prober: ${(stderr || message).trim().split('\n').slice(0, 5).join('\n')}`,
    );
  }
  return { program, chunk: CHUNK, run: (input) => runHere(program, input) };
}

function runHere(program: string, input: string): Promise<ProberRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
    child.on('error', ({ message }) => reject(new ProberError(message)));
    child.on('close', (status) => resolve({ status, stdout: out.join(''), stderr: err.join('') }));
    // A prober that stops early says why on standard error.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** One op or head as a line: its kind, then key=value for each field; true and false become 1 and 0. */
function line(kind: string, fields: Readonly<Record<string, unknown>>): string {
  const words = [kind];
  for (const [key, value] of Object.entries(fields)) {
    const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
    if (text === '' || /\s/.test(text)) throw new ProberError(`field ${key}: the line form has no blanks in a value`);
    words.push(`${key}=${text}`);
  }
  return words.join(' ');
}

function opLine({ op, ...fields }: Op): string {
  const process = 'in' in fields ? fields.in : 'as' in fields ? fields.as : undefined;
  if (process !== undefined)
    throw new ProberError(`${op} of a named process (${process}): the prober performs one process at a time`);
  return line(op, fields);
}

function scenarioLines(scenario: Scenario, format: 1 | 2): string {
  const { span = 64, reserve = false, windows = [], ops } = scenario;
  const lines = [line('scenario', { format, span, reserve })];
  for (const [name, page, pages] of windows) lines.push(line('window', { name, page, pages }));
  lines.push(...ops.map(opLine), 'run', '');
  return lines.join('\n');
}

/** The answers to some lines of input, each ended by `end`; and what went wrong, if anything. */
async function ask(
  prober: Prober,
  input: string,
): Promise<{ readonly answers: string[]; readonly problem: string | null }> {
  const { status, stdout, stderr } = await prober.run(input);
  const said = stderr.trim();
  const problem = said !== '' ? said : status === 0 ? null : `the prober ended with ${status ?? 'a signal'}`;
  return { answers: stdout.split('end\n').slice(0, -1), problem };
}

/** What the prober's kernel has, measured. @throws ProberError */
export async function probeKernel(prober: Prober, format: 1 | 2): Promise<ProbedKernel> {
  const { answers, problem } = await ask(prober, 'probe\n');
  const [answer] = answers;
  if (problem !== null || answer === undefined) throw new ProberError(problem ?? 'the prober said nothing');
  const { state, uffdFeatures, ...measured } = JSON.parse(answer) as Omit<ProbedKernel, 'kind' | 'format' | 'label'> & {
    readonly state: Pick<StepRecord, 'vmas'>;
    readonly uffdFeatures: string;
  };
  const { kernel, version, frames } = measured;
  return {
    kind: 'header',
    format,
    ...measured,
    ...{ fs: 'tmpfs', zeroPageSeen: frames },
    guardFlagInSmaps: state.vmas[0]?.[5].split(' ').includes('gu') === true,
    ...(format === 2 ? { uffdFeatures } : {}),
    // Debian's names up to 6.1 hide the patch level, which `uname -v` gives.
    label: /\bDebian (\d+\.\d+\.\d+)/.exec(version)?.[1] ?? kernel.replace(/^(\d+\.\d+\.\d+).*/, '$1'),
  };
}

/** A scenario, and what the kernel did at each step. */
export interface PerformedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly StepRecord[];
}

/**
 * Performs scenarios, each in a fresh process. The next ones run while the caller looks at the last.
 *
 * @param format whether states have `wp` and `pt`
 * @throws ProberError when the prober stops on one; its message names the scenario
 */
export async function* runOnKernel(
  prober: Prober,
  scenarios: Iterable<Scenario>,
  format: 1 | 2,
): AsyncGenerator<PerformedScenario, void, undefined> {
  const performed = async (chunk: readonly Scenario[]): Promise<readonly PerformedScenario[]> => {
    const { answers, problem } = await ask(prober, chunk.map((scenario) => scenarioLines(scenario, format)).join(''));
    if (problem !== null) throw new ProberError(`${chunk[answers.length]?.id ?? 'at the end'}: ${problem}`);
    return chunk.map((scenario, i) => ({ scenario, steps: readSteps(scenario, answers[i] ?? '') }));
  };
  let running: Promise<readonly PerformedScenario[]> | null = null;
  for (const chunk of chunksOf(scenarios, prober.chunk)) {
    const next = performed(chunk);
    // It is awaited a turn later: until then a failure is no unhandled one.
    next.catch(() => {});
    if (running !== null) yield* await running;
    running = next;
  }
  if (running !== null) yield* await running;
}

function readSteps({ ops }: Scenario, answer: string): StepRecord[] {
  const states = answer.split('\n');
  return ops.map((op, n) => ({ op, ...(JSON.parse(states[n] as string) as Omit<StepRecord, 'op'>) }));
}

function* chunksOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
