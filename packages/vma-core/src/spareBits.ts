import { flagLetters, letterBit } from './flagLetters.ts';
import type { VmFlags } from './vmFlags.ts';

/** The bits that a column has of a set of flags. */
const KERNEL_BITS = (1n << 64n) - 1n;

/** Bits of a kernel's flags from here on are of no kernel that is known: `vmFlags.ts` names none of them. */
const FIRST_SPARE = 44;
const LAST_SPARE = 63;

/** The flag that smaps prints as `word`, which no table here knows; `??` for what is not two small letters, as no kernel prints it. */
export function vmFlagOfLetters(word: string): VmFlags {
  return letterBit(word) as VmFlags;
}

/**
 * The bits that the address spaces of one world give to flags that are known by their letters alone: a column of flags has 64 bits. There
 * is room for 20; all further words share the last one, and are printed `??`.
 */
export class SpareBits {
  readonly #words: string[] = [];

  /** The high half of a set of flags, as a column holds it. */
  hi(flags: VmFlags): number {
    if (flags >> 32n === 0n) return 0;
    let hi = Number((flags & KERNEL_BITS) >> 32n);
    for (const word of flagLetters(flags)) hi |= 1 << (this.#bitOf(word) - 32);
    return hi >>> 0;
  }

  /** A set of flags from the halves of columns. */
  flags(lo: number, hi: number): VmFlags {
    let flags = (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
    for (const [at, word] of this.#words.entries()) {
      const bit = 1n << BigInt(LAST_SPARE - at);
      if ((flags & bit) !== 0n) flags = (flags & ~bit) | letterBit(word);
    }
    return flags as VmFlags;
  }

  #bitOf(word: string): number {
    let at = this.#words.indexOf(word);
    if (at < 0) at = LAST_SPARE - this.#words.length > FIRST_SPARE ? this.#words.push(word) - 1 : this.#lastOne();
    return LAST_SPARE - at;
  }

  #lastOne(): number {
    if (LAST_SPARE - this.#words.length === FIRST_SPARE) this.#words.push('??');
    return this.#words.length - 1;
  }
}
