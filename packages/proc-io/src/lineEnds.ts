/**
 * Gives every line of a text the end `\n`: lines may end in `\r\n`, in several `\r` before the `\n` (a terminal's log copied by Windows), or in
 * `\r` alone (old Macs, output of terminals). Takes a text in chunks.
 */
export class LineEnds {
  /** The carriage returns that the last chunk ended with: a `\n` may follow. */
  #held = '';

  /** @param last no chunk follows */
  take(chunk: string, last: boolean): string {
    if (this.#held === '' && !chunk.includes('\r')) return chunk;
    const text = this.#held + chunk;
    let end = text.length;
    if (!last) while (text[end - 1] === '\r') end--;
    this.#held = text.slice(end);
    return text.slice(0, end).replace(/\r+\n?/g, '\n');
  }
}
