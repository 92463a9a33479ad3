import type { ForkResult } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { describeState } from '../scenario/describeState.ts';
import type { ScenarioStep } from '../scenario/runScenario.ts';
import {
  ARENA_PAGES,
  type Op,
  type PerWindow,
  type Scenario,
  type StateRecord,
  type VmaRecord,
} from '../scenario/scenario.ts';

/** The state of a process as claims see it. */
export interface SeenState extends StateRecord {
  /** Pages of the arena. */
  readonly span: number;
  readonly scenario: Scenario;
  readonly fork: ForkResult<Process> | null;
}

/** The state of all processes after a step, each described when it is asked for. */
export class StepView {
  readonly #scenario: Scenario;
  readonly #step: ScenarioStep;
  readonly #op: Op;
  readonly #seen = new Map<Process, SeenState>();

  constructor(scenario: Scenario, step: ScenarioStep, op: Op) {
    this.#scenario = scenario;
    this.#step = step;
    this.#op = op;
  }

  /** The name of the process in which the operation ran. */
  get forker(): string {
    return this.#op.in ?? this.#step.cast.story;
  }

  /** The state of a process; `null` for the name: of the one that the story goes on in. `null`: no such process is there. */
  state(name: string | null): SeenState | null {
    const { cast, arena, record } = this.#step;
    const process = cast.process(name ?? this.#story());
    if (process === undefined) return null;
    let seen = this.#seen.get(process);
    if (seen === undefined) {
      const state = process === arena.current ? record : describeState(arena, process);
      const { fork } = this.#step;
      seen = { ...state, span: this.#scenario.span ?? ARENA_PAGES, scenario: this.#scenario, fork };
      this.#seen.set(process, seen);
    }
    return seen;
  }

  #story(): string {
    const { newborn, story } = this.#step.cast;
    return this.#op.op === 'fork' && this.#op.continueIn === 'child' && newborn !== null ? newborn : story;
  }
}

/** The VMA that holds a page. */
export function vmaAt({ vmas }: StateRecord, page: number): VmaRecord | undefined {
  return vmas.find(([start, end]) => page >= start && page < end);
}

/** The state of pages, `-` where nothing is mapped, ` ` where nobody looks. */
export function lettersOf({ pages, scenario }: SeenState, first: number, count: number): string {
  return perPage(scenario, pages, first, count, (text) => text.replaceAll(' ', '-'));
}

/** A letter for each page; ` `: it is in no window. */
function perPage(
  { windows = [] }: Scenario,
  given: PerWindow,
  first: number,
  count: number,
  letters: (text: string) => string,
): string {
  const row = Array.from({ length: count }, () => ' ');
  const parts =
    typeof given === 'string'
      ? [[0, given] as const]
      : windows.map(([name, from]) => [from, given[name] ?? ''] as const);
  for (const [from, text] of parts) {
    for (const [at, letter] of letters(text).split('').entries()) {
      const column = from + at - first;
      if (column >= 0 && column < count) row[column] = letter;
    }
  }
  return row.join('');
}

/** The pages whose bit is set in a mask, in address order. */
export function maskedPages({ scenario }: SeenState, mask: PerWindow): number[] {
  const pages: number[] = [];
  const { windows = [] } = scenario;
  const parts =
    typeof mask === 'string' ? [[0, mask] as const] : windows.map(([name, from]) => [from, mask[name] ?? ''] as const);
  for (const [from, text] of parts) {
    for (const [at, digit] of text.split('').reverse().entries()) {
      const bits = Number.parseInt(digit, 16);
      for (let bit = 0; bit < 4; bit++) if (bits & (1 << bit)) pages.push(from + at * 4 + bit);
    }
  }
  return pages.sort((a, b) => a - b);
}

/** The pages that have a letter, in address order. */
export function pagesWith({ pages, scenario: { windows = [] } }: SeenState, letter: string): number[] {
  const parts =
    typeof pages === 'string'
      ? [[0, pages] as const]
      : windows.map(([name, from]) => [from, pages[name] ?? ''] as const);
  return parts
    .flatMap(([from, text]) => text.split('').flatMap((one, at) => (one === letter ? [from + at] : [])))
    .sort((a, b) => a - b);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Widest drawing of a whole arena. */
const MAX_DRAWN = 128;

/** Draws VMAs over some pages, with letters in address order; past `Z` they start again. */
export function drawPart({ vmas }: StateRecord, first: number, count: number): string {
  const row = Array.from({ length: count }, () => '.');
  const seen = vmas.filter(([start, end]) => end > first && start < first + count);
  for (const [index, [start, end]] of seen.entries()) {
    row.fill(ALPHABET[index % ALPHABET.length] as string, Math.max(0, start - first), Math.min(count, end - first));
  }
  return row.join('');
}

/** The whole state, drawn: VMAs, and the pages under them. */
export function drawingOf(state: SeenState): { readonly map: string; readonly pages: string } {
  const first = state.span > MAX_DRAWN ? (state.vmas[0]?.[0] ?? 0) : 0;
  const end = Math.min(state.vmas.at(-1)?.[1] ?? 0, first + MAX_DRAWN);
  const label = first === 0 ? '' : `${first}: `;
  const count = Math.max(0, end - first);
  return {
    map: `${label}${drawPart(state, first, count) || '.'}`,
    pages: `${label}${lettersOf(state, first, count) || '-'}`,
  };
}
