/** States of a segment, and its log2. */
const SEGMENT_SHIFT = 15;
const SEGMENT: number = 1 << SEGMENT_SHIFT;
const MASK: number = SEGMENT - 1;
/** Bytes of a state: two words of hash, one of its parent's, and its call. */
const BYTES_A_STATE = 14;
/** Slots of the table that may be taken, of each 4. */
const TAKEN_OF_4 = 3;

/** Some states in the order in which they were met. */
interface Segment {
  readonly hashLo: Int32Array;
  readonly hashHi: Int32Array;
  readonly parent: Int32Array;
  readonly call: Uint16Array;
}

/**
 * The states that were met: of each a hash of 64 bits, half of its parent's hash, and the call that led here. Open addressing;
 * 20 to 25 bytes a state.
 *
 * Two states with the same hash are taken for one, and the second is then never looked at. Of n states that happens with
 * odds of about n^2 / 2^65: for ten million, three in a million. {@link confirm} rules it out.
 */
export class StateSet {
  readonly #segments: Segment[] = [];
  #slots: Int32Array = new Int32Array(1 << 12);
  #size = 0;
  /** True where the last {@link add} met a new state. */
  isNew = false;
  /** Asked whether two states of one hash are the same: the state of that number, and the one that is added. */
  readonly #confirm: ((state: number) => boolean) | null;

  constructor(confirm: ((state: number) => boolean) | null = null) {
    this.#confirm = confirm;
  }

  /** States. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of its arrays. */
  get byteLength(): number {
    return this.#slots.byteLength + this.#segments.length * SEGMENT * BYTES_A_STATE;
  }

  /** Adds a state, unless it was met; gives its number. {@link isNew} says which. */
  add(hashLo: number, hashHi: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hashLo ^ (hashHi << 7)) & mask;
    for (;;) {
      const state = this.#slots[slot]! - 1;
      if (state < 0) break;
      const segment = this.#segments[state >>> SEGMENT_SHIFT]!;
      const i = state & MASK;
      if (segment.hashLo[i] === hashLo && segment.hashHi[i] === hashHi && (this.#confirm?.(state) ?? true)) {
        this.isNew = false;
        return state;
      }
      slot = (slot + 1) & mask;
    }
    this.isNew = true;
    const state = this.#size++;
    if ((state & MASK) === 0) this.#segments.push(newSegment());
    const segment = this.#segments[state >>> SEGMENT_SHIFT]!;
    segment.hashLo[state & MASK] = hashLo;
    segment.hashHi[state & MASK] = hashHi;
    this.#slots[slot] = state + 1;
    if (this.#size * 4 > this.#slots.length * TAKEN_OF_4) this.#grow();
    return state;
  }

  /** Notes how a state was reached. */
  setOrigin(state: number, parentHash: number, call: number): void {
    const segment = this.#segments[state >>> SEGMENT_SHIFT]!;
    segment.parent[state & MASK] = parentHash;
    segment.call[state & MASK] = call;
  }

  /** Low half of the hash of a state. */
  hashLo(state: number): number {
    return this.#segments[state >>> SEGMENT_SHIFT]!.hashLo[state & MASK]!;
  }

  /** High half. */
  hashHi(state: number): number {
    return this.#segments[state >>> SEGMENT_SHIFT]!.hashHi[state & MASK]!;
  }

  /** Low half of the hash of the state before. */
  parentOf(state: number): number {
    return this.#segments[state >>> SEGMENT_SHIFT]!.parent[state & MASK]!;
  }

  /** The call that led here, by its place in the alphabet. */
  callOf(state: number): number {
    return this.#segments[state >>> SEGMENT_SHIFT]!.call[state & MASK]!;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let state = 0; state < this.#size; state++) {
      const { hashLo, hashHi } = this.#segments[state >>> SEGMENT_SHIFT]!;
      let slot = (hashLo[state & MASK]! ^ (hashHi[state & MASK]! << 7)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = state + 1;
    }
    this.#slots = slots;
  }
}

function newSegment(): Segment {
  return {
    hashLo: new Int32Array(SEGMENT),
    hashHi: new Int32Array(SEGMENT),
    parent: new Int32Array(SEGMENT),
    call: new Uint16Array(SEGMENT),
  };
}

/** A hash of 64 bits of some words, in two halves. */
export class StateHash {
  lo = 0;
  hi = 0;

  /** Works out {@link lo} and {@link hi} of the words `from` to `to` (exclusive). */
  of(words: Int32Array, from: number, to: number): void {
    let a = 0x9e3779b9 | 0;
    let b = 0x7f4a7c15 | 0;
    for (let i = from; i < to; i++) {
      const word = words[i]!;
      a = Math.imul(a ^ word, 0x85ebca6b);
      a ^= a >>> 15;
      b = Math.imul(b + word, 0xc2b2ae35);
      b = (b << 13) | (b >>> 19);
      b ^= a;
    }
    a = Math.imul(a ^ (b >>> 16), 0x21f0aaad);
    a = Math.imul(a ^ (a >>> 15), 0x735a2d97);
    b = Math.imul(b ^ (a >>> 13), 0x5bd1e995);
    this.lo = a ^ (a >>> 15) ^ b;
    this.hi = Math.imul(b ^ (b >>> 15), 0x27d4eb2f) ^ a;
  }
}
