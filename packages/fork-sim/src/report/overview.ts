import type { FaultAssumption, MapStart } from '../replay/replaySpace.ts';
import type { OverviewFork } from '../words/overviewWords.ts';
import type { Consumer } from './consumers.ts';
import type { FailureRow } from './failureRows.ts';
import type { FaultsFound } from './faultSearch.ts';
import type { ForkEntries } from './forkEntries.ts';
import { forkTime } from './forkTime.ts';
import type { CallRef } from './found.ts';
import type { MapSummary } from './mapSummary.ts';
import type { OneFlagApart } from './oneFlagApart.ts';
import type { ProcessRow } from './processRows.ts';
import type { ReplayOutcome } from './replayOutcome.ts';
import type { SmapsFork } from './smapsReport.ts';
import type { GuardsAnswer } from './whatIf.ts';

export type { OverviewFork };

/** What a report says at first sight of one process, from a log or from a map. Plain data; its words are in `words/`. */
export interface Overview {
  readonly of: 'log' | 'map';
  readonly pid: number | null;
  readonly program: string | null;
  /** What the process is, where its address space is not the one that is modelled; `null`: nothing shows that. */
  readonly machine: string | null;
  /** What the counts start from: without a map at the start they leave out what was mapped before. */
  readonly startsFrom: MapStart;
  /** VMAs at the start, at most, and now: where the log ends, or as the map is. */
  readonly vmas: { readonly start: number; readonly peak: number; readonly now: number };
  /** The call after which there were most; `null`: never more than at the start, or there is no log. */
  readonly peakCall: CallRef | null;
  readonly maxMapCount: number;
  /** What consumes them at the peak, the largest group first. */
  readonly consumers: readonly Consumer[];
  /** Calls that failed in the log, each kind with its reason. */
  readonly failures: readonly FailureRow[];
  /** What would help, the largest saving first. */
  readonly helps: readonly Help[];
  /** PROT_NONE guards beside memory, and the VMAs that there would be at the peak, were they markers; `null`: there are none. */
  readonly guards: OverviewGuards | null;
  /** Where it is known which memory was written; `null`: it is a map, or of another machine. */
  readonly faults: OverviewFaults | null;
  readonly fork: OverviewFork;
  /** Forks in the log, vforks and threads left out, and processes that the log shows besides. */
  readonly forks: number;
  readonly otherProcesses: number;
  /** Every process of the log in a line, in its order; of 10,000 at most of those that are gone. Empty: it is a map. */
  readonly processes: readonly ProcessRow[];
}

/** On which page faults an answer rests. */
export interface OverviewFaults {
  /** They were recorded beside the log: nothing is assumed. */
  readonly recorded: boolean;
  /** What is assumed where they were not. */
  readonly assumed: FaultAssumption;
  /** VMAs in which the map at the end is not the real one; `null`: that is not known. */
  readonly differing: number | null;
  /** What was looked for because the map differed; `null`: nothing was. */
  readonly found: FaultsFound | null;
}

/** An overview that says too which page faults were looked for. */
export function withFaultsFound(overview: Overview, found: FaultsFound | null): Overview {
  return { ...overview, faults: overview.faults && { ...overview.faults, found } };
}

/** PROT_NONE guards, were they guard markers. */
export interface OverviewGuards extends Pick<GuardsAnswer, 'guards' | 'sizes' | 'longest' | 'profile' | 'tablesKb'> {
  /** VMAs that would be left at the peak. */
  readonly left: number;
}

/** A change of the program, and how many VMAs it saves at the peak. */
export type Help =
  | { readonly kind: 'markers'; readonly saves: number; readonly left: number; readonly profile: string }
  | { readonly kind: 'oneMapping'; readonly saves: number; readonly consumer: number }
  | ({ readonly kind: 'oneFlag'; readonly saves: number } & Pick<OneFlagApart, 'flag' | 'at'>);

/** Instances from which on one mapping in place of them is worth a word, and the part of all VMAs that they must be. */
const MIN_INSTANCES = 16;
const MIN_PART = 0.1;
/** Pairs that one flag keeps apart: from here on they are worth a word. */
const MIN_PAIRS = 3;

/** What an overview is made of, however it was found. */
interface MapParts {
  readonly consumers: readonly Consumer[];
  readonly guards: OverviewGuards | null;
  readonly flags: readonly OneFlagApart[];
}

interface Parts extends MapParts {
  readonly faults: OverviewFaults;
  /** Pages of what a fork copies now, as the real map at the end has them; `null`: that is not known, or is another map. */
  readonly shown: ForkEntries | null;
  /** Processes that the log shows, this one too, and their rows. */
  readonly processesSeen: number;
  readonly processes: readonly ProcessRow[];
}

/** An overview of a log's process. `guards`: PROT_NONE guards as markers. */
export function overviewOfLog(outcome: ReplayOutcome, summary: MapSummary, parts: Parts): Overview {
  const { pid, program, machine, startsFrom, startVmas, peakVmas, endVmas, peakCall, maxMapCount } = outcome;
  const { copy, refault } = summary.forkTotals;
  const { shown } = parts;
  return {
    of: 'log',
    pid,
    program,
    machine,
    startsFrom,
    vmas: { start: startVmas, peak: peakVmas, now: endVmas },
    peakCall,
    maxMapCount,
    ...withHelps(parts, peakVmas),
    failures: outcome.failures,
    faults: machine === null ? parts.faults : null,
    fork: {
      copy: copy.vmas,
      refault: refault.vmas,
      pages: shown?.resident ?? copy.pages,
      pageSize: summary.pageSize,
      resident: shown !== null,
      entries: shown?.entries ?? null,
      hugeEntries: shown?.huge ?? null,
      tablesKbAtMost: summary.childTablesKbAtMost,
      time: shown && forkTime({ vmas: endVmas, entries: shown.entries, huge: shown.huge }),
    },
    forks: outcome.forks.count,
    otherProcesses: parts.processesSeen - 1,
    processes: parts.processes,
  };
}

/** Whose map it is. */
export interface MapOwner {
  readonly pid: number | null;
  readonly program: string | null;
  readonly maxMapCount: number;
}

/** What is said of guards at first sight; `left`: the VMAs that there would be. */
export function overviewGuards(answer: GuardsAnswer | null, left: 'peakVmas' | 'endVmas'): OverviewGuards | null {
  if (answer === null || answer.guards === 0) return null;
  const { guards, sizes, longest, profile, tablesKb } = answer;
  return { guards, sizes, longest, profile, tablesKb, left: answer[left] };
}

/** What is known of a map besides its VMAs. */
interface MapFacts extends MapOwner {
  readonly vmas: number;
  readonly pageSize: number;
  /** Pages of what is copied, where the map does not tell which are resident. */
  readonly copiedPages: number;
}

/** An overview of a map. `fork`: on the kernel that was asked for. */
export function overviewOfMap(facts: MapFacts, fork: SmapsFork, parts: MapParts): Overview {
  const { pid, program, vmas, maxMapCount, pageSize, copiedPages } = facts;
  const { residentPages, entries, hugeEntries } = fork;
  return {
    of: 'map',
    pid,
    program,
    machine: null,
    startsFrom: 'map',
    vmas: { start: vmas, peak: vmas, now: vmas },
    peakCall: null,
    maxMapCount,
    ...withHelps(parts, vmas),
    failures: [],
    faults: null,
    fork: {
      copy: fork.copy,
      refault: fork.refault,
      pages: residentPages ?? copiedPages,
      pageSize,
      resident: residentPages !== null,
      entries,
      hugeEntries,
      tablesKbAtMost: fork.childTablesKbAtMost,
      time: entries === null || hugeEntries === null ? null : forkTime({ vmas, entries, huge: hugeEntries }),
    },
    forks: 0,
    otherProcesses: 0,
    processes: [],
  };
}

/** @param vmas VMAs at the peak */
function withHelps(
  { consumers, guards, flags }: MapParts,
  vmas: number,
): Pick<Overview, 'consumers' | 'guards' | 'helps'> {
  const helps: Help[] = [];
  const saves = guards === null ? 0 : vmas - guards.left;
  if (guards !== null && saves > 0) helps.push({ kind: 'markers', saves, left: guards.left, profile: guards.profile });
  for (const [at, { group }] of consumers.entries()) {
    if (group !== null && isOneByOne(group, vmas))
      helps.push({ kind: 'oneMapping', saves: group.count - 1, consumer: at });
  }
  for (const { flag, pairs, at } of flags) {
    if (pairs >= MIN_PAIRS) helps.push({ kind: 'oneFlag', saves: pairs, flag, at });
  }
  return { consumers, guards, helps: helps.sort((a, b) => b.saves - a.saves) };
}

/** VMAs of one kind that stand alone: mapped as one they would be one. */
function isOneByOne({ members, count }: NonNullable<Consumer['group']>, vmas: number): boolean {
  const [member] = members;
  if (members.length !== 1 || member === undefined || member.backing === 'special') return false;
  return count >= Math.max(MIN_INSTANCES, vmas * MIN_PART);
}
