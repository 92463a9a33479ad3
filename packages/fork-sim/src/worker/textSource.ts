import { InputError, type InputPlace } from 'proc-io';
import type { TextSource } from './forkSimApi.ts';
import { readStream, unpacked } from './unpacked.ts';
import { ProtocolError } from './workerErrors.ts';

/** Bytes, or characters of a string, that are read at once. */
const CHUNK = 1 << 18;

/** How far the reading of a source is. */
export interface ReadState {
  /** Bytes (characters of a string) read, of the source as it is. */
  read: number;
  /** Bytes there are; `null`: a stream does not say. */
  readonly total: number | null;
  /** The source is packed, and unpacked as it is read. */
  packed?: boolean;
  /** What was read last is the last there is, of a source that is packed: its size does not tell. */
  ended?: boolean;
}

/** The name of a source: its own, where it is a `File`. */
export function nameOfSource(source: TextSource, name: string | undefined, otherwise: string): string {
  if (name !== undefined) return name;
  return typeof File === 'function' && source instanceof File ? source.name : otherwise;
}

/** Length of a source, as far as it is known before it is read. */
export function sizeOfSource(source: TextSource): number | null {
  if (typeof source === 'string') return source.length;
  if (source instanceof Blob) return source.size;
  return isBytes(source) ? source.byteLength : null;
}

/**
 * Reads a source piece by piece, unpacked where it is gzip.
 *
 * @param state is kept up to date
 * @param place where the reading is, asked when it fails
 * @throws InputError where the source cannot be read on: a file that is gone, a stream that broke off, damaged gzip
 */
export async function* readChunks(
  source: TextSource,
  state: ReadState,
  place: () => InputPlace,
): AsyncGenerator<Uint8Array | string> {
  if (typeof source === 'string') {
    for (let at = 0; at < source.length; at += CHUNK) {
      state.read = Math.min(source.length, at + CHUNK);
      yield source.slice(at, at + CHUNK);
    }
    return;
  }
  try {
    const chunks = unpacked(counted(readBytes(source), state), (packed) => {
      state.packed = packed;
    });
    yield* heldBack(chunks, state);
  } catch (error) {
    throw unreadable(error, place());
  }
}

/** Bytes that are held back, at least, of what is packed. */
const HELD = 1 << 16;

/**
 * What is unpacked comes in small chunks, and none of them says that it is the last. Two pieces are therefore held back, so that the last
 * piece is known for the last, and is no scrap. What was unpacked before an error still comes.
 */
async function* heldBack(chunks: AsyncGenerator<Uint8Array>, state: ReadState): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let held: Uint8Array[] = [];
  let size = 0;
  let failed: { readonly error: unknown } | null = null;
  try {
    for await (const chunk of chunks) {
      if (state.packed !== true) {
        yield chunk;
        continue;
      }
      held.push(chunk);
      size += chunk.length;
      if (size < HELD) continue;
      if (ready.length > 0) yield joined(ready);
      ready = held;
      held = [];
      size = 0;
    }
  } catch (error) {
    failed = { error };
  }
  state.ended = state.packed === true;
  const last = joined([...ready, ...held]);
  if (last.length > 0) yield last;
  if (failed !== null) throw failed.error;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function* readBytes(source: Exclude<TextSource, string>): AsyncGenerator<Uint8Array> {
  if (source instanceof Blob) {
    for (let at = 0; at < source.size; at += CHUNK) {
      yield new Uint8Array(await source.slice(at, at + CHUNK).arrayBuffer());
    }
  } else if (isBytes(source)) {
    const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
    for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
  } else if (source instanceof ReadableStream) {
    for await (const chunk of readStream(source)) {
      if (!(chunk instanceof Uint8Array)) throw new ProtocolError('a stream of something else than bytes');
      yield chunk;
    }
  } else {
    throw new ProtocolError('a source is a string, a Blob, a stream of bytes, or bytes');
  }
}

async function* counted(chunks: AsyncGenerator<Uint8Array>, state: ReadState): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    state.read += chunk.length;
    yield chunk;
  }
}

function isBytes(source: TextSource): source is Uint8Array | ArrayBuffer {
  return source instanceof Uint8Array || source instanceof ArrayBuffer;
}

function unreadable(error: unknown, place: InputPlace): Error {
  if (error instanceof InputError || error instanceof ProtocolError) return error;
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new InputError(`cannot be read any further (${why})`, place);
}

/** A source that can be read more than once: a stream becomes a Blob. */
export async function bufferedSource(source: TextSource): Promise<TextSource> {
  return typeof source === 'object' && 'getReader' in source ? new Response(source).blob() : source;
}
