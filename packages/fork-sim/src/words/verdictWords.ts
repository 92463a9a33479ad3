import { countOf, formatCount } from './numbers.ts';

interface Count {
  readonly count: number;
}

/** What of a replay was compared with the log, and what of it came out otherwise. */
interface Judged {
  readonly performed: number;
  readonly wrongResults: Count;
  readonly outsideResults: Count;
  readonly unknownMemory: Count;
  /** Calls that came out otherwise in a process of threads whose order is not known. */
  readonly unordered?: Count;
  /** Calls that came out otherwise behind a line that could not be read. */
  readonly afterUnread?: Count;
  readonly notModelled: readonly Count[];
  readonly placesChecked: number;
  readonly wrongPlaces: Count;
  /** Invariants that the model breaks. */
  readonly violations: readonly unknown[];
}

/** What could not be judged: neither right nor wrong. */
export interface Unjudged {
  /** Calls that failed for a reason outside of the model. */
  readonly outside: number;
  /** Calls on memory from before the log. */
  readonly unknownMemory: number;
  /** Calls that are not modelled as made. */
  readonly notModelled: number;
  /** Lines that could not be read. */
  readonly unread: number;
  /** Maps of processes that the log does not show. */
  readonly unused: number;
}

/** A map, compared with the real one. */
export interface ComparedMap {
  readonly real: number;
  readonly equal: number;
  readonly differing: number;
  /** VMAs of which one side shows no flags. */
  readonly flagsUnknown: number;
}

/** How a comparison ended: `open` where nothing is wrong and not all could be judged; `none` where there was nothing to compare. */
export interface Verdict {
  readonly state: 'right' | 'wrong' | 'open' | 'none';
  readonly text: string;
}

/** What of some processes could not be judged; `unread` and `unused` are of their log. */
export function unjudgedOf(judged: readonly Judged[], unread: number, unused = 0): Unjudged {
  const sum = (of: (one: Judged) => number): number => judged.reduce((total, one) => total + of(one), 0);
  return {
    outside: sum(({ outsideResults }) => outsideResults.count),
    unknownMemory: sum(({ unknownMemory }) => unknownMemory.count),
    notModelled: sum(({ notModelled }) => notModelled.reduce((total, { count }) => total + count, 0)),
    unread,
    unused,
  };
}

/** What could not be judged; empty: nothing. */
export function unjudgedText({ outside, unknownMemory, notModelled, unread, unused }: Unjudged): string {
  const parts = [
    outside > 0 ? `${formatCount(outside)} failed for a reason outside of the model` : '',
    unknownMemory > 0 ? `${countOf(unknownMemory, 'call')} on memory from before the log` : '',
    notModelled > 0 ? `${countOf(notModelled, 'call')} not modelled as made` : '',
    unread > 0 ? `${countOf(unread, 'line')} could not be read` : '',
    unused > 0 ? `${countOf(unused, 'map')} of a process that the log does not show` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * Did every call end as the log says?
 *
 * @param unread lines of the log that could not be read
 * @param unused maps that were given of processes which the log does not show
 */
export function resultsVerdict(judged: Judged, unread: number, unused = 0): Verdict {
  const { performed, wrongResults, violations } = judged;
  const wrong = wrongResults.count;
  const unjudged = unjudgedOf([judged], unread, unused);
  const unordered = judged.unordered?.count ?? 0;
  const ofThreads = unordered === 0 ? '' : `${countOf(unordered, 'call')} of threads whose order the files do not show`;
  const afterUnread = judged.afterUnread?.count ?? 0;
  const behind = afterUnread === 0 ? '' : `${countOf(afterUnread, 'call')} behind a line that could not be read`;
  const rest = [ofThreads, behind, unjudgedText(unjudged)].filter((part) => part !== '').join(', ');
  const and = rest === '' ? '' : `; ${rest}`;
  if (violations.length > 0)
    return { state: 'wrong', text: `the model breaks ${countOf(violations.length, 'rule')} of its own${and}` };
  if (performed === 0) return { state: rest === '' ? 'none' : 'open', text: `no call to compare${and}` };
  if (wrong > 0)
    return {
      state: 'wrong',
      text: `${formatCount(wrong)} of ${formatCount(performed)} did not end as the log says${and}`,
    };
  const ended = 'ended as the log says';
  if (rest === '') return { state: 'right', text: `${allOf(performed, 'call')} ${ended}` };
  const judgedCalls = performed - unjudged.outside - unjudged.unknownMemory - unordered - afterUnread;
  return { state: 'open', text: `${formatCount(judgedCalls)} of ${countOf(performed, 'call')} ${ended}${and}` };
}

/** Is a map at the end as the real one? */
export function mapVerdict(compared: ComparedMap, file: string): Verdict {
  const { real, equal, differing, flagsUnknown } = compared;
  const what =
    flagsUnknown > 0
      ? 'range, permissions, offset; a maps shows no flags, smaps would'
      : 'range, permissions, offset, every flag';
  if (real === 0 && differing === 0) return { state: 'none', text: `no VMA to compare in ${file}` };
  if (differing === 0) return { state: 'right', text: `${allOf(real, 'VMA')} as in ${file}: ${what}` };
  const how = flagsUnknown > 0 ? ` (${what})` : '';
  return {
    state: 'wrong',
    text: `${formatCount(equal)} of ${countOf(real, 'VMA')} as in ${file}${how}; ${countOf(differing, 'difference')}`,
  };
}

/** Did every mapping without an address land where the log says? */
export function placesVerdict({ placesChecked, wrongPlaces }: Judged): Verdict {
  const one = 'mapping without an address';
  if (placesChecked === 0) return { state: 'none', text: `no ${one} to compare` };
  const landed = 'landed where the log says';
  if (wrongPlaces.count === 0) {
    return { state: 'right', text: `${allOf(placesChecked, one, 'mappings without an address')} ${landed}` };
  }
  return {
    state: 'wrong',
    text: `${formatCount(wrongPlaces.count)} of ${formatCount(placesChecked)} did not land where the log says`,
  };
}

function allOf(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `the one ${one}` : `all ${formatCount(count)} ${many}`;
}
