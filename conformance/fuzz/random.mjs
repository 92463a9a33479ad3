// A seeded source of random choices: the same seed gives the same scenarios, on every machine.

/** Random choices from a seed of 32 bits. */
export class Random {
  #state;

  /** @param {number} seed a whole number */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A whole number of 32 bits. The step is a Weyl sequence, then a mixing of its bits (splitmix32). */
  next() {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }

  /** A whole number from `min` to `max`, both possible. */
  int(min, max) {
    return min + (this.next() % (max - min + 1));
  }

  /** True in `percent` of a hundred cases. */
  chance(percent) {
    return this.int(1, 100) <= percent;
  }

  /** One of the items. */
  pick(items) {
    return items[this.int(0, items.length - 1)];
  }

  /** One of the keys, each as often as its weight says. */
  weighted(weights) {
    const entries = Object.entries(weights);
    let left = this.int(
      1,
      entries.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [key, weight] of entries) {
      left -= weight;
      if (left <= 0) return key;
    }
    throw new Error('no weights');
  }
}
