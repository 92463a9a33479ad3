/** States a trie may grow to: 2 MiB of transitions. */
const MAX_STATES = 4096;

/**
 * Values by text, found while the text is scanned: each character moves from state to state, so that nothing is cut
 * out, hashed or compared. For the few words that a log repeats for ever. Only ASCII texts are taken in.
 */
export class TextTrie<T> {
  /** The next state of `(state << 7) | character`; 0: none. State 1 is the start. */
  next: Int32Array = new Int32Array(64 << 7);
  /** The value of the text that ends in a state. */
  readonly values: (T | undefined)[] = [undefined, undefined];
  private states = 2;

  /** Adds a text, unless it is not ASCII or far too long. A full trie forgets all the others first. */
  add(text: string, value: T): void {
    if (text.length > MAX_STATES / 8) return;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return;
    if (this.states + text.length > MAX_STATES) this.clear();
    let state = 1;
    for (let i = 0; i < text.length; i++) {
      const at = (state << 7) | text.charCodeAt(i);
      state = this.next[at]! || this.grow(at);
    }
    this.values[state] = value;
  }

  private clear(): void {
    this.next.fill(0);
    this.values.length = 2;
    this.states = 2;
  }

  private grow(at: number): number {
    const state = this.states++;
    if (this.states << 7 > this.next.length) {
      const larger = new Int32Array(this.next.length * 2);
      larger.set(this.next);
      this.next = larger;
    }
    this.next[at] = state;
    this.values[state] = undefined;
    return state;
  }
}
