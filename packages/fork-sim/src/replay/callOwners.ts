import type { SmapsEntry, StraceCall } from 'proc-io';
import { NO_VMA } from 'vma-core';
import type { HeldCalls, Ownership } from './heldEvents.ts';
import { OwnerEvidence } from './ownerEvidence.ts';
import type { ReplayedProcess } from './replayedProcess.ts';
import type { Range } from './trialSpace.ts';

/** Pids that belong together, and what else belongs to them. */
interface Group {
  /** One of a process that there is already; else the first of them. */
  readonly pid: number;
  readonly owners: object[];
  /** One of its pids has an initial map, or its process has begun from one. */
  hasMap: boolean;
  readonly isNew: boolean;
}

/** What is known of the log when it is decided. */
export interface OwnerWorld {
  readonly find: (pid: number | null) => ReplayedProcess | undefined;
  readonly processes: readonly ReplayedProcess[];
  /** A pid of one of them that lines still come from. */
  readonly pidOf: (process: ReplayedProcess) => number | null;
  readonly initial: ReadonlyMap<number | 'first', readonly SmapsEntry[]> | undefined;
}

/**
 * Decides whose the calls of pids are that no clone has shown. A pid with a map of its own is a process; others go by what the calls show.
 * Where they show nothing, a pid that strace was attached to by name is a process, and any other a thread of the first process.
 *
 * @returns the decision for each pid; `null`: nothing shows whose some are, and more may
 */
export function decideOwners(held: HeldCalls, world: OwnerWorld, isLast: boolean): Map<number, Ownership> | null {
  const owners = new Map<number, object>(held.unknown.map((pid) => [pid, { pid }]));
  const maps = [...(world.initial ?? [])].flatMap(([pid, entries]) =>
    pid === 'first' || world.find(pid) !== undefined ? [] : [{ pid, entries }],
  );
  const evidence = evidenceOf(held, world, owners, maps);
  const decided = new Map<number, Ownership>();
  const groups: Group[] = world.processes.map((process) => ({
    ...groupOf(world.pidOf(process) ?? process.pid ?? -1, process, false),
    hasMap: process.space.mapKnown,
  }));
  for (const pid of held.unknown) {
    const owner = owners.get(pid) as object;
    const hasMap = world.initial?.has(pid) === true;
    const found = choose(owner, groups, evidence);
    const isNamed = held.attached.size > 1 && held.attached.has(pid);
    const isApart = found === null || (hasMap && found.group.hasMap) || (found.is === 'open' && (hasMap || isNamed));
    if (isApart) {
      const group = groupOf(pid, owner, true);
      group.hasMap = hasMap;
      groups.push(group);
      decided.set(pid, { threadOf: null, mapOf: null, note: apartNote(pid, owner, groups, evidence) });
      continue;
    }
    if (found.is === 'open' && !isLast) return null;
    found.group.owners.push(owner);
    found.group.hasMap ||= hasMap;
    const note = found.is === 'same' ? sameNote(pid, found.group, found.line) : OPEN_NOTE;
    decided.set(pid, { threadOf: found.group.pid, mapOf: null, note });
  }
  giveMaps(groups, maps, evidence, held, decided);
  return decided;
}

const OPEN_NOTE = 'A pid that no clone shows was taken as a thread of the first process.';

function groupOf(pid: number, owner: object, isNew: boolean): Group {
  return { pid, owners: [owner], hasMap: false, isNew };
}

function evidenceOf(
  { calls }: HeldCalls,
  { find, processes, initial }: OwnerWorld,
  owners: ReadonlyMap<number, object>,
  maps: readonly { readonly entries: readonly SmapsEntry[] }[],
): OwnerEvidence {
  const entriesOf = new Map<object, readonly SmapsEntry[]>(maps.map((map) => [map, map.entries]));
  for (const [pid, owner] of owners) {
    const entries = initial?.get(pid);
    if (entries !== undefined) entriesOf.set(owner, entries);
  }
  const evidence = new OwnerEvidence((owner, range) => {
    const entries = entriesOf.get(owner);
    if (entries !== undefined) return entries.some(({ start, end }) => start <= range.start && range.start < end);
    const process = processes.find((one) => one === owner);
    return process !== undefined && isMappedIn(process, range);
  });
  const born = new Map<number | null, object>();
  const unknown = {};
  const ownerOf = (call: StraceCall): object => {
    const owner = owners.get(call.pid ?? -1) ?? born.get(call.pid) ?? find(call.pid) ?? unknown;
    // A child counts as its parent, unless it has a map of its own.
    if (call.name.startsWith('clone') && call.ret !== null && sharesMemory(call)) born.set(call.ret, owner);
    return owner;
  };
  evidence.see(calls, ownerOf, [...processes, ...owners.values(), ...maps]);
  return evidence;
}

function sharesMemory(call: StraceCall): boolean {
  return (call.name === 'clone' || call.name === 'clone3') && (call.args.flags & 0x100) !== 0;
}

function isMappedIn({ space }: ReplayedProcess, { start, end }: Range): boolean {
  return space.process.mm.index.findIntersection(start, end) !== NO_VMA;
}

/** The group that an owner belongs to; `null`: to none of them. */
function choose(
  owner: object,
  groups: readonly Group[],
  evidence: OwnerEvidence,
): { readonly group: Group; readonly is: 'same' | 'open'; readonly line: number } | null {
  let open: Group | null = null;
  for (const group of groups) {
    const verdicts = group.owners.map((other) => evidence.verdict(owner, other));
    if (verdicts.some(({ is }) => is === 'apart')) continue;
    const same = verdicts.find(({ is }) => is === 'same');
    if (same !== undefined) return { group, is: 'same', line: same.line };
    open ??= group;
  }
  return open && { group: open, is: 'open', line: 0 };
}

/** Initial maps that no pid of the log has by itself go to the process whose calls work on what they list. */
function giveMaps(
  groups: readonly Group[],
  maps: readonly { readonly pid: number; readonly entries: readonly SmapsEntry[] }[],
  evidence: OwnerEvidence,
  held: HeldCalls,
  decided: Map<number, Ownership>,
): void {
  for (const map of maps) {
    const own = groups.find(
      (group) => group.isNew && (group.pid === map.pid || decided.get(map.pid)?.threadOf === group.pid),
    );
    const shown = groups.find(
      (group) => group.isNew && group.owners.some((owner) => evidence.verdict(owner, map).is === 'same'),
    );
    const group = own ?? (held.unknown.includes(map.pid) ? undefined : shown);
    if (group === undefined || (group.hasMap && own === undefined)) continue;
    group.hasMap = true;
    const before = decided.get(group.pid) as Ownership;
    if (group.pid !== map.pid) decided.set(group.pid, { ...before, mapOf: map.pid });
  }
}

function sameNote(pid: number, { pid: other }: Group, line: number): string {
  return `Pid ${pid}, which no clone shows, was taken as a thread of pid ${other}'s process: line ${line} is about memory of that process.`;
}

/** The line that shows why a pid is a process of its own. */
function apartNote(pid: number, owner: object, groups: readonly Group[], evidence: OwnerEvidence): string | null {
  for (const { owners, pid: other } of groups) {
    const apart = owners.map((one) => evidence.verdict(owner, one)).find(({ is }) => is === 'apart');
    if (apart !== undefined)
      return `Pid ${pid}, which no clone shows, was taken as a process of its own: line ${apart.line} cannot be of pid ${other}'s address space.`;
  }
  return null;
}
