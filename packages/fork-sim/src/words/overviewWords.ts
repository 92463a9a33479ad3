import type { VmFlags } from 'vma-core';
import { flagsDiffWords } from 'vma-core/words';
import { type ConsumerWords, consumerText } from './consumerWords.ts';
import { errnoText, type FailureWords, failureWhy, isNotForVmas } from './failureWords.ts';
import { type FaultsWords, overviewFaultsText } from './faultWords.ts';
import { FLAG_MEANINGS } from './flagMeanings.ts';
import { timeText } from './forkWords.ts';
import { roomText, unseenText } from './limitWords.ts';
import { countOf, formatCount, formatKb, formatSize } from './numbers.ts';

/** What is said of one process at first sight; see `Overview`. */
export interface OverviewWords {
  readonly of: 'log' | 'map';
  readonly machine: string | null;
  readonly startsFrom: 'map' | 'execve' | 'unknown';
  readonly vmas: { readonly start: number; readonly peak: number; readonly now: number };
  readonly peakCall: { readonly line: number; readonly call: string } | null;
  readonly forks: number;
  readonly otherProcesses: number;
  readonly processes: readonly unknown[];
  readonly maxMapCount: number;
  readonly consumers: readonly ConsumerWords[];
  readonly failures: readonly FailureWords[];
  readonly helps: readonly HelpWords[];
  readonly guards: { readonly guards: number; readonly left: number } | null;
  readonly faults: FaultsWords | null;
  readonly fork: OverviewFork;
}

type HelpWords =
  | { readonly kind: 'markers'; readonly saves: number; readonly left: number; readonly profile: string }
  | { readonly kind: 'oneMapping'; readonly saves: number; readonly consumer: number }
  | { readonly kind: 'oneFlag'; readonly saves: number; readonly flag: VmFlags };

/** What a fork would do now. */
export interface OverviewFork {
  readonly copy: number;
  readonly refault: number;
  /** Pages of what is copied: resident ones where the map tells, else all that may be. */
  readonly pages: number;
  readonly pageSize: number;
  /** The pages are resident ones. */
  readonly resident: boolean;
  /** Entries to copy; `null`: a log has no page faults, or the map does not tell. */
  readonly entries: number | null;
  /** Those of them that are huge; `null` likewise. */
  readonly hugeEntries: number | null;
  /** Page tables of the child at most; kB. `null`: the machine's are not known. */
  readonly tablesKbAtMost: number | null;
  /** How long it takes; ms. `null`: how many entries there are is not known. */
  readonly time: { readonly from: number; readonly to: number } | null;
}

/** Page tables from which on the cost of a fork belongs into the first sentence; kB. */
const DEAR_FORK = 4096;

/** The answer in one sentence. */
export function headline(overview: OverviewWords): string {
  const { machine, failures } = overview;
  if (machine !== null && overview.vmas.peak === 0) return `The log is of ${machine}, which is not modelled.`;
  if (overview.vmas.peak === 0)
    return `${overview.of === 'log' ? 'The log' : 'The file'} shows no mapping of the process.`;
  const parts = [
    machineClause(overview),
    failureClause(overview),
    peakClause(overview),
    guardsClause(overview),
    forkClause(overview),
  ];
  const isShort = failures.some(isLimit) || failures.some(isNotForVmas);
  const said = parts.filter((part) => part !== '').slice(0, (isShort ? 2 : 3) + (machine === null ? 0 : 1));
  const text = said.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function machineClause({ machine }: OverviewWords): string {
  return machine === null ? '' : `the log is of ${machine}, so VMAs are counted and places are not judged`;
}

function isLimit({ reason }: FailureWords): boolean {
  return reason === 'limit' || reason === 'maybeLimit';
}

/** The failure that is asked about first, if there is one: for the limit, or for another shortage. */
function failureClause({ failures, maxMapCount }: OverviewWords): string {
  const limited = failures.filter(({ reason }) => reason === 'limit');
  const [first] = limited.toSorted((a, b) => a.first.line - b.first.line);
  if (first !== undefined) {
    const calls = limited.reduce((sum, { count }) => sum + count, 0);
    const names = [...new Set(limited.map(({ name }) => name))].join(', ');
    const where = `${calls === 1 ? '' : 'the first '}in line ${formatCount(first.first.line)}: ${errnoText(first.errno)}`;
    return `${countOf(calls, 'call')} failed at the limit, max_map_count ${formatCount(maxMapCount)} (${names}), ${where}`;
  }
  const one = failures.find(({ reason }) => reason === 'maybeLimit') ?? failures.find(isNotForVmas);
  if (one === undefined) return '';
  const more = one.count > 1 ? ` (and ${formatCount(one.count - 1)} more)` : '';
  return `line ${formatCount(one.first.line)}${more}, ${one.name}, ${failedText(one)}: ${failureWhy(one, maxMapCount)}`;
}

function failedText({ errno }: FailureWords): string {
  return errno === 'refused' ? 'did not move the break' : `failed with ${errno}`;
}

/** How many VMAs, where there were most, and how far that is from the limit. */
function peakClause(overview: OverviewWords): string {
  const { of, vmas, peakCall, startsFrom, guards, maxMapCount } = overview;
  const least = startsFrom === 'map' ? '' : 'at least ';
  const at = peakCall === null ? '' : ` (line ${formatCount(peakCall.line)})`;
  const count = `${least}${countOf(vmas.peak, 'VMA')}${of === 'log' ? ` at the peak${at}` : ''}`;
  const isFar = 2 * vmas.peak < maxMapCount;
  return startsFrom === 'unknown' || (guards !== null && isFar) ? count : `${count}, ${roomClause(overview)}`;
}

/** How far the peak is from the limit. Without the map at the start a few VMAs are not counted. */
function roomClause({ vmas: { peak }, maxMapCount, startsFrom }: OverviewWords): string {
  const limit = `the limit of ${formatCount(maxMapCount)}`;
  if (peak > maxMapCount) return `more than ${limit}: no call may add one`;
  if (peak === maxMapCount) return `which is ${limit}: one mapping more is possible, and no cut in a VMA`;
  if (startsFrom === 'map') return `${formatCount(maxMapCount - peak)} below ${limit}`;
  return 10 * peak < 9 * maxMapCount ? `far below ${limit}` : `near ${limit}`;
}

/** What PROT_NONE guards cost, and what would be left of it. */
function guardsClause({ guards, vmas, of }: OverviewWords): string {
  if (guards === null || guards.left >= vmas.peak) return '';
  const saved = vmas.peak - guards.left;
  const cost = `${countOf(guards.guards, 'PROT_NONE guard')} ${guards.guards === 1 ? 'costs' : 'cost'} ${formatCount(saved)} of them`;
  return `${cost}; as guard markers ${of === 'log' ? 'the peak would be' : 'there would be, at best,'} ${formatCount(guards.left)}`;
}

function forkClause({ fork, of }: OverviewWords): string {
  const { tablesKbAtMost } = fork;
  if (of !== 'map' || tablesKbAtMost === null || tablesKbAtMost < DEAR_FORK || fork.entries === null) return '';
  return `a fork copies ${entriesText(fork)} and up to ${formatKb(tablesKbAtMost)} of page tables${lastsText(fork)}`;
}

/** How many entries a fork copies, and how many that would be without huge pages. */
function entriesText({ entries, hugeEntries, pages }: OverviewFork): string {
  const all = countOf(entries ?? 0, 'page-table entry', 'page-table entries');
  if (hugeEntries === null || hugeEntries === 0) return all;
  return `${all} (${countOf(hugeEntries, 'huge page')}; ${formatCount(pages)} with small pages alone)`;
}

/** Where the process stands below the limit, in words. */
function limitText({ vmas, maxMapCount, startsFrom, of }: OverviewWords): string {
  const room = roomText({ vmas: vmas.peak, maxMapCount, startsFrom });
  const when = of === 'log' && startsFrom === 'map' && vmas.peak < maxMapCount ? ' at the peak' : '';
  return `max_map_count ${formatCount(maxMapCount)}: ${room}${when}`;
}

/** How long it takes, where that is known. */
function lastsText({ time }: OverviewFork): string {
  return time === null ? '' : `, in some ${timeText(time)}`;
}

/** What is said of the process besides the answer: a label and a text each. */
export function overviewFacts(overview: OverviewWords): (readonly [label: string, text: string])[] {
  const { vmas, startsFrom, of, peakCall, machine } = overview;
  const all: [string, string][] = [['limit', limitText(overview)]];
  if (of === 'log') {
    const [start, peak, now] = [vmas.start, vmas.peak, vmas.now].map(formatCount);
    const counts =
      startsFrom === 'map'
        ? `${start} at the start, ${peak} at the peak, ${now} at the end`
        : `at least ${peak} at the peak, ${now} at the end${unseenText(startsFrom)}`;
    all.push(['VMAs', counts]);
  }
  if (peakCall !== null) all.push(['peak', `line ${formatCount(peakCall.line)}: ${peakCall.call}`]);
  if (vmas.now > 0 && machine === null) all.push(['a fork now', overviewForkText(overview)]);
  if (overview.faults !== null && vmas.now > 0) all.push(['page faults', overviewFaultsText(overview.faults)]);
  const forks = forksText(overview);
  return forks === '' ? all : [...all, ['forks', forks]];
}

function forksText({ forks, otherProcesses, processes }: OverviewWords): string {
  const own = forks > 0 ? `${countOf(forks, 'fork')} of this process in the log` : '';
  const is = otherProcesses === 1 ? 'is' : 'are';
  const others =
    otherProcesses > 0 && processes.length < 2
      ? `${countOf(otherProcesses, 'other process', 'other processes')} ${is} in the log`
      : '';
  return [own, others].filter((text) => text !== '').join('; ');
}

/** What would help, in words. */
export function helpText(help: HelpWords, { consumers, vmas, of }: OverviewWords): string {
  const saved = `${countOf(help.saves, 'VMA')} less`;
  switch (help.kind) {
    case 'markers':
      return `${saved}: guard markers (MADV_GUARD_INSTALL) in place of PROT_NONE guards: ${formatCount(vmas.peak)} → ${formatCount(help.left)}${of === 'map' ? ' at best' : ''}`;
    case 'oneMapping': {
      const one = consumers[help.consumer];
      return `${saved}: one mapping in place of ${one === undefined ? 'many' : consumerText(one)}`;
    }
    case 'oneFlag':
      return `${saved}: only the flag ${flagText(help.flag)} keeps ${countOf(help.saves, 'pair')} of neighbours apart`;
    default:
      return help satisfies never;
  }
}

/** A flag by its letters, and what it means. */
function flagText(flag: VmFlags): string {
  const letters = flagsDiffWords(flag);
  const meaning = FLAG_MEANINGS[letters];
  return meaning === undefined ? letters : `${letters} (${meaning})`;
}

/** What a fork would copy, in words. */
export function overviewForkText({ fork }: OverviewWords): string {
  const { copy, refault, pages, pageSize, resident, entries, tablesKbAtMost } = fork;
  const left = refault === 0 ? '' : `; leaves ${formatCount(refault)} to refault`;
  if (copy === 0) return `copies no page tables${left}`;
  const size = formatSize(pages * pageSize);
  const memory = resident ? `${size} resident` : `at most ${size}`;
  const what = entries === null ? '' : `, ${entriesText(fork)}`;
  const tables =
    tablesKbAtMost === null ? 'page tables not known' : `${formatKb(tablesKbAtMost)} of page tables at most`;
  return `copies ${countOf(copy, 'VMA')} (${memory}${what}), ${tables}${lastsText(fork)}${left}`;
}
