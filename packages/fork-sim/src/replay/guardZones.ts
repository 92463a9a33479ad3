import type { StraceCall, StraceEvent } from 'proc-io';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_TYPE, PROT_NONE, PROT_WRITE } from 'vma-core';

/** Events that are held back at most, until a thread's next call tells what a mapping is for. */
const WINDOW = 512;

type MmapCall = Extract<StraceCall, { name: 'mmap' }>;

/**
 * HotSpot makes a guard in two calls: it maps the range anew, and then makes it inaccessible. Between the two the range is an ordinary
 * mapping, so that the pair is recognised only from its second call. This makes one call of such a pair:
 *
 *     mmap(range, rw, MAP_FIXED), mprotect(range, PROT_NONE)   ->  mmap(range, PROT_NONE, MAP_FIXED), in the place of the second
 *
 * Of one thread, one right after the other. Events of other threads that come between keep their order.
 */
export class GuardZones {
  /** In the order of the log; a mapping that its thread's next call may make a guard stands first. */
  readonly #held: StraceEvent[] = [];
  /** By pid, the mapping that may be the first call of a pair. */
  readonly #first = new Map<number | null, MmapCall>();
  /** The two calls that each joined one stands for. */
  readonly #pairs = new WeakMap<StraceCall, readonly StraceCall[]>();
  readonly #longest: number;

  /** @param longest longer ranges are no guards; bytes */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Takes an event, and hands on those that wait for nothing. */
  push(event: StraceEvent): StraceEvent[] {
    if (event.kind === 'call') return this.#call(event);
    return this.#hold(event);
  }

  /** Hands on what is left. */
  end(): StraceEvent[] {
    this.#first.clear();
    return this.#held.splice(0);
  }

  /** The calls of the log that a call stands for. */
  callsOf(call: StraceCall): readonly StraceCall[] {
    return this.#pairs.get(call) ?? [call];
  }

  #call(call: StraceCall): StraceEvent[] {
    const first = this.#first.get(call.pid);
    this.#first.delete(call.pid);
    if (first !== undefined && isSecond(call, first)) {
      this.#held.splice(this.#held.indexOf(first), 1);
      const { line, endLine, openSince } = call;
      const joined: MmapCall = { ...first, line, endLine, openSince, args: { ...first.args, prot: PROT_NONE } };
      this.#pairs.set(joined, [first, call]);
      return this.#hold(joined);
    }
    if (isFirst(call, this.#longest)) this.#first.set(call.pid, call);
    return this.#hold(call);
  }

  #hold(event: StraceEvent): StraceEvent[] {
    const held = this.#held;
    if (held.length === 0 && this.#first.size === 0) return [event];
    held.push(event);
    let ready = 0;
    while (ready < held.length && (held.length - ready > WINDOW || !this.#waits(held[ready]!))) ready++;
    const out = held.splice(0, ready);
    for (const one of out) {
      if (this.#waits(one)) this.#first.delete((one as StraceCall).pid);
    }
    return out;
  }

  #waits(event: StraceEvent): boolean {
    return event.kind === 'call' && this.#first.get(event.pid) === event;
  }
}

function isFirst(call: StraceCall, longest: number): call is MmapCall {
  if (call.name !== 'mmap' || call.errno !== null || call.ret === null) return false;
  const { length, prot, flags } = call.args;
  const isOver = (flags & (MAP_FIXED | MAP_ANONYMOUS)) === (MAP_FIXED | MAP_ANONYMOUS);
  return isOver && (flags & MAP_TYPE) === MAP_PRIVATE && (prot & PROT_WRITE) !== 0 && length <= longest;
}

function isSecond(call: StraceCall, { args }: MmapCall): boolean {
  if (call.name !== 'mprotect' || call.errno !== null || call.ret === null) return false;
  return call.args.prot === PROT_NONE && call.args.addr === args.addr && call.args.length === args.length;
}
