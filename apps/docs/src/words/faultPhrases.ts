import type { FaultAssumption } from 'fork-sim';

/** What can be assumed of page faults, which a log does not show. */
export const FAULTS: readonly { readonly value: FaultAssumption; readonly text: string }[] = [
  { value: 'on-map', text: 'as soon as it is writable' },
  { value: 'auto', text: 'when the program goes on, not while a loader works' },
  { value: 'never', text: 'never' },
];

/** What is assumed where nobody chose. */
export const USUAL_FAULTS = 'as soon as it is writable, or as the real map shows';
