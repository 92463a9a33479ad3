import type { CliIo } from './cliIo.ts';
import { printableText } from './printable.ts';

const EVERY_MS = 120;

/** A line on standard error that is written over as work goes on; nothing where standard error is no terminal. */
export class ProgressLine {
  readonly #io: CliIo;
  readonly #columns: number;
  #last = 0;
  #shown = false;

  constructor(io: CliIo) {
    this.#io = io;
    this.#columns = io.columns ?? 80;
  }

  /** Shows `text`, unless something was shown a moment ago. */
  update(text: () => string): void {
    if (!this.#io.errIsTerminal) return;
    const now = performance.now();
    if (now - this.#last < EVERY_MS) return;
    this.#last = now;
    this.#shown = true;
    this.#io.err(`\r\u001b[2K${printableText(text()).slice(0, this.#columns - 1)}`);
  }

  /** Takes the line away. */
  done(): void {
    if (this.#shown) this.#io.err('\r\u001b[2K');
    this.#shown = false;
  }
}
