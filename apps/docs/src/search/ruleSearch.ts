import type { Op } from 'fork-sim';
import { explore, type Widening, wideningsFor } from 'vma-check';
import { OWN, type OwnProfile, ownKernel } from '../link/ownKernel.ts';

/** What a search says, one after the other: the last is `found`, `none` or `refused`. */
export type SearchNews =
  | { readonly kind: 'searching'; readonly where: string; readonly calls: number; readonly states: number }
  | SearchEnd;

/** How a search ended. */
export type SearchEnd =
  | {
      /** The shortest sequence of calls that breaks a property. */
      readonly kind: 'found';
      readonly path: readonly Op[];
      readonly property: string;
      readonly says: string;
      readonly page: number;
      readonly pages: number;
    }
  | {
      /** Nothing was found. Each sentence says how far that is true. */
      readonly kind: 'none';
      readonly said: readonly string[];
      readonly states: number;
    }
  | { readonly kind: 'refused'; readonly error: string };

/** Milliseconds after which nothing more is begun. */
const LONGEST_MS = 20_000;

const nameOf = ({ ops, pages }: Widening): string =>
  `${typeof ops === 'string' ? ops : ops.join(', ')}; ${pages} pages`;

/** Searches for the shortest sequence that breaks a rule of the reader's kernel: small spaces first, then wider ones. */
export async function searchForBreak(own: OwnProfile, tell: (news: SearchNews) => void): Promise<SearchEnd> {
  const made = ownKernel(own);
  if ('error' in made) return { kind: 'refused', error: made.error };
  const end = performance.now() + LONGEST_MS;
  const signal = {
    get aborted(): boolean {
      return performance.now() > end;
    },
  };
  const said: string[] = [];
  let all = 0;
  for (const space of wideningsFor(made.profile)) {
    if (signal.aborted) break;
    const where = nameOf(space);
    tell({ kind: 'searching', where, calls: 0, states: all });
    const explored = await explore(
      { ...made.profile, name: OWN },
      {
        ...space,
        signal,
        maxBytes: 2 ** 28,
        onProgress: ({ depth, states }) => tell({ kind: 'searching', where, calls: depth, states: all + states }),
      },
    );
    all += explored.states;
    if (explored.verdict === 'counterexample') {
      const { path, property, page } = explored;
      return { kind: 'found', path, property: property.name, says: property.says, page, pages: space.pages };
    }
    said.push(
      explored.verdict === 'closed'
        ? `${where}: no sequence of any length`
        : `${where}: no sequence of up to ${explored.depth} calls`,
    );
  }
  return { kind: 'none', said, states: all };
}
