/** Numbers from 0 up to `below` (exclusive), the same ones each time: those of `native/kernelBench.c`. */
export function pseudoRandom(): (below: number) => number {
  let state = 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
