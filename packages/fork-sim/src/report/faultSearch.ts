import type { SmapsEntry, StraceCall, StraceEvent } from 'proc-io';
import { LO_MAYSHARE, NO_VMA } from 'vma-core';
import type { AddressRange } from '../replay/disjointRanges.ts';
import { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { DEFAULT_FAULTS, type FaultAssumption } from '../replay/replaySpace.ts';
import { compareMaps, rowsOfSmaps } from './compareMaps.ts';
import type { MapDifference } from './differenceGroups.ts';
import { mapRow } from './vmaRow.ts';

/** Memory whose first write is not where the assumption has it. */
export interface WriteException {
  /** Line of the call that made the memory; `null`: it was there at the beginning, at `start`. */
  readonly line: number | null;
  readonly start: number;
  /** Line of the call before which it is written; `null`: it never is. */
  readonly before: number | null;
}

/** Page faults that lead to the real map, or lead nearest to it. */
export interface FaultsFound {
  /** What the report rests on. */
  readonly faults: FaultAssumption;
  /** What is taken otherwise than that. */
  readonly exceptions: readonly WriteException[];
  /** What is taken as written by the last call because the real map shows its pages; it changes no VMA. */
  readonly proven: readonly WriteException[];
  /** VMAs that differ from the real maps all the same. */
  readonly differing: number;
  /** VMAs that differ with what was assumed at first, and what that was. */
  readonly asked: { readonly faults: FaultAssumption; readonly differing: number };
  /** VMAs that differ with each assumption by itself. */
  readonly assumptions: readonly { readonly faults: FaultAssumption; readonly differing: number }[];
  /** Replays that were made. */
  readonly tried: number;
  /** True: every single exception and every pair that concerns the differences was tried. */
  readonly exhausted: boolean;
}

/**
 * What becomes of page faults that were found: `exact`: they replace the assumption where the map then is the real one; `best`: also where it is
 * only nearer; `say`: they are told, and the assumption stays.
 */
export type FaultsUse = 'exact' | 'best' | 'say';

/**
 * What is asked of page faults: an assumption, which then stays; `infer`: those that lead nearest to the real map; `undefined`: nothing, so
 * that an exact answer replaces the usual assumption.
 */
export type FaultsAsked = FaultAssumption | 'infer' | undefined;

/** What becomes of what is found. */
export function faultsUseOf(asked: FaultsAsked): FaultsUse {
  return asked === undefined ? 'exact' : asked === 'infer' ? 'best' : 'say';
}

/** The assumption that a log is replayed with at first. */
export function firstAssumption(asked: FaultsAsked): FaultAssumption {
  return asked === undefined || asked === 'infer' ? DEFAULT_FAULTS : asked;
}

/** Does a report rest on what was found? */
export function usesFound(use: FaultsUse, { differing, asked }: FaultsFound): boolean {
  if (use === 'say' || differing >= asked.differing) return false;
  return use === 'best' || differing === 0;
}

/** What a process really had mapped at the end, by pid; `first`: the first process of the log. */
type FinalMaps = ReadonlyMap<number | 'first', readonly SmapsEntry[]>;

/** Memory that a call made: of which it is asked when it was written. */
interface Unit extends AddressRange {
  readonly line: number | null;
}

/** Exceptions by unit: the line of the call before which it is written. */
type Exceptions = ReadonlyMap<Unit, number | null>;

/** A replay, compared. */
interface Tried {
  readonly faults: FaultAssumption;
  readonly exceptions: Exceptions;
  readonly differing: number;
  readonly differences: readonly MapDifference[];
  /** VMAs that the real map proves as written and that have no anon_vma in the model. */
  readonly unproven: readonly AddressRange[];
  /** Ranges that calls made or changed, in their order. */
  readonly made: readonly Unit[];
  /** What moves carried where. */
  readonly moves: readonly { readonly from: AddressRange; readonly to: AddressRange }[];
}

const MODES: readonly FaultAssumption[] = ['on-map', 'auto', 'never'];

/** Events and VMAs that all replays of a search may go through together, and replays at most. */
const MOST_WORK = 2_000_000;
const MOST_REPLAYS = 400;
/** Longer logs are not kept. */
export const MOST_SEARCHED_EVENTS = 200_000;
/** Units near the differences that are looked at, and times of each. */
const MOST_UNITS = 32;
const MOST_TIMES = 8;

/**
 * Looks for the page faults that lead from a log to the map that its processes really had. A log shows none, and when memory was written
 * first decides what merges. Each assumption is tried; then, from the one that comes nearest, other times for the memory around the
 * differences, one by one and in pairs, as long as fewer VMAs differ.
 *
 *     const search = new FaultSearch(events, options, final); while (search.replay()); search.found
 */
export class FaultSearch {
  readonly #events: readonly StraceEvent[];
  readonly #options: ReplayOptions;
  readonly #final: FinalMaps;
  readonly #steps: Generator<void, void>;
  readonly #budget: number;
  #asked: Tried | null = null;
  #best: Tried | null = null;
  #tried = 0;
  #exhausted = false;
  #proven: Exceptions = new Map();
  readonly #assumptions: { readonly faults: FaultAssumption; readonly differing: number }[] = [];

  /** @param options of the replay whose map differs */
  constructor(events: readonly StraceEvent[], options: ReplayOptions, final: FinalMaps) {
    this.#events = events;
    this.#options = options;
    this.#final = final;
    const vmas = [...(options.initial?.values() ?? [])].reduce((sum, entries) => sum + entries.length, 0);
    const work = events.length + 4 * vmas + 1;
    this.#budget = Math.max(MODES.length, Math.min(MOST_REPLAYS, Math.floor(MOST_WORK / work)));
    this.#steps = this.#search();
  }

  /** Replays that were made. */
  get tried(): number {
    return this.#tried;
  }

  /** What was found; `null`: nothing was tried yet. */
  get found(): FaultsFound | null {
    const [asked, best] = [this.#asked, this.#best];
    if (asked === null || best === null) return null;
    const inOrder = (some: Exceptions): WriteException[] =>
      [...some]
        .map(([{ line, start }, before]) => ({ line, start, before }))
        .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || a.start - b.start);
    return {
      faults: best.faults,
      exceptions: inOrder(best.exceptions),
      proven: inOrder(this.#proven),
      differing: best.differing,
      asked: { faults: asked.faults, differing: asked.differing },
      assumptions: this.#assumptions,
      tried: this.#tried,
      exhausted: this.#exhausted,
    };
  }

  /** Makes one replay more; false: there is nothing left to try. */
  replay(): boolean {
    return this.#steps.next().done !== true;
  }

  *#search(): Generator<void, void> {
    const asked = this.#options.faults ?? DEFAULT_FAULTS;
    for (const faults of [asked, ...MODES.filter((mode) => mode !== asked)]) {
      const tried = this.#try(faults, new Map());
      this.#asked ??= tried;
      this.#assumptions.push({ faults, differing: tried.differing });
      yield;
    }
    while (this.#best !== null && this.#best.differing > 0) {
      if (!(yield* this.#improve())) return;
    }
    yield* this.#prove();
  }

  /** What the real map proves as written is, where that changes no VMA. */
  *#prove(): Generator<void, void> {
    const best = this.#best;
    const last = this.#events.findLast((event) => event.kind === 'call')?.line;
    if (best === null || last === undefined || best.unproven.length === 0) return;
    const units = best.made.filter(
      (unit) => !best.exceptions.has(unit) && best.unproven.some((range) => overlaps(unit, range)),
    );
    const all = withExceptions(
      new Map(),
      units.map((unit) => ({ unit, before: last })),
    );
    const { differing } = this.#try(best.faults, new Map([...all, ...best.exceptions]));
    if (differing === 0) this.#proven = all;
    yield;
  }

  /** Tries one more exception, then two; true: fewer VMAs differ. */
  *#improve(): Generator<void, boolean> {
    const from = this.#best;
    if (from === null) return false;
    const options = optionsOf(from);
    for (const one of options) {
      if (this.#tried >= this.#budget) return false;
      this.#try(from.faults, withExceptions(from.exceptions, [one]));
      yield;
      if (this.#best !== from) return true;
    }
    for (const [at, one] of options.entries()) {
      for (const other of options.slice(at + 1)) {
        if (other.unit === one.unit) continue;
        if (this.#tried >= this.#budget) return false;
        this.#try(from.faults, withExceptions(from.exceptions, [one, other]));
        yield;
        if (this.#best !== from) return true;
      }
    }
    this.#exhausted = true;
    return false;
  }

  #try(faults: FaultAssumption, exceptions: Exceptions): Tried {
    this.#tried++;
    const tried = { ...this.#replay(faults, exceptions), faults, exceptions };
    if (this.#best === null || tried.differing < this.#best.differing) this.#best = tried;
    return tried;
  }

  #replay(faults: FaultAssumption, exceptions: Exceptions): Omit<Tried, 'faults' | 'exceptions'> {
    const made: Unit[] = [];
    const moves: { from: AddressRange; to: AddressRange }[] = [];
    const settled = (_space: unknown, call: StraceCall, start: number, end: number): void => {
      if (call.errno !== null || end <= start) return;
      made.push({ line: call.line, start, end });
      if (call.name !== 'mremap') return;
      const { addr, oldLength } = call.args;
      moves.push({ from: { start: addr, end: addr + oldLength }, to: { start, end } });
    };
    const keep = new Set([...this.#final.keys()].filter((pid) => pid !== 'first'));
    const writes = writesOf(exceptions);
    const replay = new Replay({ ...this.#options, faults, writes, settled, keep, explain: false });
    for (const event of this.#events) replay.feed(event);
    replay.end();
    const differences = differencesOf(replay, this.#final);
    const unproven = [...this.#final].flatMap(([pid, entries]) => unprovenOf(processOf(replay, pid), entries));
    for (const entries of this.#options.initial?.values() ?? []) {
      made.push(...entries.map(({ start, end }) => ({ line: null, start, end })));
    }
    return { differing: differences.length, differences, unproven, made, moves };
  }
}

/** An assumption and its exceptions, as a replay takes them. */
export function assumptionsOf({ faults, exceptions, proven }: FaultsFound): Pick<ReplayOptions, 'faults' | 'writes'> {
  const all = [...proven, ...exceptions].map((one) => [{ ...one, end: one.start }, one.before] as const);
  return { faults, writes: writesOf(new Map(all)) };
}

function writesOf(exceptions: Exceptions): NonNullable<ReplayOptions['writes']> {
  const calls = new Map<number, number | null>();
  const initial = new Map<number, number | null>();
  for (const [{ line, start }, before] of exceptions) {
    if (line === null) initial.set(start, before);
    else calls.set(line, before);
  }
  return { calls, initial };
}

/** Does a map at the end differ from the real one? */
export function differs(replay: Replay, final: FinalMaps): boolean {
  return differencesOf(replay, final).length > 0;
}

function processOf({ first, processes }: Replay, pid: number | 'first'): ReplayedProcess | null {
  return (pid === 'first' ? first : processes.find((one) => one.pid === pid)) ?? null;
}

/** VMAs that the real map proves as written and that have no anon_vma. */
function unprovenOf(process: ReplayedProcess | null, entries: readonly SmapsEntry[]): AddressRange[] {
  if (process === null) return [];
  const { mm } = process.space.process;
  return entries.filter(({ start, fields }) => {
    const vma = mm.vmaLookup(start);
    if (vma === NO_VMA || (fields.get('Anonymous') ?? 0) === 0) return false;
    return (mm.store.flagsLo[vma]! & LO_MAYSHARE) === 0 && mm.store.anonVma[vma] === 0;
  });
}

function differencesOf(replay: Replay, final: FinalMaps): readonly MapDifference[] {
  return [...final].flatMap(([pid, entries]) => {
    const process = processOf(replay, pid);
    if (process === null) return [];
    const vmas = process.lastVmas ?? process.space.process.mm.vmas();
    const rows = vmas.map((vma) => mapRow(vma, ''));
    return compareMaps(rowsOfSmaps(entries), rows).differences;
  });
}

/** A unit, and another time for it. */
interface Option {
  readonly unit: Unit;
  readonly before: number | null;
}

function withExceptions(exceptions: Exceptions, more: readonly Option[]): Exceptions {
  const all = new Map(exceptions);
  for (const { unit, before } of more) {
    for (const known of all.keys()) if (isSame(known, unit)) all.delete(known);
    all.set(unit, before);
  }
  return all;
}

function isSame(one: Unit, other: Unit): boolean {
  return one.line === other.line && (one.line !== null || one.start === other.start);
}

/** What may be tried: for the memory around each difference, from the last call back, every time at which writing it may tell. */
function optionsOf({ differences, made, moves }: Tried): Option[] {
  const regions = regionsOf(differences, moves);
  const near = made.filter((unit) => regions.some((region) => touches(unit, region)));
  const units = near.toReversed().slice(0, MOST_UNITS);
  return units.flatMap((unit) => {
    const line = unit.line ?? 0;
    const later = near.filter((other) => (other.line ?? 0) > line).map((other) => other.line ?? 0);
    const times = [...new Set([...later.slice(0, MOST_TIMES), line])];
    return [null, ...times].map((before) => ({ unit, before }));
  });
}

/** Where VMAs differ, and where what lies there was moved from. */
function regionsOf(differences: readonly MapDifference[], moves: Tried['moves']): AddressRange[] {
  const regions = differences.flatMap(({ real, model }) => [real, model].filter((row) => row !== null));
  const all: AddressRange[] = regions.map(({ start, end }) => ({ start, end }));
  for (const { from, to } of moves.toReversed()) {
    if (all.some((region) => touches(to, region))) all.push(from);
  }
  return all;
}

function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.start < other.end && other.start < one.end;
}

function touches(one: AddressRange, other: AddressRange): boolean {
  return one.start <= other.end && other.start <= one.end;
}
