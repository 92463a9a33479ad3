import type { StateHash } from './stateSet.ts';

/** Words that there is room for at first. */
const FIRST_ROOM = 1 << 12;
/** States that are remembered as sent, and words of each. */
const REMEMBERED = 1 << 12;
const WORDS = 4;

/** States that fall to another shard, until they are sent: one block of words. */
export class Outbox {
  #words: Int32Array = new Int32Array(0);
  #used = 0;
  /** Of states that were sent in this level: their hash, and from where they were reached. */
  readonly #sent: Int32Array = new Int32Array(REMEMBERED * WORDS);
  /** Bit a remembered state: the words of it count. */
  readonly #isSent: Uint8Array = new Uint8Array(REMEMBERED);

  /** Bytes of the block. */
  get byteLength(): number {
    return this.#words.byteLength;
  }

  /** Adds a state, unless what it was reached from is no less than what was sent before. */
  push(hash: StateHash, words: Int32Array, from: number, to: number, parent: number, call: number): void {
    const { lo, hi } = hash;
    if (this.#isKnown(lo, hi, parent, call)) return;
    const length = to - from;
    this.#makeRoom(length + 5);
    const block = this.#words;
    let at = this.#used;
    block[at++] = lo;
    block[at++] = hi;
    block[at++] = parent;
    block[at++] = call;
    block[at++] = length;
    for (let i = from; i < to; i++) block[at++] = words[i]!;
    this.#used = at;
  }

  /** The block, which is then another's. */
  empty(): Int32Array {
    const block = this.#words.slice(0, this.#used);
    this.#used = 0;
    return block;
  }

  /** Forgets what was sent: another level has begun. */
  forget(): void {
    this.#isSent.fill(0);
  }

  #isKnown(lo: number, hi: number, parent: number, call: number): boolean {
    const entry = (lo >>> 4) & (REMEMBERED - 1);
    const sent = this.#sent;
    const at = entry * WORDS;
    if (this.#isSent[entry] === 1 && sent[at] === lo && sent[at + 1] === hi) {
      const known = sent[at + 2]!;
      if (known < parent || (known === parent && sent[at + 3]! <= call)) return true;
    }
    this.#isSent[entry] = 1;
    sent[at] = lo;
    sent[at + 1] = hi;
    sent[at + 2] = parent;
    sent[at + 3] = call;
    return false;
  }

  #makeRoom(words: number): void {
    if (this.#used + words <= this.#words.length) return;
    const grown = new Int32Array(Math.max(FIRST_ROOM, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}
