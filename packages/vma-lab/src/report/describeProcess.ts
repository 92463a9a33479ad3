import {
  compareMaps,
  type ForkPreview,
  forkPreview,
  guardRegions,
  type MapComparison,
  type MapRow,
  nameOfVma,
  type Replay,
  type ReplayedProcess,
  type ReplayNotes,
  type ReplaySpace,
  rowOfVma,
  rowsOfSmaps,
  tablesFor,
} from 'fork-sim';
import { RULE_WORDS, refusalText } from 'fork-sim/words';
import type { SmapsEntry } from 'proc-io';
import { PAGE_SIZE } from 'vma-core';
import { callRef, hexAddress, showResult } from './callRef.ts';
import { describeMap, residentByRange } from './describeMap.ts';
import type {
  FinalReport,
  ForkReport,
  MapDifferenceReport,
  MapRowReport,
  ProcessReport,
  RefusalReport,
  WrongReport,
} from './replayReport.ts';

/** Bytes of a page table. */
const TABLE_BYTES = 4096;
/** Most guard regions that are listed one by one. */
const MAX_GUARDS = 1000;
/** Most examples of a refusal. */
const MAX_REFUSALS = 3;

/** A real map to compare with. */
export interface RealMap {
  readonly file: string;
  readonly entries: readonly SmapsEntry[];
}

/**
 * Sums up one process of a replay.
 *
 * @param real what the process really had at the end; `null`: not known
 */
export function describeProcess(replay: Replay, replayed: ReplayedProcess, real: RealMap | null): ProcessReport {
  const { space } = replayed;
  const { notes, process } = space;
  const { mm } = process;
  const vmas = mm.vmas();
  const guards = guardRegions(process);
  const model = vmas.map((vma) => rowOfVma(vma, nameOfVma(replay.files, space, vma)));
  const preview = forkPreview(process);
  const residentKb = residentByRange(real?.entries ?? []);
  const map = describeMap({ replay, space, vmas, decisions: preview.vmas, guards, residentKb });
  return {
    pid: replayed.pid,
    parent: replayed.parent,
    program: replayed.program,
    exited: replayed.exited,
    vmas: { start: space.startVmas, peak: notes.peak.vmas, end: vmas.length },
    peakCall: notes.peak.call === null ? null : callRef(notes.peak.call),
    merges: mm.stats.merges,
    mergedAway: mm.stats.mergedAway,
    splits: mm.stats.splits,
    calls: notes.calls,
    failedAlike: notes.failedAlike.count,
    places: {
      checked: notes.placesChecked,
      wrong: notes.wrongPlaces.count,
      examples: notes.wrongPlaces.examples.map(wrong),
    },
    results: { wrong: notes.wrongResults.count, examples: notes.wrongResults.examples.map(wrong) },
    unknownMemory: { count: notes.unknownMemory.count, examples: notes.unknownMemory.examples.map(callRef) },
    refusals: describeRefusals(replay, notes),
    notModelled: [...notes.notModelled.values()],
    limitFailures: notes.limitFailures.examples.map(({ call, ...rest }) => ({ ...callRef(call), ...rest })),
    forkCount: notes.forks.count,
    forks: notes.forks.examples.map(({ call, ...rest }) => ({ ...callRef(call), ...rest })),
    toSpare: mm.maxMapCount - notes.peak.vmas,
    guards: {
      regions: guards.length,
      pages: guards.reduce((sum, { start, end }) => sum + (end - start) / PAGE_SIZE, 0),
      list: guards.slice(0, MAX_GUARDS).map(({ start, end }) => ({ start: hexAddress(start), end: hexAddress(end) })),
    },
    map,
    pageTables: { tables: (process.pageTable.vmPteKb * 1024) / TABLE_BYTES, kB: process.pageTable.vmPteKb },
    fork: describeFork(preview),
    assumed: map.filter(({ assumed }) => assumed).length,
    assumptions: assumptionsOf(space),
    final: real === null ? null : finalReport(real, model),
  };
}

function describeRefusals(replay: Replay, notes: ReplayNotes): RefusalReport[] {
  const pathOf = (file: number): string => replay.files.pathOf(file);
  const groups = notes.refusals.map(({ rule, detail, count, examples }) => ({
    rule,
    title: RULE_WORDS[rule].title,
    detail,
    count,
    examples: examples.slice(0, MAX_REFUSALS).map(({ call, of, side, neighbour, refusal }) => ({
      ...callRef(call),
      of,
      side,
      neighbour: {
        start: hexAddress(neighbour.vmStart),
        end: hexAddress(neighbour.vmEnd),
        perms: rowOfVma(neighbour, '').perms,
      },
      text: refusalText(refusal, pathOf),
    })),
  }));
  return groups.sort((a, b) => b.count - a.count);
}

function describeFork(preview: ForkPreview): ForkReport {
  const of = (action: 'copy' | 'refault' | 'wipe' | 'skip') => preview.vmas.filter((vma) => vma.action === action);
  const sum = (action: 'copy' | 'refault' | 'wipe' | 'skip'): { vmas: number; pages: number } => ({
    vmas: of(action).length,
    pages: of(action).reduce((pages, vma) => pages + vma.pages, 0),
  });
  const tables = (action: 'copy' | 'refault'): number =>
    tablesFor(of(action).map(({ vma }) => ({ start: vma.vmStart, end: vma.vmEnd }))).kB;
  return {
    copy: sum('copy'),
    refault: sum('refault'),
    wipe: sum('wipe'),
    skip: sum('skip'),
    proven: { ptes: preview.ptes, tablesKb: preview.kB },
    tablesKbAtMost: tables('copy'),
    refaultTablesKb: tables('refault'),
  };
}

function assumptionsOf(space: ReplaySpace): string[] {
  return [...space.notes.assumptions];
}

/** Compares the model's rows with a real map. */
function finalReport(real: RealMap, model: readonly MapRow[]): FinalReport {
  const comparison = compareMaps(rowsOfSmaps(real.entries), model);
  return {
    file: real.file,
    real: comparison.real,
    model: comparison.model,
    equal: comparison.equal,
    differences: differences(comparison),
  };
}

/** The differences of a comparison, as a report prints them. */
export function differences({ differences: all }: MapComparison): MapDifferenceReport[] {
  return all.map(({ real, model, fields }) => ({ a: rowReport(real), b: rowReport(model), fields }));
}

function rowReport(row: MapRow | null): MapRowReport | null {
  if (row === null) return null;
  const { start, end, perms, pgoff, flags, name } = row;
  return { start: hexAddress(start), end: hexAddress(end), perms, pgoff, flags, name };
}

function wrong({
  call,
  log,
  model,
}: {
  call: Parameters<typeof callRef>[0];
  log: string | number;
  model: string | number;
}): WrongReport {
  return { ...callRef(call), log: showResult(log), model: showResult(model) };
}
