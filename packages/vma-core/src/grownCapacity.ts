/** Up to here capacities are doubled. */
const SMALL = 512;

/**
 * The next capacity, a multiple of 8: a quarter more, so that at most a fifth is unused, where doubling would leave up to
 * half. Small ones are doubled. @internal
 */
export function grownCapacity(capacity: number): number {
  return capacity < SMALL ? Math.max(8, capacity * 2) : Math.ceil((capacity * 5) / 4 / 8) * 8;
}
