/** Depth to which a message is searched. */
const DEPTH = 6;

/**
 * A message in which each Blob has become a stream of it, for Blobs that cannot cross: those of Node that are files. `null`: there
 * is none in it.
 */
export function streamed<T>(message: T): T | null {
  let found = false;
  const replace = (value: unknown, depth: number): unknown => {
    if (value instanceof Blob) {
      found = true;
      return value.stream();
    }
    if (depth === 0 || typeof value !== 'object' || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, depth - 1)]));
  };
  const replaced = replace(message, DEPTH) as T;
  return found ? replaced : null;
}
