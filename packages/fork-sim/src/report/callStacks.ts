import type { StackLine, StraceCall, StraceEvent } from 'proc-io';

/** A frame of a call's stack. */
export interface StackFrame extends Pick<StackLine, 'object' | 'symbol' | 'offset'> {}

/** Frames of a stack that are kept. */
const MAX_FRAMES = 12;

/** The stacks that `strace -k` prints below calls. They go with their calls, so that a long log keeps few of them. */
export class CallStacks {
  readonly #frames = new WeakMap<StraceCall, StackFrame[]>();
  #last: StraceCall | null = null;
  /** The line on which its next frame is. */
  #next = 0;

  /** Takes an event of the log; true: it was a frame, and nobody else needs it. */
  take(event: StraceEvent): boolean {
    if (event.kind === 'stack') {
      this.#add(event);
      return true;
    }
    if (event.kind === 'call') {
      this.#last = event;
      this.#next = event.endLine + 1;
    }
    return false;
  }

  /** The stack of a call, the innermost frame first; empty: none was printed. */
  of(call: StraceCall): readonly StackFrame[] {
    return this.#frames.get(call) ?? [];
  }

  /** A frame on another line is of a call that does not concern memory. */
  #add({ line, object, symbol, offset }: StackLine): void {
    if (this.#last === null || line !== this.#next) return;
    this.#next++;
    const frames = this.#frames.get(this.#last) ?? [];
    if (frames.length === 0) this.#frames.set(this.#last, frames);
    if (frames.length < MAX_FRAMES) frames.push({ object, symbol, offset });
  }
}
