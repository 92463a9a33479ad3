import { repeatedPatterns } from './repeatedPatterns.ts';
import type { VmaRow } from './vmaRow.ts';

/** The part of a VMA that tells whether it is like another. */
export type GroupedVma = Pick<VmaRow, 'start' | 'end' | 'perms' | 'backing' | 'name'>;

/** One member of a pattern: what its VMAs have in common. */
export interface GroupMember {
  readonly perms: string;
  readonly backing: VmaRow['backing'];
  /** The name of all of them; `null`: they have several. */
  readonly name: string | null;
  /** The shortest and the longest; bytes. */
  readonly bytes: { readonly from: number; readonly to: number };
}

/** VMAs that are alike, or neighbours that stand together again and again: a stack and its guard, a library's parts. */
export interface VmaGroup {
  /** One instance, lowest address first. */
  readonly members: readonly GroupMember[];
  /** Instances. */
  readonly count: number;
  /** All VMAs of it: {@link count} times the members. */
  readonly vmas: number;
  /** All bytes of it. */
  readonly bytes: number;
  /** Places of each instance's first VMA in what was grouped. */
  readonly starts: readonly number[];
  /** First byte of the first instance. */
  readonly at: number;
  /**
   * Instances at which the limit on VMAs is met, if nothing else grows; `null`: there is only one instance, or no limit was given. It is what
   * there are, and what {@link GroupMember}s still fit.
   */
  readonly atLimit: number | null;
}

/** How to group. */
export interface GroupingInput<Row> {
  /** The limit that all VMAs together have; default: none. */
  readonly maxMapCount?: number;
  /** What else VMAs of one group have in common. */
  readonly alike?: (row: Row) => string;
  /** Look for like VMAs alone, not for patterns of neighbours. Default false. */
  readonly single?: boolean;
}

/** Two that are equal by chance are shown with those that are similar. */
const LEAST_EQUAL = 3;

/**
 * Groups the VMAs of a map. First those that are equal in size, permissions, backing and name; of the others those that are equal but for size
 * and name. Largest group first; what is like nothing else is a group of one. In time linear in the VMAs, but for the order.
 *
 * @param rows in address order
 */
export function vmaGroups<Row extends GroupedVma>(rows: readonly Row[], input: GroupingInput<Row> = {}): VmaGroup[] {
  const { maxMapCount = null, alike = () => '', single: alone = false } = input;
  const all = rows.map((_, at) => at);
  const equal = groupBy(
    rows,
    all,
    alone,
    LEAST_EQUAL,
    (at) => `${looseKey(rows[at]!, alike)} ${sizeOf(rows[at]!)} ${rows[at]!.name}`,
  );
  const taken = placesOf(equal);
  const rest = all.filter((at) => !taken.has(at));
  const similar = groupBy(rows, rest, alone, 2, (at) => `${looseKey(rows[at]!, alike)} ${continuesFile(rows, at)}`);
  for (const place of placesOf(similar)) taken.add(place);
  const single = rest.filter((at) => !taken.has(at)).map((at) => ({ length: 1, starts: [at] }));
  const room = maxMapCount === null ? null : Math.max(0, maxMapCount - rows.length);
  return [...equal, ...similar, ...single]
    .map((found) => groupOf(rows, found, room))
    .sort((a, b) => b.vmas - a.vmas || a.at - b.at);
}

interface Pattern {
  readonly length: number;
  readonly starts: readonly number[];
}

/** Patterns among some places, which are numbered as in `rows`. */
function groupBy(
  rows: readonly GroupedVma[],
  places: readonly number[],
  alone: boolean,
  least: number,
  key: (at: number) => string,
): Pattern[] {
  const numbers = new Map<string, number>();
  const kinds = places.map((place) => {
    const text = key(place);
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  });
  const joins = (at: number): boolean =>
    !alone && places[at + 1] === places[at]! + 1 && rows[places[at]!]!.end === rows[places[at + 1]!]!.start;
  return repeatedPatterns(kinds, joins, least).map(({ length, starts }) => ({
    length,
    starts: starts.map((at) => places[at]!),
  }));
}

function placesOf(patterns: readonly Pattern[]): Set<number> {
  const places = new Set<number>();
  for (const { length, starts } of patterns) {
    for (const start of starts) for (let at = 0; at < length; at++) places.add(start + at);
  }
  return places;
}

function looseKey<Row extends GroupedVma>(row: Row, alike: (row: Row) => string): string {
  return `${row.perms} ${row.backing} ${alike(row)}`;
}

/** Is it a further part of the file that the VMA below it maps? */
function continuesFile(rows: readonly GroupedVma[], at: number): boolean {
  const [below, own] = [rows[at - 1], rows[at]!];
  return own.backing === 'file' && below?.end === own.start && below.name === own.name;
}

function sizeOf({ start, end }: GroupedVma): number {
  return end - start;
}

function groupOf(rows: readonly GroupedVma[], { length, starts }: Pattern, room: number | null): VmaGroup {
  const members = Array.from({ length }, (_, of) => memberOf(starts.map((start) => rows[start + of]!)));
  const count = starts.length;
  return {
    members: members.map(({ member }) => member),
    count,
    vmas: count * length,
    bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
    starts,
    at: rows[starts[0]!]!.start,
    atLimit: room === null || count === 1 ? null : count + Math.floor(room / length),
  };
}

/** Names that no program gives: of memory without any, and what smaps calls two of its uses. */
const UNNAMED: ReadonlySet<string> = new Set(['', '[heap]', '[stack]']);

/** What VMAs have in common, and how long they are together; bytes. Precondition: there is one. */
export function memberOf(alike: readonly GroupedVma[]): { readonly member: GroupMember; readonly bytes: number } {
  const [{ perms, backing, name }] = alike as readonly [GroupedVma];
  let [from, to, bytes] = [Number.POSITIVE_INFINITY, 0, 0];
  let oneName = true;
  let noName = true;
  for (const row of alike) {
    const size = sizeOf(row);
    from = Math.min(from, size);
    to = Math.max(to, size);
    bytes += size;
    oneName &&= row.name === name;
    noName &&= UNNAMED.has(row.name);
  }
  return { member: { perms, backing, name: oneName ? name : noName ? '' : null, bytes: { from, to } }, bytes };
}
