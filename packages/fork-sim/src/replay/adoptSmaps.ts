import type { SmapsEntry } from 'proc-io';
import {
  flagsHi,
  flagsLo,
  PAGE_SIZE,
  setBrk,
  TASK_SIZE,
  VM_GROWSDOWN,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_SHARED,
  VM_SOFTDIRTY,
  type VmaRef,
  type VmFlags,
  vmFlags,
} from 'vma-core';
import { LogFiles } from './openFiles.ts';
import { isWritten, type ReplaySpace } from './replaySpace.ts';

/** True for what smaps lists and no address space holds: `[vsyscall]` is one page of the kernel for all. */
export function isGateVma(vma: SmapsEntry): boolean {
  return vma.start >= TASK_SIZE;
}

/** True where any mapping is soft-dirty: then the kernel was built with CONFIG_MEM_SOFT_DIRTY, since new ones always are. */
export function hasSoftDirty(vmas: readonly SmapsEntry[]): boolean {
  return vmas.some((vma) => (flagsOfSmaps(vma) & VM_SOFTDIRTY) !== 0n);
}

/** The flags of a mapping: its `VmFlags:` line, or where there is none what its permissions imply. */
export function flagsOfSmaps(vma: SmapsEntry): VmFlags {
  if (vma.vmFlags !== null) return vma.vmFlags;
  const bits = ['r', 'w', 'x'].map((letter, bit) => (vma.perms.includes(letter) ? 1n << BigInt(bit) : 0n));
  const kind = vma.perms.endsWith('s') ? [VM_SHARED, VM_MAYSHARE] : [];
  return vmFlags(...bits, ...kind, VM_MAYREAD, VM_MAYWRITE, VM_MAYEXEC);
}

/**
 * Fills an empty address space with what a smaps lists, ready for a log to go on from.
 *
 * What smaps does not tell is taken as follows. Mappings of one device, inode and name share an open file. An anonymous
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
  const steps = adoptSmapsSteps(space, vmas, logFiles);
  while (steps.next().done !== true);
}

/** VMAs that are adopted in one piece. */
const SLICE_VMAS = 2 ** 9;

/** {@link adoptSmaps} in pieces of a millisecond or so; the process is of no use before the last one. */
export function* adoptSmapsSteps(
  space: ReplaySpace,
  vmas: readonly SmapsEntry[],
  logFiles: LogFiles,
): Generator<undefined> {
  const { mm } = space.process;
  const files = new Map<string, number>();
  const refs: VmaRef[] = [];
  for (const vma of vmas) {
    if (isGateVma(vma)) continue;
    if (refs.length % SLICE_VMAS === SLICE_VMAS - 1) yield;
    refs.push(adoptVma(space, vma, fileOf(logFiles, vma, files)));
    if (/^\[(?!heap\]|anon:|anon_shmem:)/.test(vma.name))
      space.names.push({ start: vma.start, end: vma.end, name: vma.name });
    if (vma.name === '[heap]') {
      if (mm.startBrk === 0) setBrk(mm, vma.start);
      mm.brk = vma.end;
    }
  }
  mm.mmapBase = topOfMappings(vmas);
  for (const [at, vma] of vmas.filter((one) => !isGateVma(one)).entries()) {
    const ref = refs[at] as VmaRef;
    if (at % SLICE_VMAS === SLICE_VMAS - 1) yield;
    if (!isAssumedWritten(space, vma) || mm.store.anonVma[ref] !== 0) continue;
    space.assumeAnonVma(ref);
    if (space.faults === 'auto') space.assumed.delete(mm.store.anonVma[ref] as number);
  }
}

function isAssumedWritten(space: ReplaySpace, vma: SmapsEntry): boolean {
  switch (space.faults) {
    case 'never':
      return false;
    case 'on-map':
      return isWritten(flagsLo(flagsOfSmaps(vma)));
    case 'auto':
      return (vma.fields.get('Anonymous') ?? 0) > 0 && (flagsOfSmaps(vma) & VM_MAYSHARE) === 0n;
    default:
      return space.faults satisfies never;
  }
}

function adoptVma(space: ReplaySpace, vma: SmapsEntry, file: number): VmaRef {
  const { mm } = space.process;
  const { store } = mm;
  const ref = store.alloc();
  const flags = flagsOfSmaps(vma);
  const ownOffset = vma.start / PAGE_SIZE;
  store.start[ref] = vma.start;
  store.end[ref] = vma.end;
  store.pgoff[ref] = file === 0 && vma.pgoff === 0 ? ownOffset : vma.pgoff;
  store.anonPgoff[ref] = ownOffset;
  store.flagsLo[ref] = flagsLo(flags);
  store.flagsHi[ref] = flagsHi(flags);
  store.file[ref] = file;
  const name = /^\[anon:(.*)\]$/.exec(vma.name)?.[1];
  if (name !== undefined) store.anonName[ref] = mm.anonNameId(name);
  mm.linkVma(ref);
  return ref;
}

/** The open file of a mapping; 0 for anonymous memory and what the kernel made itself. */
function fileOf(logFiles: LogFiles, vma: SmapsEntry, files: Map<string, number>): number {
  if (vma.inode === '0') return 0;
  const key = `${vma.dev} ${vma.inode} ${vma.name}`;
  const known = files.get(key);
  if (known !== undefined) return known;
  const file = logFiles.open(vma.name, (flagsOfSmaps(vma) & VM_SHARED) !== 0n);
  files.set(key, file.id);
  return file.id;
}

/** Where placement starts, from the top down: the end of the highest mapping below the stack, which is the loader. */
function topOfMappings(vmas: readonly SmapsEntry[]): number {
  const stack =
    vmas.find((vma) => vma.name === '[stack]') ?? vmas.findLast((vma) => (flagsOfSmaps(vma) & VM_GROWSDOWN) !== 0n);
  const limit = stack?.start ?? TASK_SIZE;
  const below = vmas.filter((vma) => vma.end <= limit && vma.name !== '[heap]');
  return below.at(-1)?.end ?? limit;
}
