import { InvariantError } from './errors.ts';

const PAGE_BYTES = 4096;

/** The bytes of those frames that were written; of each, as much as its highest written byte needs. @internal */
export class FrameContents {
  #bytes = new Map<number, Uint8Array>();

  write(pfn: number, offset: number, value: number): void {
    if (!(Number.isInteger(offset) && offset >= 0 && offset < PAGE_BYTES)) {
      throw new InvariantError(`no offset in a page: ${offset}`);
    }
    let bytes = this.#bytes.get(pfn);
    if (bytes === undefined || bytes.length <= offset) {
      const grown = new Uint8Array(sizeFor(offset));
      if (bytes !== undefined) grown.set(bytes);
      bytes = grown;
      this.#bytes.set(pfn, bytes);
    }
    bytes[offset] = value;
  }

  read(pfn: number, offset: number): number {
    return this.#bytes.get(pfn)?.[offset] ?? 0;
  }

  copy(from: number, to: number): void {
    const bytes = this.#bytes.get(from);
    if (bytes !== undefined) this.#bytes.set(to, bytes.slice());
  }

  drop(pfn: number): void {
    this.#bytes.delete(pfn);
  }
}

/** The power of two, 16 or more, that holds a byte at `offset`. */
function sizeFor(offset: number): number {
  return offset < 16 ? 16 : 1 << (32 - Math.clz32(offset));
}
