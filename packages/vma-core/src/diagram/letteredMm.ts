import { Mm } from '../mm.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';

/**
 * An address space whose VMAs have letters. A VMA keeps its letter as it grows, shrinks and merges; of a VMA that is cut in
 * two the lower half keeps it, whichever of the two the kernel takes for the new one, or the upper one when the lower goes.
 */
export class LetteredMm extends Mm {
  readonly #letters = new Map<VmaRef, string>();
  readonly #used = new Set<string>();
  /** Of each cut since letters were last asked for: the upper half, by the lower one. */
  readonly #upperHalf = new Map<VmaRef, VmaRef>();
  /** What the last call took off a VMA: the first half of a cut. */
  #cut = { vma: NO_VMA, start: 0, end: 0 };

  /** Gives a VMA a letter. */
  name(vma: VmaRef, letter: string): void {
    this.#letters.set(vma, letter);
    this.#used.add(letter);
  }

  /** The letters of all VMAs; those that have none yet get, in address order, the first that none ever had. */
  letters(): ReadonlyMap<VmaRef, string> {
    for (let vma = this.index.first(); vma !== NO_VMA; vma = this.index.next(vma)) {
      if (!this.#letters.has(vma)) this.name(vma, this.#nextLetter());
    }
    this.#upperHalf.clear();
    return this.#letters;
  }

  override setRange(vma: VmaRef, start: number, end: number, pageOffset: number, anonPageOffset: number): void {
    const oldStart = this.store.start[vma]!;
    const oldEnd = this.store.end[vma]!;
    super.setRange(vma, start, end, pageOffset, anonPageOffset);
    this.#cut = start > oldStart ? { vma, start: oldStart, end: start } : { vma, start: end, end: oldEnd };
  }

  override linkVma(vma: VmaRef): void {
    super.linkVma(vma);
    const { vma: other, start, end } = this.#cut;
    this.#cut = { vma: NO_VMA, start: 0, end: 0 };
    if (other === NO_VMA || this.store.start[vma] !== start || this.store.end[vma] !== end) return;
    const isBelow = end === this.store.start[other];
    this.#upperHalf.set(isBelow ? vma : other, isBelow ? other : vma);
    if (isBelow) this.#handOver(other, vma);
  }

  override removeVma(vma: VmaRef): void {
    super.removeVma(vma);
    const upper = this.#upperHalf.get(vma) ?? NO_VMA;
    if (upper !== NO_VMA && !this.#letters.has(upper)) this.#handOver(vma, upper);
    this.#letters.delete(vma);
    this.#upperHalf.delete(vma);
    for (const [lower, half] of this.#upperHalf) if (half === vma) this.#upperHalf.delete(lower);
  }

  #handOver(from: VmaRef, to: VmaRef): void {
    const letter = this.#letters.get(from);
    this.#letters.delete(from);
    if (letter !== undefined) this.#letters.set(to, letter);
  }

  #nextLetter(): string {
    const alive = new Set(this.#letters.values());
    const all = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
    return all.find((one) => !this.#used.has(one)) ?? all.find((one) => !alive.has(one)) ?? '?';
  }
}
