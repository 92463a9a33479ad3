import type { SmapsEntry } from 'proc-io';
import { lacksFlags } from '../replay/flagsOfSmaps.ts';

/** What a map of a process does not tell, and what is taken instead: sentences, for a reader of what is said of it. */
export function smapsNotes(smaps: readonly SmapsEntry[]): string[] {
  const notes: string[] = [];
  if (lacksFlags(smaps)) {
    notes.push(
      'maps shows no flags; smaps would. They are taken as an ordinary mapping has them, so neighbours that "could merge" may still differ by a flag.',
    );
  }
  if (smaps.some(({ fields }) => !fields.has('Anonymous'))) {
    notes.push(
      'Which mappings have pages of their own is not shown; smaps would show it. Private writable memory is taken as written, everything else as not.',
    );
  }
  return notes;
}
