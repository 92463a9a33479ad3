// What smaps prints of a flag that no table here knows is two letters, and no bit. At the API such a flag is a bit above the 64 of a kernel,
// by its letters, so that sets of flags can be compared and printed as ever; an address space gives it one of the bits that no kernel uses.

const LETTERS = '?abcdefghijklmnopqrstuvwxyz';
const FIRST_BIT = 64n;

/** The flag that smaps prints as `word`, which no table here knows; `??` for what is not two small letters, as no kernel prints it. @internal */
export function letterBit(word: string): bigint {
  const [high, low] = /^[a-z?]{2}$/.test(word) ? [LETTERS.indexOf(word[0]!), LETTERS.indexOf(word[1]!)] : [0, 0];
  return 1n << (FIRST_BIT + BigInt(high * LETTERS.length + low));
}

/** The letters of the flags that no table here knows, by the alphabet. */
export function flagLetters(flags: bigint): string[] {
  const words: string[] = [];
  let rest = flags < 0n ? 0n : flags >> FIRST_BIT;
  for (let at = 0; rest !== 0n; at++, rest >>= 1n) {
    if ((rest & 1n) === 0n) continue;
    words.push(LETTERS[Math.floor(at / LETTERS.length)]! + LETTERS[at % LETTERS.length]!);
  }
  return words;
}
