import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 16;

/** Reads what is appended to a file that grows, line by line. Bytes are characters, so that lengths are offsets. */
export class LogTail {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(CHUNK);
  #partial = '';
  #size = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  /** What stands behind the last complete line. */
  get partial(): string {
    return this.#partial;
  }

  /** Bytes that were read. */
  get size(): number {
    return this.#size;
  }

  /** Bytes up to the end of the last complete line that was read. */
  get lineEnd(): number {
    return this.#size - this.#partial.length;
  }

  /** Lines that were completed meanwhile, each with the offset at which it begins. */
  *read(): Generator<{ readonly line: string; readonly at: number }> {
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, CHUNK, this.#size);
      if (length === 0) return;
      let at = this.lineEnd;
      const lines = (this.#partial + this.#buffer.toString('latin1', 0, length)).split('\n');
      this.#partial = lines.pop() ?? '';
      this.#size += length;
      for (const line of lines) {
        yield { line, at };
        at += line.length + 1;
      }
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
