import { DECODERS, NUMBERED_CALLS, readUnmodelled, UNMODELLED_CALLS } from './decoders.ts';
import type { LineCursor } from './lineCursor.ts';
import type { StraceCallName } from './straceArgs.ts';

/** What is known of a call by its name. */
export interface CallName {
  /** As printed. */
  readonly printed: string;
  /** The name of its event; `null`: a call that does not concern memory. */
  readonly name: StraceCallName | null;
  readonly decode: ((cursor: LineCursor) => unknown) | null;
  /** Returns an address, which then is page-aligned. */
  readonly returnsPage: boolean;
}

const RETURNS_PAGE: ReadonlySet<string> = new Set(['mmap', 'mmap2', 'old_mmap', 'mremap', 'shmat', 'map_shadow_stack']);

/** Finds calls by name in a line, without cutting the name out. */
export class CallNames {
  private readonly byHash: Map<number, CallName> = new Map();

  /** The call whose name stands at `[from, to)` of `text`; its characters hash to `hash`. */
  find(text: string, from: number, to: number, hash: number): CallName {
    const known = this.byHash.get(hash);
    if (known !== undefined && known.printed.length === to - from && text.startsWith(known.printed, from)) return known;
    const call = describe(text.slice(from, to));
    if (this.byHash.size < 4096) this.byHash.set(hash, call);
    return call;
  }
}

function describe(printed: string): CallName {
  if (UNMODELLED_CALLS.has(printed)) {
    return { printed, name: 'unmodelled', decode: (c) => readUnmodelled(c, printed), returnsPage: false };
  }
  const name = NUMBERED_CALLS.get(printed) ?? printed;
  if (!isDecoded(name)) return { printed, name: null, decode: null, returnsPage: false };
  return { printed, name, decode: DECODERS[name], returnsPage: RETURNS_PAGE.has(name) };
}

function isDecoded(name: string): name is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, name);
}
