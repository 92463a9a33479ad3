/** Depth to which plain data is searched. */
const DEPTH = 6;
/** Longer arrays hold records, never buffers. */
const SHORT = 8;

/**
 * The buffers and streams in a message, so that they are handed over and not copied. A view of a part of a buffer is copied: the
 * rest may be somebody else's.
 */
export function transferablesOf(value: unknown, depth: number = DEPTH, found: Transferable[] = []): Transferable[] {
  if (typeof value !== 'object' || value === null || depth === 0) return found;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (whole && byteLength > 0 && !found.includes(buffer)) found.push(buffer);
  } else if (
    value instanceof ArrayBuffer ||
    (typeof ReadableStream === 'function' && value instanceof ReadableStream)
  ) {
    if (!found.includes(value)) found.push(value);
  } else if (Array.isArray(value)) {
    if (value.length <= SHORT) for (const one of value) transferablesOf(one, depth - 1, found);
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const one of Object.values(value)) transferablesOf(one, depth - 1, found);
  }
  return found;
}
