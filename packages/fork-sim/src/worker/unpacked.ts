/**
 * Bytes, unpacked where the first two say that they are gzip, and in UTF-8 where they are UTF-16, as Windows saves text.
 * @param found told which of the two they are, before the first byte comes
 * @throws what the source throws; where the gzip is cut off or damaged, what the platform throws: in Node an error with a code of zlib
 */
export async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  found: (packed: boolean) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const { head, whole } = await begun(source);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  found(packed);
  if (!packed) yield* inUtf8(head, whole);
  else {
    const unzipped = await begun(readStream(streamOf(whole).pipeThrough(new DecompressionStream('gzip'))));
    yield* inUtf8(unzipped.head, unzipped.whole);
  }
}

/** The first bytes of a source, four of them if it has as many, and all of it with them. */
async function begun(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly whole: AsyncGenerator<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  // They may come one by one.
  while (head.length < 4) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    head = head.length === 0 ? value : new Uint8Array([...head, ...value]);
  }
  const whole = (async function* () {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  return { head, whole };
}

async function* inUtf8(head: Uint8Array, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoding = utf16Of(head);
  if (encoding === null) {
    yield* chunks;
    return;
  }
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** Which UTF-16 a text is in, by its byte order mark or by the zeros of two ASCII characters; `null`: in none. */
function utf16Of([a = 0, b = 0, c = 0, d = 0]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (isAscii(a) && b === 0 && isAscii(c) && d === 0) return 'utf-16le';
  return a === 0 && isAscii(b) && c === 0 && isAscii(d) ? 'utf-16be' : null;
}

function isAscii(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The chunks of a stream, which is cancelled when no more of them are asked for. */
export async function* readStream<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** `ReadableStream.from`, which not every browser has. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}
