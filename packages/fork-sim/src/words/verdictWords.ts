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
  readonly notModelled: readonly Count[];
  readonly placesChecked: number;
  readonly wrongPlaces: Count;
}

/** How a comparison ended: `open` where nothing is wrong and not all could be judged; `none` where there was nothing to compare. */
export interface Verdict {
  readonly state: 'right' | 'wrong' | 'open' | 'none';
  readonly text: string;
}

/**
 * Did every call end as the log says?
 *
 * @param unread lines of the log that could not be read
 * @param unused maps that were given of processes which the log does not show
 */
export function resultsVerdict(judged: Judged, unread: number, unused = 0): Verdict {
  const { performed, wrongResults, outsideResults, unknownMemory, notModelled } = judged;
  const notAsMade = notModelled.reduce((sum, { count }) => sum + count, 0);
  const wrong = wrongResults.count;
  const [outside, unknown] = [outsideResults.count, unknownMemory.count];
  const rest = [
    outside > 0 ? `${formatCount(outside)} failed for a reason outside of the model` : '',
    unknown > 0 ? `${countOf(unknown, 'call')} on memory from before the log` : '',
    notAsMade > 0 ? `${countOf(notAsMade, 'call')} not modelled as made` : '',
    unread > 0 ? `${countOf(unread, 'line')} could not be read` : '',
    unused > 0 ? `${countOf(unused, 'map')} of a process that the log does not show` : '',
  ].filter((part) => part !== '');
  const and = rest.length === 0 ? '' : `; ${rest.join(', ')}`;
  if (performed === 0) return { state: rest.length > 0 ? 'open' : 'none', text: `no call to compare${and}` };
  if (wrong > 0)
    return {
      state: 'wrong',
      text: `${formatCount(wrong)} of ${formatCount(performed)} did not end as the log says${and}`,
    };
  const ended = 'ended as the log says';
  if (rest.length === 0) return { state: 'right', text: `${allOf(performed, 'call')} ${ended}` };
  const judgedCalls = performed - outside - unknown;
  return { state: 'open', text: `${formatCount(judgedCalls)} of ${countOf(performed, 'call')} ${ended}${and}` };
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
