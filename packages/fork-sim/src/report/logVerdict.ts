import type { ReplayOutcome } from './replayOutcome.ts';

/** How a log and the model agree, and what of the log could not be held against the model. */
export interface LogVerdict {
  /**
   * `same`: every line was read, every call could be judged, and all ended and landed as the log says. `open`: nothing differs, and not all
   * could be judged. `differs`: a result or a place is another in the model.
   */
  readonly kind: 'same' | 'open' | 'differs';
  /** Calls whose result or place is another in the model. */
  readonly wrong: number;
  /** Lines of the log that could not be read. */
  readonly unread: number;
  /** Calls on memory that the log does not show. */
  readonly unknownMemory: number;
  /** Calls that are not modelled, or not as they were made. */
  readonly notModelled: number;
  /** Calls that were refused for a reason outside of the model. */
  readonly outside: number;
}

/**
 * Holds one process of a replay against the log.
 *
 * @param unread lines of the log that could not be read
 */
export function logVerdict(
  {
    wrongResults,
    wrongPlaces,
    unknownMemory,
    notModelled,
    outsideResults,
  }: Pick<ReplayOutcome, 'wrongResults' | 'wrongPlaces' | 'unknownMemory' | 'notModelled' | 'outsideResults'>,
  unread: number,
): LogVerdict {
  const found = {
    wrong: wrongResults.count + wrongPlaces.count,
    unread,
    unknownMemory: unknownMemory.count,
    notModelled: notModelled.reduce((sum, { count }) => sum + count, 0),
    outside: outsideResults.count,
  };
  const { wrong, ...open } = found;
  const kind = wrong > 0 ? 'differs' : Object.values(open).some((count) => count > 0) ? 'open' : 'same';
  return { kind, ...found };
}
