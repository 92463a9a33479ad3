/**
 * Bytes, unpacked where the first two say that they are gzip.
 * @param found told which of the two they are, before the first byte comes
 * @throws what the source throws; where the gzip is cut off or damaged, what the platform throws: in Node an error with a code of zlib
 */
export async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  found: (packed: boolean) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  // The two bytes may come one by one.
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    head = head.length === 0 ? value : new Uint8Array([...head, ...value]);
  }
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  found(packed);
  const whole = (async function* () {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  if (packed) yield* readStream(streamOf(whole).pipeThrough(new DecompressionStream('gzip')));
  else yield* whole;
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
