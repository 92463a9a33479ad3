import type { LeftOutLine, MapForm, Smaps } from 'proc-io';
import { lacksFlags } from '../replay/flagsOfSmaps.ts';
import { countOf } from '../words/numbers.ts';

/** A map as it was read. */
export type ReadMap = Pick<Smaps, 'entries' | 'form' | 'leftOut' | 'cut'>;

/** Where the map was read from, if not from the kernel, and what the tool does not show of it. */
const FORM_NOTES: { readonly [form in MapForm]: string | null } = {
  kernel: null,
  hsErr: 'Read from the section "Dynamic libraries" of a JVM\'s hs_err file.',
  pmap: 'Read from the output of pmap, which shows only the last part of a path.',
  gdb: "Read from gdb's info proc mappings, which shows no inodes: mappings of one name are taken as one file.",
  lldb: "Read from lldb's memory region, which shows neither offsets nor what is shared, and nameless PROT_NONE as a hole.",
  tombstone: 'Read from an Android tombstone, which does not show what is shared: every mapping is taken as private.',
};

/** Lines left out that are shown. */
const MAX_LINES = 3;

/** What reading a map left out: sentences. */
export function readingNotes({ form, leftOut, cut }: ReadMap): string[] {
  const notes: string[] = [];
  const of = FORM_NOTES[form];
  if (of !== null) notes.push(of);
  if (leftOut.count > 0 && form === 'kernel') notes.push(leftOutNote(leftOut));
  if (cut !== null) {
    const what =
      cut.start === null ? 'what follows is missing' : `the mapping at ${cut.start.toString(16)} is not whole`;
    notes.push(`The file breaks off in line ${cut.line}: ${what}, and left out.`);
  }
  return notes;
}

function leftOutNote({ count, first }: Smaps['leftOut']): string {
  const shown = first.slice(0, MAX_LINES).map(({ line, text }: LeftOutLine) => `${line} (${JSON.stringify(text)})`);
  const more = count > shown.length ? ', ...' : '';
  return `${countOf(count, 'line is', 'lines are')} no part of a map and left out: line ${shown.join(', ')}${more}.`;
}

/** The same of a map that a log is replayed with: what was mapped when it begins, or really was when it ends. */
export function mapNotes(which: 'initial' | 'final', read: ReadMap): string[] {
  return readingNotes(read).map((note) => `The ${which} map: ${note.charAt(0).toLowerCase()}${note.slice(1)}`);
}

/** What a map of a process does not tell, and what is taken instead: sentences, for a reader of what is said of it. */
export function smapsNotes(read: ReadMap): string[] {
  const { entries } = read;
  const notes = readingNotes(read);
  if (lacksFlags(entries)) {
    notes.push(
      'maps shows no flags; smaps would. They are taken as an ordinary mapping has them, so neighbours that "could merge" may still differ by a flag.',
    );
  }
  if (entries.some(({ fields }) => !fields.has('Anonymous'))) {
    notes.push(
      'Which mappings have pages of their own is not shown; smaps would show it. Private writable memory is taken as written, everything else as not.',
    );
  }
  return notes;
}
