/**
 * Cuts bytes into lines of text, without their line ends; many at once, because one at a time would cost more than what is
 * then done with them. A last line without an end counts.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let tail = '';
  for await (const chunk of bytes) {
    const lines = (tail + decoder.decode(chunk, { stream: true })).split('\n');
    tail = lines.pop() as string;
    if (lines.length > 0) yield lines.map(withoutCarriageReturn);
  }
  tail += decoder.decode();
  if (tail !== '') yield [withoutCarriageReturn(tail)];
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
