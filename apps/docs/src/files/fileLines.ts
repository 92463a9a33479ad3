import { readStream, unpacked } from 'fork-sim/unpacked';

/** Bytes by which a file is known. */
const HEAD = 1 << 16;
/** Longest line that is read here: scenarios are short. */
const MAX_LINE = 1 << 24;

/** The beginning of a file, unpacked: of a packed one, what its first bytes unpack to. */
export async function headOf(file: Blob): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD);
  let length = 0;
  try {
    for await (const chunk of bytesOf(file.slice(0, HEAD))) {
      const part = chunk.subarray(0, HEAD - length);
      head.set(part, length);
      length += part.length;
      if (length === HEAD) break;
    }
  } catch (error) {
    // A packed file ends here in the middle, which is an error once the rest was taken; damaged from the start it is nothing.
    if (length === 0) throw error;
  }
  return head.subarray(0, length);
}

/** The lines of a file, unpacked, as far as they are asked for. */
export async function* fileLines(file: File): AsyncGenerator<string> {
  let rest = '';
  for await (const text of textsOf(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE) throw new Error(`${file.name} has a line that is too long`);
  }
  if (rest !== '') yield rest;
}

/** The whole text of a file, unpacked; `null` where it has more than `most` characters. */
export async function textOf(file: Blob, most: number): Promise<string | null> {
  let whole = '';
  for await (const text of textsOf(file)) {
    whole += text;
    if (whole.length > most) return null;
  }
  return whole;
}

/** All bytes of a file, unpacked; `null` where there are more than `most`. */
export async function bytesUpTo(file: Blob, most: number): Promise<Uint8Array | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of bytesOf(file)) {
    length += chunk.length;
    if (length > most) return null;
    parts.push(new Uint8Array(chunk));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function* textsOf(file: Blob): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytesOf(file)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function bytesOf(file: Blob): AsyncGenerator<Uint8Array> {
  return unpacked(readStream(file.stream()));
}
