import { type Part, wordPrefix } from './mendLine.ts';

/** Prefixes that are kept at most. */
const MAX_KINDS = 500;

/**
 * What a collector puts before each line and ends in a word: `my-pod-7d9f app `, `2026-11-28T09:12:00Z app/web/0123abcd `. A sentence may end so
 * before the call that it names: only what stands before two lines is a prefix.
 */
export class WordPrefixes {
  readonly #seen: Set<string> = new Set();
  readonly #known: Set<string> = new Set();
  /** A line with a prefix that was met for the first time: the next line shows whether it is one. */
  #held: Part | null = null;

  /** A line is held. */
  get holds(): boolean {
    return this.#held !== null;
  }

  /** True for a prefix that two lines had. */
  readonly knows = (prefix: string): boolean => this.#known.size > 0 && this.#known.has(kindOf(prefix));

  /** A line could not be read. `held`: it comes back with the next one; `known`: now it can be read, as its prefix was met before. */
  meet(part: Part): 'held' | 'known' | 'none' {
    const prefix = wordPrefix(part.text);
    if (prefix === null || this.knows(prefix)) return 'none';
    const kind = kindOf(prefix);
    if (this.#seen.has(kind)) {
      this.#known.add(kind);
      return 'known';
    }
    if (this.#seen.size < MAX_KINDS) this.#seen.add(kind);
    this.#held = part;
    return 'held';
  }

  /** Gives back the line that is held. `next`: the line behind it, which may have the same prefix; `null`: there is none. */
  release(next: string | null): (Part & { readonly canBeRead: boolean }) | null {
    const held = this.#held;
    if (held === null) return null;
    this.#held = null;
    const kind = kindOf(wordPrefix(held.text) ?? '');
    const isNext = next !== null && kindOf(wordPrefix(next) ?? '') === kind;
    if (isNext) this.#known.add(kind);
    return { ...held, canBeRead: isNext };
  }
}

/** Prefixes of one kind differ in their numbers alone, such as times, and in their spaces. */
function kindOf(prefix: string): string {
  return prefix.replace(/\d+/g, '0').replace(/\s+/g, ' ');
}
