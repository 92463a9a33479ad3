/** A page claims an output that the engine does not give. */
export class BrokenClaimError extends Error {
  override readonly name = 'BrokenClaimError';
}

/** A value as live code shows it: JSON, with a bigint in hex. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `0x${one.toString(16)}` : one));
  return text ?? String(value);
}

/** Holds a page's claim against the value. @throws BrokenClaimError where they are not shown alike */
export function holdClaim(value: unknown, claim: unknown): void {
  const [is, claimed] = [shownValue(value), shownValue(claim)];
  if (is !== claimed) throw new BrokenClaimError(`the page claims ${claimed}, and the value is ${is}`);
}
