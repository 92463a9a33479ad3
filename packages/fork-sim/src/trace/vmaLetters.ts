import type { VmaRef } from 'vma-core';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Letters of one process's VMAs. A VMA keeps its letter for as long as the engine keeps the VMA. A letter is never given again, so that
 * it names one thing from the first step to the last.
 */
export class VmaLetters {
  readonly #byRef = new Map<VmaRef, string>();
  /** Letters that were given. */
  #given = 0;

  /** The letter of a VMA; a new one where it has none yet. */
  of(ref: VmaRef): string {
    const known = this.#byRef.get(ref);
    if (known !== undefined) return known;
    const letter = nthLetter(this.#given++);
    this.#byRef.set(ref, letter);
    return letter;
  }

  /** Letters for a child of the process: those of its new VMAs come after the letters that the parent has given. */
  forChild(): VmaLetters {
    const child = new VmaLetters();
    child.#given = this.#given;
    return child;
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

  /** Forgets the VMAs that are gone: the engine may give their records to others. */
  keepOnly(live: ReadonlySet<VmaRef>): void {
    for (const ref of [...this.#byRef.keys()]) if (!live.has(ref)) this.#byRef.delete(ref);
  }
}

/** `A` to `Z`, `a` to `z`, then `A1`, `B1`, ... */
function nthLetter(at: number): string {
  const round = Math.floor(at / ALPHABET.length);
  return `${ALPHABET[at % ALPHABET.length]}${round === 0 ? '' : round}`;
}
