import type { SmapsEntry } from 'proc-io';
import { type Mm, NO_VMA, PAGE_SIZE, VM_SHARED, type VmaRef } from 'vma-core';
import { setBrk } from 'vma-core/calls';
import { anonVmaPrepare } from 'vma-core/merge';
import { isWritten } from './boundedPageOps.ts';
import { flagsOfSmaps, SHOWN_BY_PERMS } from './flagsOfSmaps.ts';
import { LogFiles, type OpenFile } from './openFiles.ts';
import { adoptPkeys } from './performPkey.ts';
import type { ReplaySpace } from './replaySpace.ts';
import { smapsFacts, type VmaFacts } from './smapsFacts.ts';

/** Said of a map that shows no flags, or not of every mapping. */
const FLAGS_ASSUMED =
  'The initial map shows no flags (maps does not, smaps would): they are taken as an ordinary mapping has them.';

/** Said of a map of a machine that is none of x86-64 with four levels. */
const OTHER_MACHINE =
  'The initial map is of another machine than x86-64 with four levels of page tables: pages, tables and placement are those of x86-64 all the same.';

/**
 * Fills an empty address space with what a smaps lists, ready for a log to go on from.
 *
 * What smaps does not tell is taken as follows. Flags that are not shown are those of an ordinary mapping; private writable memory of which
 * not is told how much is its own counts as written. Mappings of one device, inode and name share an open file. An anonymous
 * mapping was never moved: its page offset is that of its address. Placement starts below the highest mapping under the stack: the
 * loader's end. The break is the end of `[heap]`, or unknown until the first `brk`.
 *
 * @param logFiles the open files of the log that goes on from here; by default files of its own
 */
export function adoptSmaps(
  space: ReplaySpace,
  vmas: readonly SmapsEntry[],
  logFiles: LogFiles = new LogFiles(space.process.world),
): void {
  const { mm } = space.process;
  const facts = smapsFacts(vmas);
  space.geometry = facts.geometry;
  if (facts.isOtherMachine) space.notes.assumptions.add(OTHER_MACHINE);
  if (facts.lacksFlags) {
    space.shownFlags = SHOWN_BY_PERMS;
    space.notes.assumptions.add(FLAGS_ASSUMED);
  }
  if (facts.hasPkeys) adoptPkeys(mm, vmas, flagsOfSmaps);
  const files = new Map<string, OpenFile>();
  const refs = vmas.map((_, place) => {
    const fact = facts.at(place);
    const { start, end, name } = fact;
    if (fact.isGate) return NO_VMA;
    if (fact.isSpecial) space.names.push({ start, end, name });
    if (fact.isHeap) {
      if (mm.startBrk === 0) setBrk(mm, start);
      mm.brk = end;
    }
    return adoptVma(mm, fact, fileOf(logFiles, fact, files));
  });
  // No descriptor names them: when the last mapping goes, so does the file.
  for (const file of files.values()) logFiles.release(file);
  mm.mmapBase = facts.topOfMappings;
  const { store } = mm;
  for (let place = 0; place < refs.length; place++) {
    const ref = refs[place]!;
    if (ref === NO_VMA || store.anonVma[ref] !== 0) continue;
    const proven = facts.at(place).isWritten;
    if (proven === true) anonVmaPrepare(mm, ref);
    else if (space.faults === 'auto' && proven === null) assumeWritten(space, ref);
    else space.adopted(ref);
  }
}

/** What `mm.add` does, column by column: a log may have a program in every tenth line. */
function adoptVma(mm: Mm, fact: VmaFacts, file: number): VmaRef {
  const { store } = mm;
  const ref = store.alloc();
  const own = fact.start / PAGE_SIZE;
  store.start[ref] = fact.start;
  store.end[ref] = fact.end;
  store.pgoff[ref] = file === 0 && fact.pgoff === 0 ? own : fact.pgoff;
  store.anonPgoff[ref] = own;
  store.flagsLo[ref] = fact.flagsLo;
  store.flagsHi[ref] = fact.isLow ? 0 : mm.spareBits.hi(fact.vmFlags);
  store.file[ref] = file;
  store.anonName[ref] = mm.anonNameId(fact.anonName);
  mm.addVma(ref);
  return ref;
}

function assumeWritten(space: ReplaySpace, vma: VmaRef): void {
  if (isWritten(space.process.mm.store.flagsLo[vma]!)) space.assumeAnonVma(vma);
}

/** The open file of a mapping; 0 for anonymous memory and what the kernel made itself. */
function fileOf(logFiles: LogFiles, { name, fileKey, vmFlags }: VmaFacts, files: Map<string, OpenFile>): number {
  if (fileKey === null) return 0;
  const known = files.get(fileKey);
  if (known !== undefined) return known.id;
  const file = logFiles.open(name, { readable: true, writable: (vmFlags & VM_SHARED) !== 0n });
  files.set(fileKey, file);
  return file.id;
}
