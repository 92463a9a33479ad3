import { transfer } from 'comlink';

/** Depth to which plain data is searched. */
const DEPTH = 6;
/** Longer arrays hold records, never buffers. */
const SHORT = 8;

/**
 * A message whose buffers and streams comlink hands over and does not copy. A view of a part of a buffer is copied: the rest may be
 * somebody else's.
 */
export function handOver<T>(message: T): T {
  const found = new Set<Transferable>();
  collect(message, DEPTH, found);
  return found.size === 0 ? message : transfer(message, [...found]);
}

function collect(value: unknown, depth: number, found: Set<Transferable>): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (value instanceof ArrayBuffer || value instanceof ReadableStream) found.add(value);
  else if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0) found.add(buffer);
  } else if (Array.isArray(value) ? value.length <= SHORT : isPlain(value)) {
    for (const inner of Object.values(value)) collect(inner, depth - 1, found);
  }
}

/**
 * An input as it can be sent: a Blob that cannot be cloned, as a file's in Node, becomes a stream of it; the name of a `File`, which does not
 * survive every boundary, goes along.
 */
export function sendable(value: unknown, depth: number = DEPTH): unknown {
  if (value instanceof Blob) return isCloneable(value) ? value : value.stream();
  if (depth === 0 || typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sendable(inner, depth - 1)]);
  const { source } = value as { readonly source?: unknown };
  const name = typeof File === 'function' && source instanceof File ? { name: source.name } : {};
  return { ...name, ...Object.fromEntries(entries) };
}

function isCloneable(blob: Blob): boolean {
  try {
    structuredClone(blob);
    return true;
  } catch {
    return false;
  }
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
