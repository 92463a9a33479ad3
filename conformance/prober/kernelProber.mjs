// Runs scenarios (recordings/FORMAT.md, FORMAT2.md) on the running kernel: compiles the C prober, speaks its line
// form, and gives records in the form of a recording.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('./src/', import.meta.url));
const FORMAT_2_OPS = /^(uffd_|set_brk$|brk$|rlimit_stack$|fill_maps$)/;
/** Scenarios given to one run of the prober, which bounds the text held in memory. */
const CHUNK = 100;
const MAX_OUTPUT = 1 << 29;

/** The prober cannot run here (no Linux, no compiler, no root), or it failed. The message says which. */
export class ProberError extends Error {
  name = 'ProberError';
}

/**
 * Compiles the prober into a temporary folder, which goes away when the process exits.
 * @returns {string} path of the program
 * @throws {ProberError} where there is no `cc` that can link statically, or the system is not Linux on x86-64
 */
export function compileProber() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new ProberError('the prober needs Linux on x86-64');
  const folder = mkdtempSync(join(tmpdir(), 'vma-prober-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'prober');
  const sources = readdirSync(SOURCES).filter((name) => name.endsWith('.c'));
  const args = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-static', '-o', program, ...sources.map((n) => SOURCES + n)];
  try {
    execFileSync('cc', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new ProberError(`cannot compile the prober: ${String(error.stderr || error.message).trim()}`);
  }
  return program;
}

/** One op or head as a line: its kind, then key=value for each field; true and false become 1 and 0. */
function line(kind, fields) {
  const words = [kind];
  for (const [key, value] of Object.entries(fields)) {
    const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
    if (text === '' || /\s/.test(text)) throw new ProberError(`field ${key}: the line form has no blanks in a value`);
    words.push(`${key}=${text}`);
  }
  return words.join(' ');
}

function scenarioLines(scenario, format) {
  const lines = [line('scenario', { format, span: scenario.span ?? 64, reserve: scenario.reserve ?? false })];
  for (const [name, page, pages] of scenario.windows ?? []) lines.push(line('window', { name, page, pages }));
  for (const { op, ...fields } of scenario.ops) lines.push(line(op, fields));
  lines.push('run', '');
  return lines.join('\n');
}

/** 2 when a scenario needs format 2, else 1. */
export function formatOf(scenarios) {
  const needs2 = (scenario) =>
    scenario.windows || scenario.span || scenario.reserve || scenario.ops.some(({ op }) => FORMAT_2_OPS.test(op));
  return scenarios.some(needs2) ? 2 : 1;
}

/** Runs the prober on lines of input: the text of each `end`-terminated answer, and what went wrong, if anything. */
function ask(prober, input) {
  const run = typeof prober === 'string' ? runHere(prober, input) : prober.run(input);
  const failed = run.status !== 0 && `the prober ended with ${run.status ?? run.signal}`;
  return { answers: run.stdout.split('end\n').slice(0, -1), problem: run.stderr.trim() || failed };
}

function runHere(program, input) {
  const run = spawnSync(program, { input, encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  if (run.error) throw new ProberError(run.error.message);
  return run;
}

/**
 * The header of a recording made by this prober: what its kernel has, measured.
 * @returns {object} as in FORMAT.md, without `set` and `scenarios`
 */
export function probeHeader(prober, format) {
  const { answers, problem } = ask(prober, 'probe\n');
  if (problem) throw new ProberError(problem);
  const { state, kernel, uffdFeatures, ...measured } = JSON.parse(answers[0]);
  return {
    kind: 'header',
    format,
    kernel,
    ...measured,
    fs: 'tmpfs',
    zeroPageSeen: true,
    guardFlagInSmaps: state.vmas[0][5].split(' ').includes('gu'),
    ...(format === 2 ? { uffdFeatures } : {}),
    // Debian's names up to 6.1 hide the patch level, which `uname -v` gives.
    label: /\bDebian (\d+\.\d+\.\d+)/.exec(measured.version)?.[1] ?? kernel.replace(/^(\d+\.\d+\.\d+).*/, '$1'),
  };
}

/**
 * Performs scenarios, each in a fresh process.
 * @param {string | object} prober from `compileProber`, or `proberInVm`
 * @param {object[]} scenarios parsed input lines
 * @param {{format?: 1 | 2, kernel?: string}} options format: whether states have `wp` and `pt` (default: as the scenarios need)
 * @returns {Generator<object>} one record a scenario, in order
 * @throws {ProberError} when the prober stops on one; its message names the scenario
 */
export function* runOnKernel(prober, scenarios, { format = formatOf(scenarios), kernel = '' } = {}) {
  const size = prober.chunk ?? CHUNK;
  for (let from = 0; from < scenarios.length; from += size) {
    const chunk = scenarios.slice(from, from + size);
    const { answers, problem } = ask(prober, chunk.map((scenario) => scenarioLines(scenario, format)).join(''));
    if (problem) throw new ProberError(`${chunk[answers.length]?.id ?? 'at the end'}: ${problem}`);
    for (const [i, { id, ops, ...rest }] of chunk.entries()) {
      const states = answers[i].split('\n').slice(0, -1);
      yield { kind: 'scenario', id, kernel, ...rest, steps: ops.map((op, n) => ({ op, ...JSON.parse(states[n]) })) };
    }
  }
}
