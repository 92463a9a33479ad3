/** Words of a segment. */
const SEGMENT = 1 << 16;

/**
 * States one after the other, in segments: written at the end, read from the start. What was read can be given back.
 * A state lies within one segment; the word -1 says that the next state is in the next segment.
 */
export class WordLog {
  readonly #segments: Int32Array[] = [];
  #used = SEGMENT;
  /** States written. */
  length = 0;
  /** The segment and place that {@link next} reads. */
  #readSegment = 0;
  #readAt = 0;
  /** The segment of the state that {@link next} gave. */
  words: Int32Array = new Int32Array(0);

  /** Bytes of all segments. */
  get byteLength(): number {
    let segments = 0;
    for (const segment of this.#segments) if (segment.length > 0) segments++;
    return segments * SEGMENT * 4;
  }

  /** Appends the words `from` to `to` (exclusive). */
  push(words: Int32Array, from: number, to: number): void {
    const length = to - from;
    if (this.#used + length >= SEGMENT) {
      const last = this.#segments.at(-1);
      if (last !== undefined) last[this.#used] = -1;
      this.#segments.push(new Int32Array(SEGMENT));
      this.#used = 0;
    }
    const segment = this.#segments[this.#segments.length - 1]!;
    for (let i = 0; i < length; i++) segment[this.#used + i] = words[from + i]!;
    this.#used += length;
    this.length++;
  }

  /** Where the next state begins in {@link words}; the state before it had `length` words. Segments that were read are given back. */
  next(length: number): number {
    let at = this.#readAt + length;
    if (length === 0) this.words = this.#segments[0]!;
    else if (this.words[at] === -1) {
      this.#segments[this.#readSegment++] = new Int32Array(0);
      this.words = this.#segments[this.#readSegment]!;
      at = 0;
    }
    this.#readAt = at;
    return at;
  }
}
