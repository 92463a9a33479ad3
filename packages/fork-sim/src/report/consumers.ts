import type { StraceCall } from 'proc-io';
import type { StackFrame } from './callStacks.ts';
import { type CallRef, callRef } from './found.ts';
import { type GroupedVma, type VmaGroup, vmaGroups } from './vmaGroups.ts';

/** A VMA, and who mapped it. */
export interface OwnedVma extends GroupedVma {
  /** The call that mapped its first page; `null`: it was there before the log, or there is no log. */
  readonly made: StraceCall | null;
  /** A thread was made with its stack in here. */
  readonly threadStack: boolean;
}

/** The call that most VMAs of a group were mapped by. */
export interface GroupMaker extends CallRef {
  /** Calls like it that are behind VMAs of the group: from the same stack, or with the same arguments. */
  readonly calls: number;
  /** Where the program made them, the innermost frame first, as `strace -k` shows it; empty: it does not. */
  readonly stack: readonly StackFrame[];
}

/**
 * What takes VMAs.
 *
 * - `group`: VMAs that are alike, or come together again and again.
 * - `program`: those of the program and its libraries; `files`: of other files, few of each.
 * - `rest`: all that is in no larger group.
 */
export interface Consumer {
  readonly kind: 'group' | 'program' | 'files' | 'rest';
  /** The group; `null`: the VMAs are not alike. */
  readonly group: Omit<VmaGroup, 'starts'> | null;
  readonly vmas: number;
  /** Address space of them all; bytes. */
  readonly bytes: number;
  /** Files that are mapped, of `program` and `files`; else 0. */
  readonly files: number;
  readonly made: GroupMaker | null;
  /** VMAs in which a thread has its stack. */
  readonly threadStacks: number;
}

/** The stack of a call, the innermost frame first; empty: the log does not show it. */
type StackOf = (call: StraceCall) => readonly StackFrame[];

/** VMAs of a file from which on it is no longer one of many files, where they are also this part of all. */
const MIN_OF_FILE = 8;
const PART_OF_FILE = 1 / 20;
/** Consumers that are listed; the rest is one. */
const MAX_CONSUMERS = 12;

/**
 * Says what takes the VMAs of a map, the largest consumer first.
 *
 * @param vmas in address order
 * @param maxMapCount the limit that they have; `null`: how many there are is not known
 * @param stackOf the stack of a call, where the log shows it
 */
export function consumers(
  vmas: readonly OwnedVma[],
  maxMapCount: number | null,
  stackOf: StackOf = () => [],
): Consumer[] {
  const { program, files, others } = byFile(vmas);
  const room = maxMapCount === null ? {} : { maxMapCount: maxMapCount - program.length - files.length };
  const alike = ({ made }: OwnedVma): string => (made === null ? '' : keyOf(stackOf(made)));
  const groups = vmaGroups(others, { ...room, alike });
  const own = groups.map((group) => groupConsumer(group, others, stackOf));
  const byFiles = [consumerOf('program', program), consumerOf('files', files)].filter((one) => one.vmas > 0);
  const all = [...own, ...byFiles].sort((a, b) => b.vmas - a.vmas);
  if (all.length <= MAX_CONSUMERS) return all;
  const named = all.filter(({ group }) => group?.count !== 1).slice(0, MAX_CONSUMERS - 1);
  const rest = all.filter((one) => !named.includes(one));
  return [...named, rest.reduce(addTo, consumerOf('rest', []))];
}

/** VMAs of the program and its libraries, of other files that have few of them each, and all others. */
function byFile(vmas: readonly OwnedVma[]): Readonly<Record<'program' | 'files' | 'others', OwnedVma[]>> {
  const counts = new Map<string, number>();
  const code = new Set<string>();
  for (const vma of vmas) {
    const { name, perms } = vma;
    if (!isNamedFile(vma)) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (perms[2] === 'x') code.add(name);
  }
  const many = Math.max(MIN_OF_FILE, vmas.length * PART_OF_FILE);
  const parts = { program: [] as OwnedVma[], files: [] as OwnedVma[], others: [] as OwnedVma[] };
  for (const vma of vmas) {
    const count = isNamedFile(vma) ? counts.get(vma.name) : undefined;
    const part = count === undefined || count >= many ? 'others' : code.has(vma.name) ? 'program' : 'files';
    parts[part].push(vma);
  }
  return parts;
}

/** A file by its path; by its name alone, where pmap has cut the path off. */
function isNamedFile({ name, backing }: OwnedVma): boolean {
  return name.startsWith('/') || (backing === 'file' && name !== '');
}

function groupConsumer({ starts, ...group }: VmaGroup, vmas: readonly OwnedVma[], stackOf: StackOf): Consumer {
  const length = group.members.length;
  const own = starts.flatMap((start) => vmas.slice(start, start + length));
  return { ...consumerOf('group', own), group, made: makerOf(own, stackOf) };
}

function consumerOf(kind: Consumer['kind'], vmas: readonly OwnedVma[]): Consumer {
  const isFiles = kind === 'program' || kind === 'files';
  return {
    kind,
    group: null,
    vmas: vmas.length,
    bytes: vmas.reduce((sum, { start, end }) => sum + end - start, 0),
    files: isFiles ? new Set(vmas.map(({ name }) => name)).size : 0,
    made: null,
    threadStacks: vmas.filter(({ threadStack }) => threadStack).length,
  };
}

function addTo(sum: Consumer, { vmas, bytes, threadStacks }: Consumer): Consumer {
  return { ...sum, vmas: sum.vmas + vmas, bytes: sum.bytes + bytes, threadStacks: sum.threadStacks + threadStacks };
}

/** The calls behind most VMAs: like calls count as one. */
function makerOf(vmas: readonly OwnedVma[], stackOf: StackOf): GroupMaker | null {
  const makers = new Map<string, { first: StraceCall; readonly calls: Set<StraceCall> }>();
  for (const { made } of vmas) {
    if (made === null) continue;
    const stack = stackOf(made);
    const key = stack.length === 0 ? likeness(made) : keyOf(stack);
    const known = makers.get(key);
    if (known === undefined) makers.set(key, { first: made, calls: new Set([made]) });
    else {
      known.calls.add(made);
      if (made.line < known.first.line) known.first = made;
    }
  }
  const [most] = [...makers.values()].sort((a, b) => b.calls.size - a.calls.size);
  return most === undefined ? null : { ...callRef(most.first), calls: most.calls.size, stack: stackOf(most.first) };
}

function keyOf(stack: readonly StackFrame[]): string {
  return stack.map(({ object, symbol, offset }) => `${object} ${symbol} ${offset}`).join('\n');
}

/** What is the same in calls from one place of a program, most likely. */
function likeness(call: StraceCall): string {
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap': {
      const { length, prot, flags } = call.args;
      return `mmap ${length} ${prot} ${flags}`;
    }
    default:
      return call.name;
  }
}
