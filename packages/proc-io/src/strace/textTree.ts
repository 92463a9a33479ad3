/** Characters that all labels together may have. */
const MOST_CODES = 1 << 16;
/** Each text adds two nodes at most. */
const MOST_NODES = 1 << 12;

const ROOT = 0;

/**
 * Values by text, found while the text is scanned, so that nothing is cut out or hashed. For the few texts that a log repeats for ever.
 * Only ASCII texts are taken in.
 *
 * A radix tree: what several texts begin with is there once, and a node is told from its siblings by the first character of its label.
 *
 *     PROT_ -- READ* -- |PROT_ -- WRITE*
 *       |                  |
 *       NONE*              EXEC*            *: a text ends here
 *
 * A label is compared with the line character by character, and no comparison waits for another: a tree of one node a character, where
 * each step waits for the last one's memory, takes several times as long once it has left the nearest cache.
 */
export class TextTree<T> {
  /** Where the text that {@link find} has found ends. */
  end = 0;
  /** What a text must be followed by. */
  readonly #ends: readonly [number, number];
  /** The characters of all labels. */
  #codes: Uint8Array = new Uint8Array(256);
  #used = 0;
  // By node. The label of a node is `[from, to)` of `#codes`.
  #from: number[] = [0];
  #to: number[] = [0];
  #firstChild: number[] = [ROOT];
  #sibling: number[] = [ROOT];
  #values: (T | undefined)[] = [undefined];

  /** @param ends what a text must be followed by: one of these two characters */
  constructor(ends: readonly [number, number]) {
    this.#ends = ends;
  }

  /**
   * The value of the text that begins at `from`, up to a character that ends one; `undefined`: none was added. Behind the line there must
   * be a character that no text has.
   */
  find(codes: Uint8Array, from: number): T | undefined {
    const own = this.#codes;
    const [one, other] = this.#ends;
    let node = ROOT;
    for (let p = from; ; ) {
      const code = codes[p]!;
      if (code === one || code === other) {
        const value = this.#values[node];
        if (value !== undefined) {
          this.end = p;
          return value;
        }
      }
      node = this.#childOf(node, code);
      if (node === ROOT) return undefined;
      const to = this.#to[node]!;
      p++;
      for (let i = this.#from[node]! + 1; i < to; i++, p++) if (own[i] !== codes[p]) return undefined;
    }
  }

  /** Adds a text that is not in it, unless it is not ASCII or far too long. A full tree forgets all the others first. */
  add(text: string, value: T): void {
    if (text.length > MOST_CODES / 64) return;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return;
    if (this.#used + text.length > MOST_CODES || this.#from.length + 2 > MOST_NODES) this.#clear();
    let node = ROOT;
    let p = 0;
    while (p < text.length) {
      const child = this.#childOf(node, text.charCodeAt(p));
      if (child === ROOT) {
        node = this.#addLeaf(node, text.slice(p));
        break;
      }
      node = child;
      const to = this.#to[node]!;
      let i = this.#from[node]!;
      while (i < to && p < text.length && this.#codes[i] === text.charCodeAt(p)) {
        i++;
        p++;
      }
      if (i < to) this.#split(node, i);
    }
    this.#values[node] = value;
  }

  #childOf(node: number, code: number): number {
    let child = this.#firstChild[node]!;
    while (child !== ROOT && this.#codes[this.#from[child]!] !== code) child = this.#sibling[child]!;
    return child;
  }

  #addLeaf(parent: number, label: string): number {
    const from = this.#used;
    this.#used += label.length;
    if (this.#used > this.#codes.length) {
      const larger = new Uint8Array(Math.max(this.#used, this.#codes.length * 2));
      larger.set(this.#codes);
      this.#codes = larger;
    }
    for (let i = 0; i < label.length; i++) this.#codes[from + i] = label.charCodeAt(i);
    const leaf = this.#addNode(from, this.#used, ROOT, this.#firstChild[parent]!, undefined);
    this.#firstChild[parent] = leaf;
    return leaf;
  }

  /** Cuts a node's label at `at`: what is behind goes, with its value and its children, to a child. */
  #split(node: number, at: number): void {
    const rest = this.#addNode(at, this.#to[node]!, this.#firstChild[node]!, ROOT, this.#values[node]);
    this.#to[node] = at;
    this.#firstChild[node] = rest;
    this.#values[node] = undefined;
  }

  #addNode(from: number, to: number, firstChild: number, sibling: number, value: T | undefined): number {
    this.#to.push(to);
    this.#firstChild.push(firstChild);
    this.#sibling.push(sibling);
    this.#values.push(value);
    return this.#from.push(from) - 1;
  }

  #clear(): void {
    this.#used = 0;
    for (const column of [this.#from, this.#to, this.#firstChild, this.#sibling]) column.length = 1;
    this.#firstChild[ROOT] = ROOT;
    this.#values = [undefined];
  }
}
