import type {
  AboveRow,
  CheckpointResult,
  FaultsFound,
  Found,
  OutsideAnswer,
  ProcessReport,
  RefusalRows,
  VmaRow,
  WriteException,
  WrongAnswer,
} from 'fork-sim';
import {
  checkpointVerdict,
  flagsDiffWords,
  flagWords,
  forkShort,
  RULE_WORDS,
  refusalShort,
  refusalText,
} from 'fork-sim/words';
import { formatVmFlags, PAGE_SIZE } from 'vma-core';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import { shownJson } from './forkJson.ts';
import { differenceJson, hexAddress, showResult } from './texts.ts';

/** Guard regions that are listed one by one. */
const MAX_GUARDS = 1000;

/** What `vma-lab replay --json` prints. */
export type ReplayJson = ReturnType<typeof replayJson>;

/** The report as `--json` prints it: addresses in hex, flags and reasons in words. A field may be added without a new version. */
export function replayJson({ log, kernels, between, unused }: ReplayAnswer) {
  return {
    kind: 'replay' as const,
    version: 1 as const,
    log,
    unused,
    kernels: kernels.map(kernelJson),
    between: between?.differences.map(differenceJson) ?? null,
  };
}

function kernelJson(report: AskedKernel) {
  const { kernel, profile, measured, note, faults, softDirty, maxMapCount, processesSeen, limits } = report;
  const { guardsAsMarkers: markers } = report;
  return {
    kernel,
    profile: profile.name,
    measured,
    note,
    faults,
    softDirty,
    maxMapCount,
    processes: report.processes.map(processJson),
    processesSeen,
    checkpoints: report.checkpoints.map(checkpointJson),
    faultsFound: report.faultsFound && faultsJson(report.faultsFound),
    limits: limits,
    guardsAsMarkers: markers && {
      guards: markers.guards,
      sizes: markers.sizes,
      longest: markers.longest,
      profile: markers.profile,
      vmas: { peak: markers.peakVmas, end: markers.endVmas },
      tablesKb: markers.tablesKb,
    },
  };
}

function checkpointJson(checkpoint: CheckpointResult) {
  const { line, pid, file, source, comparison, before, why, times } = checkpoint;
  return {
    line,
    pid,
    file,
    source,
    real: comparison?.real ?? null,
    equal: comparison?.equal ?? null,
    flagsUnknown: comparison?.flagsUnknown ?? null,
    differing: comparison?.differing ?? null,
    differences: comparison?.differences.map(differenceJson) ?? null,
    before,
    notCompared: why,
    times,
    verdict: checkpointVerdict(checkpoint),
  };
}

function faultsJson({ faults, exceptions, proven, differing, asked, assumptions, tried, exhausted }: FaultsFound) {
  const exceptionJson = ({ line, start, before }: WriteException) => ({ line, start: hexAddress(start), before });
  return {
    faults,
    exceptions: exceptions.map(exceptionJson),
    proven: proven.map(exceptionJson),
    differing,
    asked: { faults: asked.faults, differing: asked.differing },
    assumptions,
    tried,
    exhausted,
  };
}

/** One process as `--json` prints it. */
export function processJson(report: ProcessReport) {
  const { startVmas, peakVmas, endVmas, summary, forks, final } = report;
  const { forkTotals, proven, childTablesKbAtMost, refaultTablesKb, reserves } = summary;
  return {
    pid: report.pid,
    parent: report.parent,
    program: report.program,
    exited: report.exited,
    machine: report.machine,
    vmas: { start: startVmas, peak: peakVmas, end: endVmas },
    peakCall: report.peakCall,
    merges: report.merges,
    mergedAway: report.mergedAway,
    splits: report.splits,
    calls: report.performed,
    failedAlike: report.failedAlike,
    places: { checked: report.placesChecked, ...wrongJson(report.wrongPlaces) },
    results: wrongJson(report.wrongResults),
    outside: outsideJson(report.outsideResults),
    unknownMemory: report.unknownMemory,
    unordered: wrongJson(report.unordered),
    afterUnread: wrongJson(report.afterUnread),
    refusals: report.refusals.map(refusalsJson),
    notModelled: report.notModelled,
    limitFailures: report.limitFailures.examples,
    forkCount: forks.count,
    forks: forks.examples,
    startsFrom: report.startsFrom,
    toSpare: report.startsFrom === 'unknown' ? null : Math.max(0, report.maxMapCount - peakVmas),
    guards: {
      ...summary.guards,
      list: report.guards
        .slice(0, MAX_GUARDS)
        .map(({ start, end }) => ({ start: hexAddress(start), end: hexAddress(end) })),
    },
    map: report.map.map(vmaJson),
    pageTables: {
      tables: summary.tablesKb === null ? null : (summary.tablesKb * 1024) / PAGE_SIZE,
      kB: summary.tablesKb,
    },
    fork: {
      ...forkTotals,
      ...shownJson(report.forkShown),
      proven,
      tablesKbAtMost: childTablesKbAtMost,
      refaultTablesKb,
      reserves,
    },
    assumed: summary.assumed,
    violations: report.violations,
    assumptions: report.assumptions,
    others: report.others.map(({ pid, program, notModelled, wrongPlaces, wrongResults }) => ({
      pid,
      program,
      notModelled,
      places: wrongJson(wrongPlaces),
      results: wrongJson(wrongResults),
    })),
    final: final && {
      file: final.file,
      real: final.real,
      model: final.model,
      equal: final.equal,
      flagsUnknown: final.flagsUnknown,
      differences: final.differences.map(differenceJson),
    },
  };
}

function wrongJson({ count, examples }: Found<WrongAnswer>) {
  return {
    wrong: count,
    examples: examples.map(({ log, model, ...ref }) => ({ ...ref, log: showResult(log), model: showResult(model) })),
  };
}

function outsideJson({ count, examples }: Found<OutsideAnswer>) {
  return {
    count,
    examples: examples.map(({ log, model, ...rest }) => ({ ...rest, log: showResult(log), model: showResult(model) })),
  };
}

function refusalsJson({ rule, flags, count, examples }: RefusalRows) {
  return {
    rule,
    title: RULE_WORDS[rule].title,
    detail: flagsDiffWords(flags),
    count,
    examples: examples.map(({ line, call, of, side, neighbour: { start, end, perms }, refusal, paths }) => ({
      line,
      call,
      of,
      side,
      neighbour: { start: hexAddress(start), end: hexAddress(end), perms },
      text: refusalText(refusal, (file) => paths[file] ?? ''),
    })),
  };
}

function vmaJson(row: VmaRow) {
  const { anonVma, assumed, guardPages, resident, fork, above } = row;
  return {
    ...vmaPartJson(row),
    anonVma,
    assumed,
    guardPages,
    resident,
    fork: { action: fork.action, why: whyForked(row), ptes: fork.ptes, tablesKb: fork.kBAtMost },
    wall: wallJson(above),
    seam: above.kind === 'seam',
  };
}

/** What the JSON of a replay and of a smaps say alike of a VMA. */
export function vmaPartJson(row: VmaRow) {
  const { start, end, perms, pgoff, pageSize, backing, name } = row;
  const pages = (end - start) / pageSize;
  return { start: hexAddress(start), end: hexAddress(end), pages, perms, pgoff, flags: flagWords(row), backing, name };
}

/** Why fork does with a VMA what it does, in a few words. */
export function whyForked({ fork }: VmaRow): string {
  return forkShort(fork, formatVmFlags(fork.flags));
}

function wallJson(above: AboveRow) {
  return above.kind === 'wall' ? { rule: above.refusal.rule, text: refusalShort(above.refusal) } : null;
}
