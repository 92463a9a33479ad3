/** Neighbours `first` to `last`, by their places, that stand together wherever they stand. */
interface Stretch {
  readonly kind: number;
  readonly first: number;
  readonly last: number;
}

/** Longest pattern that is looked for. */
const MOST_MEMBERS = 8;
/** Each round at least halves what is left of a pattern. */
const ROUNDS = 6;

/**
 * Finds patterns of neighbours that repeat, one after the other or far apart: a stack and its guard, the four parts of a library. In time
 * linear in the number of places: two kinds that mostly stand together become one kind, and that again, a bounded number of times.
 *
 * @param kinds what is at each place; places of equal numbers are alike
 * @param joins do the places `at` and `at + 1` belong to one picture?
 * @param least times that a pattern has to be there
 * @returns each pattern: how many places it takes, and the first place of each time
 */
export function repeatedPatterns(
  kinds: readonly number[],
  joins: (at: number) => boolean,
  least: number,
): { readonly length: number; readonly starts: readonly number[] }[] {
  const names = new KindNames(kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1);
  let stretches: Stretch[] = kinds.map((kind, at) => ({ kind, first: at, last: at }));
  for (let round = 0; round < ROUNDS; round++) {
    const joined = joinPairs(stretches, joins, names);
    if (joined.length === stretches.length) break;
    stretches = joined;
  }
  const byKind = new Map<number, Stretch[]>();
  for (const stretch of stretches) {
    const alike = byKind.get(stretch.kind);
    if (alike === undefined) byKind.set(stretch.kind, [stretch]);
    else alike.push(stretch);
  }
  return [...byKind.values()]
    .filter(({ length }) => length >= least)
    .map((alike) => ({ length: lengthOf(alike[0]!), starts: alike.map(({ first }) => first) }));
}

/** Numbers for kinds that were made of two. */
class KindNames {
  readonly #made = new Map<string, number>();
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  of(pair: string): number {
    const known = this.#made.get(pair);
    if (known !== undefined) return known;
    this.#made.set(pair, this.#next);
    return this.#next++;
  }
}

/** One round: joins each pair that is at least as frequent as the pairs that it overlaps. */
function joinPairs(stretches: readonly Stretch[], joins: (at: number) => boolean, names: KindNames): Stretch[] {
  const counts = countPairs(stretches, joins);
  const joined: Stretch[] = [];
  /** How frequent the pair is that ends where the current one begins; 0 where it can no longer be joined. */
  let left = 0;
  for (let at = 0; at < stretches.length; at++) {
    const own = counts[at]!;
    if (own > 1 && own > left && own >= (counts[at + 1] ?? 0)) {
      const [a, b] = [stretches[at]!, stretches[at + 1]!];
      joined.push({ kind: names.of(`${a.kind} ${b.kind}`), first: a.first, last: b.last });
      left = 0;
      at++;
      continue;
    }
    joined.push(stretches[at]!);
    left = own;
  }
  return joined;
}

/** How often the pair that begins at each stretch occurs; 0 where the two are no pair. */
function countPairs(stretches: readonly Stretch[], joins: (at: number) => boolean): number[] {
  const kinds = new Map<number, number>();
  const pairs = new Map<string, number>();
  const pairAt = stretches.map((one, at) => {
    kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + 1);
    const next = stretches[at + 1];
    if (next === undefined || next.kind === one.kind || !joins(one.last)) return '';
    if (lengthOf(one) + lengthOf(next) > MOST_MEMBERS) return '';
    const pair = `${one.kind} ${next.kind}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    return pair;
  });
  return pairAt.map((pair, at) => {
    if (pair === '') return 0;
    const count = pairs.get(pair)!;
    const most = Math.max(kinds.get(stretches[at]!.kind)!, kinds.get(stretches[at + 1]!.kind)!);
    // Two that stand together now and then, and mostly with others, are no pattern.
    return count * 2 >= most ? count : 0;
  });
}

function lengthOf({ first, last }: Stretch): number {
  return last - first + 1;
}
