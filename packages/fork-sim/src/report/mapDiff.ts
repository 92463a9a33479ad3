import type { SmapsEntry } from 'proc-io';
import type { VmFlags } from 'vma-core';
import { backingOf } from './backingOf.ts';
import { rowsOfSmaps } from './compareMaps.ts';
import { type GroupMember, memberOf, vmaGroups } from './vmaGroups.ts';
import type { MapRow, VmaRow } from './vmaRow.ts';

/** A VMA of a map that is compared. */
export interface DiffVma extends MapRow {
  readonly backing: VmaRow['backing'];
}

/**
 * What became of VMAs from one map to the other. `changed`: the same range with other attributes. `merged`, `split`: several became one, one
 * several. `reshaped`: several became several others, as where a border moved.
 */
export type ChangeKind = 'added' | 'lost' | 'moved' | 'grown' | 'shrunk' | 'merged' | 'split' | 'reshaped' | 'changed';

/** One change: the VMAs of both maps that it is about, in address order. */
export interface MapChange {
  readonly kind: ChangeKind;
  readonly from: readonly DiffVma[];
  readonly to: readonly DiffVma[];
}

/** Changes that are alike. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  readonly count: number;
  /** VMAs of all of them, in each of the two maps. */
  readonly vmas: { readonly from: number; readonly to: number };
  /** The VMAs of one such change; of a change with many of them, the first few. */
  readonly from: readonly GroupMember[];
  readonly to: readonly GroupMember[];
  /** VMAs of one such change that {@link from} and {@link to} leave out. */
  readonly more: { readonly from: number; readonly to: number };
  /** Of `changed`: flags that all of them gained and lost, as far as both maps show them. */
  readonly gained: VmFlags;
  readonly dropped: VmFlags;
  /** First byte of the first of them, in the second map where it is there. */
  readonly at: number;
}

/** How one map differs from another. */
export interface MapDiff {
  readonly vmas: { readonly from: number; readonly to: number };
  /** VMAs that are in both, with the same range and attributes. */
  readonly same: number;
  /** In address order within each kind. */
  readonly changes: readonly MapChange[];
  /** The same, grouped: those that change most VMAs first. */
  readonly groups: readonly ChangeGroup[];
}

/** Says what became of the VMAs of one map in another. Flags are compared as far as both show them. */
export function mapDiff(from: readonly SmapsEntry[], to: readonly SmapsEntry[]): MapDiff {
  const [before, after] = [rowsOf(from), rowsOf(to)];
  const found = new Changes(before, after);
  return { vmas: { from: before.length, to: after.length }, ...found.result };
}

function rowsOf(entries: readonly SmapsEntry[]): DiffVma[] {
  const isFile = new Set(entries.filter(({ inode }) => inode !== '0').map(({ start }) => start as number));
  return rowsOfSmaps(entries).map((row) => {
    const vmFile = isFile.has(row.start) ? 1 : null;
    return { ...row, backing: backingOf({ vmFlags: row.flags, vmFile }) };
  });
}

/** Looks for the changes, the surest first: equal ranges, then names that say what moved, then ranges that overlap, then what is left. */
class Changes {
  readonly #changes: MapChange[] = [];
  #from: readonly DiffVma[];
  #to: readonly DiffVma[];
  #same = 0;

  constructor(from: readonly DiffVma[], to: readonly DiffVma[]) {
    this.#from = from;
    this.#to = to;
    this.#equalRanges();
    this.#moved(({ name, backing }) => name !== '' && backing !== 'anonymous');
    this.#overlaps();
    this.#moved(() => true);
    for (const vma of this.#from) this.#changes.push({ kind: 'lost', from: [vma], to: [] });
    for (const vma of this.#to) this.#changes.push({ kind: 'added', from: [], to: [vma] });
  }

  get result(): Omit<MapDiff, 'vmas'> {
    return { same: this.#same, changes: this.#changes, groups: groupsOf(this.#changes) };
  }

  #equalRanges(): void {
    const byRange = new Map(this.#to.map((vma) => [`${vma.start} ${vma.end}`, vma]));
    const left: DiffVma[] = [];
    const gone = new Set<DiffVma>();
    for (const vma of this.#from) {
      const other = byRange.get(`${vma.start} ${vma.end}`);
      if (other === undefined || other.name !== vma.name || other.pgoff !== vma.pgoff) {
        left.push(vma);
        continue;
      }
      gone.add(other);
      if (vma.perms === other.perms && flagsBetween(vma, other) === 0n) this.#same++;
      else this.#changes.push({ kind: 'changed', from: [vma], to: [other] });
    }
    this.#keep(left, gone);
  }

  /** VMAs that are the same but for their address; where there are several, in their order. */
  #moved(isAsked: (vma: DiffVma) => boolean): void {
    const byKey = new Map<string, DiffVma[]>();
    for (const vma of this.#to) {
      if (!isAsked(vma)) continue;
      const key = keyOf(vma);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [vma]);
      else known.push(vma);
    }
    for (const waiting of byKey.values()) waiting.reverse();
    const gone = new Set<DiffVma>();
    const left = this.#from.filter((vma) => {
      const other = isAsked(vma) ? byKey.get(keyOf(vma))?.pop() : undefined;
      if (other === undefined) return true;
      gone.add(other);
      this.#changes.push({ kind: 'moved', from: [vma], to: [other] });
      return false;
    });
    this.#keep(left, gone);
  }

  /** VMAs of both maps that overlap, and what overlaps these, are one change. */
  #overlaps(): void {
    const left: DiffVma[] = [];
    const gone = new Set<DiffVma>();
    let [a, b] = [0, 0];
    while (a < this.#from.length) {
      const from = [this.#from[a++]!];
      const to: DiffVma[] = [];
      let end = from[0]!.end;
      while (b < this.#to.length && this.#to[b]!.end <= from[0]!.start) b++;
      for (let grows = true; grows; ) {
        grows = false;
        for (; b < this.#to.length && this.#to[b]!.start < end; b++, grows = true) {
          to.push(this.#to[b]!);
          end = Math.max(end, this.#to[b]!.end);
        }
        for (; a < this.#from.length && this.#from[a]!.start < end; a++, grows = true) {
          from.push(this.#from[a]!);
          end = Math.max(end, this.#from[a]!.end);
        }
      }
      const kind = kindOf(from, to);
      if (kind === null) left.push(...from);
      else {
        for (const vma of to) gone.add(vma);
        this.#changes.push({ kind, from, to });
      }
    }
    this.#keep(left, gone);
  }

  #keep(from: readonly DiffVma[], gone: ReadonlySet<DiffVma>): void {
    this.#from = from;
    this.#to = this.#to.filter((vma) => !gone.has(vma));
  }
}

/** What VMAs became that overlap; `null`: they have nothing to do with each other. */
function kindOf(from: readonly DiffVma[], to: readonly DiffVma[]): ChangeKind | null {
  const [a, b] = [from[0]!, to[0]];
  if (b === undefined) return null;
  const names = new Set([...from, ...to].map(({ name, backing }) => `${backing} ${name}`));
  if (from.length === 1 && to.length === 1) {
    if (names.size > 1) return null;
    const [was, is] = [a.end - a.start, b.end - b.start];
    return is > was ? 'grown' : is < was ? 'shrunk' : 'changed';
  }
  if (to.length === 1) return 'merged';
  return from.length === 1 ? 'split' : 'reshaped';
}

function keyOf({ start, end, perms, pgoff, name, backing }: DiffVma): string {
  return `${end - start} ${perms} ${pgoff} ${backing} ${name}`;
}

function flagsBetween(a: DiffVma, b: DiffVma): bigint {
  return (a.flags ^ b.flags) & a.shownFlags & b.shownFlags;
}

/** VMAs of one change that are told one by one. */
const MAX_PARTS = 4;

function groupsOf(changes: readonly MapChange[]): ChangeGroup[] {
  const single = (['lost', 'added', 'moved'] as const).flatMap((kind) => patternsOf(kind, changes));
  const groups = new Map<string, MapChange[]>();
  for (const change of changes) {
    const { kind, from, to } = change;
    if (kind === 'lost' || kind === 'added' || kind === 'moved') continue;
    const shape = (vmas: readonly DiffVma[]): string => vmas.map(({ perms, backing }) => `${perms} ${backing}`).join();
    const key = `${kind} ${shape(from)} to ${shape(to)} ${kind === 'changed' ? flagsBetween(from[0]!, to[0]!) : ''}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [change]);
    else known.push(change);
  }
  return [...single, ...[...groups.values()].map(groupOf)].sort(
    (a, b) => b.vmas.from + b.vmas.to - a.vmas.from - a.vmas.to || a.at - b.at,
  );
}

const NOTHING = { from: 0, to: 0 };
const NO_FLAGS = 0n as VmFlags;

/** VMAs that came, went or moved: those that are alike, and neighbours that repeat. */
function patternsOf(kind: 'lost' | 'added' | 'moved', changes: readonly MapChange[]): ChangeGroup[] {
  const some = changes.filter((change) => change.kind === kind);
  const rows = some.map(({ from, to }) => (to[0] ?? from[0])!).sort((a, b) => a.start - b.start);
  return vmaGroups(rows).map(({ members, count, vmas, at }) => ({
    kind,
    count,
    vmas: { from: kind === 'added' ? 0 : vmas, to: kind === 'lost' ? 0 : vmas },
    from: kind === 'added' ? [] : members,
    to: kind === 'lost' ? [] : members,
    more: NOTHING,
    gained: NO_FLAGS,
    dropped: NO_FLAGS,
    at,
  }));
}

function groupOf(alike: readonly MapChange[]): ChangeGroup {
  const [first] = alike as [MapChange];
  const { kind, from, to } = first;
  const members = (side: 'from' | 'to'): GroupMember[] =>
    first[side].slice(0, MAX_PARTS).map((_, at) => memberOf(alike.map((one) => one[side][at]!)).member);
  const between = kind === 'changed' ? flagsBetween(from[0]!, to[0]!) : 0n;
  return {
    kind,
    count: alike.length,
    vmas: { from: alike.length * from.length, to: alike.length * to.length },
    from: members('from'),
    to: members('to'),
    more: { from: Math.max(0, from.length - MAX_PARTS), to: Math.max(0, to.length - MAX_PARTS) },
    gained: (between & (to[0]?.flags ?? 0n)) as VmFlags,
    dropped: (between & (from[0]?.flags ?? 0n)) as VmFlags,
    at: (to[0] ?? from[0])!.start,
  };
}
