/**
 * The numbers of one mapping by their keys, in their order: a map that takes little room, as the keys of a file are the same from mapping
 * to mapping and are kept once.
 */
export class SmapsFields implements ReadonlyMap<string, number> {
  readonly #keys: readonly string[];
  readonly #values: readonly number[];

  /** The two have one length; no key stands there twice. */
  constructor(keys: readonly string[], values: readonly number[]) {
    this.#keys = keys;
    this.#values = values;
  }

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): number | undefined {
    return this.#values[this.#keys.indexOf(key)];
  }

  has(key: string): boolean {
    return this.#keys.includes(key);
  }

  forEach(tell: (value: number, key: string, map: ReadonlyMap<string, number>) => void): void {
    for (const [key, value] of this) tell(value, key, this);
  }

  keys(): MapIterator<string> {
    return this.#keys.values();
  }

  values(): MapIterator<number> {
    return this.#values.values();
  }

  *entries(): MapIterator<[string, number]> {
    for (const [at, key] of this.#keys.entries()) yield [key, this.#values[at]!];
  }

  [Symbol.iterator](): MapIterator<[string, number]> {
    return this.entries();
  }
}
