import type { LeftOutLine, MapForm, Smaps, SmapsEntry } from 'proc-io';
import { lacksFlags } from '../replay/flagsOfSmaps.ts';
import { geometryOf, isGateVma, isOtherMachine } from '../replay/mapGeometry.ts';
import { countOf, formatCount } from '../words/numbers.ts';

/** A map as it was read. */
export type ReadMap = Pick<Smaps, 'entries' | 'form' | 'leftOut' | 'cut'>;

/** Where the map was read from, if not from the kernel, and what the tool does not show of it. */
const FORM_NOTES: { readonly [form in MapForm]: string | null } = {
  kernel: null,
  hsErr: 'Read from the section "Dynamic libraries" of a JVM\'s hs_err file.',
  pmap: 'Read from the output of pmap, which shows only the last part of a path.',
  gdb: "Read from gdb's info proc mappings, which shows no inodes: mappings of one name are taken as one file.",
  lldb: "Read from lldb's memory region, which shows neither offsets nor shared mappings, and nameless PROT_NONE as a hole.",
  tombstone: 'Read from an Android tombstone, which does not show shared mappings: every mapping is taken as private.',
};

/** Lines left out that are shown. */
const MAX_LINES = 3;

/** What reading a map left out: sentences. */
function readingNotes({ form, leftOut, cut }: ReadMap): string[] {
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

/** A map of another machine than x86-64 with four levels: what of the answers is true of it. */
function machineNotes(entries: readonly SmapsEntry[]): string[] {
  if (!isOtherMachine(entries)) return [];
  const { pageSize, levels } = geometryOf(entries);
  const pages = `pages of ${pageSize / 1024} kB`;
  const top = entries.findLast((entry) => !isGateVma(entry))?.end ?? 0;
  const bits = Math.ceil(Math.log2(top));
  const tables =
    levels === null
      ? 'its page tables are not known, and not counted'
      : `its page tables are counted by ${levels.length} levels below the top`;
  return [
    `This is not x86-64 with four levels: ${pages}, addresses of ${bits} bits. What may merge is said by the same rules; ${tables}.`,
  ];
}

/** Mappings that a map must have at least before their addresses tell anything of the size of pages. */
const MIN_MAPPINGS = 4;

/** A map without `KernelPageSize:` of a machine that seems to have larger pages: `maps` does not show their size. */
function pageSizeNotes(entries: readonly SmapsEntry[]): string[] {
  const mappings = entries.filter((entry) => !isGateVma(entry));
  if (mappings.length < MIN_MAPPINGS || entries.some(({ fields }) => fields.has('KernelPageSize'))) return [];
  const kb = [64, 16].find((size) =>
    mappings.every(({ start, end }) => isMultiple(start, size) && isMultiple(end, size)),
  );
  if (kb === undefined) return [];
  return [
    `Every mapping begins and ends at a multiple of ${kb} kB, as on a machine with such pages (arm64, PowerPC); maps does not show their size, smaps would. Pages of 4 kB are taken.`,
  ];
}

function isMultiple(address: number, kb: number): boolean {
  return address % (kb * 1024) === 0;
}

/** Transparent huge pages: what a fork copies of them. */
function hugeNotes(entries: readonly SmapsEntry[]): string[] {
  const hugeKb = entries.reduce((sum, { fields }) => sum + (fields.get('AnonHugePages') ?? 0), 0);
  const { levels, pageSize } = geometryOf(entries);
  if (hugeKb === 0 || levels === null) return [];
  const huge = (hugeKb * 1024) / levels[0]!;
  const small = formatCount((hugeKb * 1024) / pageSize);
  return [
    `AnonHugePages: ${countOf(huge, 'huge page')}, each one entry for a fork to copy instead of ${small} in all; as many page tables, as one is kept for each.`,
  ];
}

/** The same of a map that a log is replayed with: what was mapped when it begins, or really was when it ends. */
export function mapNotes(which: 'initial' | 'final', read: ReadMap): string[] {
  return readingNotes(read).map((note) => `The ${which} map: ${note.charAt(0).toLowerCase()}${note.slice(1)}`);
}

/** What a map of a process does not tell, and what is taken instead: sentences, for a reader of what is said of it. */
export function smapsNotes(read: ReadMap): string[] {
  const { entries } = read;
  const notes = [...readingNotes(read), ...machineNotes(entries), ...pageSizeNotes(entries), ...hugeNotes(entries)];
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
