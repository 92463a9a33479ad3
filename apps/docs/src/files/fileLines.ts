/** Bytes by which a file is known. */
const HEAD = 1 << 16;
/** Longest line that is read here: scenarios are short. */
const MAX_LINE = 1 << 24;

/** The beginning of a file, unpacked: of a packed one, what its first bytes unpack to. */
export async function headOf(file: Blob): Promise<Uint8Array> {
  const reader = (await unpacked(file.slice(0, HEAD))).getReader();
  const head = new Uint8Array(HEAD);
  let length = 0;
  try {
    while (length < HEAD) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, HEAD - length);
      head.set(part, length);
      length += part.length;
    }
  } catch (error) {
    // A packed file ends here in the middle, which is an error once the rest was taken; damaged from the start it is nothing.
    if (length === 0) throw error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return head.subarray(0, length);
}

/** The lines of a file, unpacked, as far as they are asked for. */
export async function* fileLines(file: File): AsyncGenerator<string> {
  const reader = (await unpacked(file)).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (done) break;
      if (rest.length > MAX_LINE) throw new Error(`${file.name} has a line that is too long`);
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The whole text of a file, unpacked; `null` where it has more than `most` characters. */
export async function textOf(file: Blob, most: number): Promise<string | null> {
  const reader = (await unpacked(file)).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      text += done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (text.length > most) return null;
      if (done) return text;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A file's bytes, unpacked where the first two say that it is gzip. */
async function unpacked(file: Blob): Promise<ReadableStream<Uint8Array>> {
  const [one, two] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const stream: ReadableStream<Uint8Array<ArrayBuffer>> = file.stream();
  return one === 0x1f && two === 0x8b ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
}
