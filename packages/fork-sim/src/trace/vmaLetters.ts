import type { VmaRef } from 'vma-core';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters of one process's VMAs: a VMA keeps its letter for as long as the engine keeps the VMA. */
export class VmaLetters {
  readonly #byRef = new Map<VmaRef, string>();

  /** The letter of a VMA; the first free one where it has none yet. */
  of(ref: VmaRef): string {
    const known = this.#byRef.get(ref);
    if (known !== undefined) return known;
    const used = new Set(this.#byRef.values());
    let at = 0;
    while (used.has(nthLetter(at))) at++;
    const letter = nthLetter(at);
    this.#byRef.set(ref, letter);
    return letter;
  }

  /** Names a VMA, such as a child's after its parent's. */
  give(ref: VmaRef, letter: string): void {
    this.#byRef.set(ref, letter);
  }

  /** After a split the lower part has the old letter, whichever of the two records the engine kept. */
  split(below: VmaRef, above: VmaRef): void {
    const old = this.#byRef.get(below) ?? this.#byRef.get(above);
    if (old === undefined) return;
    this.#byRef.delete(above);
    this.#byRef.set(below, old);
  }

  /** Frees the letters of VMAs that are gone. */
  keepOnly(live: ReadonlySet<VmaRef>): void {
    for (const ref of [...this.#byRef.keys()]) if (!live.has(ref)) this.#byRef.delete(ref);
  }
}

/** `A` to `Z`, `a` to `z`, then `A1`, `B1`, ... */
function nthLetter(at: number): string {
  const round = Math.floor(at / ALPHABET.length);
  return `${ALPHABET[at % ALPHABET.length]}${round === 0 ? '' : round}`;
}
