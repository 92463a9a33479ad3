import { detach } from '../detach.ts';
import { CALLS, NUMBERED_CALLS, OF_MAP_FILES, RETURNS_PAGE, readUnmodelled, UNMODELLED_CALLS } from './calls.ts';
import { LOWER_A, LOWER_Z, NINE, OPEN_PAREN, QUESTION, UNDERSCORE, ZERO } from './chars.ts';
import type { LineCursor } from './lineCursor.ts';
import type { LogText } from './logText.ts';
import { RecentTexts } from './recentTexts.ts';
import type { StraceCallName } from './straceArgs.ts';

/** No system call has a longer name. */
const MAX_NAME = 64;

/** What is known of a call by its name. */
export interface CallName {
  /** As printed. */
  readonly printed: string;
  /** The name of its event; `null`: a call that does not concern memory. */
  readonly name: StraceCallName | null;
  readonly decode: ((cursor: LineCursor) => unknown) | null;
  /** Returns an address, which then is page-aligned. */
  readonly returnsPage: boolean;
  /** What it is where its descriptor is not one by which the log reads a map; `null`: that does not matter. */
  readonly elsewhere: CallName | null;
}

/** Finds calls by name in a line, without cutting the name out. */
export class CallNames {
  private readonly recent: RecentTexts<CallName> = new RecentTexts([OPEN_PAREN, OPEN_PAREN]);
  private readonly byName: Map<string, CallName> = new Map();

  /** The call whose name stands at `from` before a `(`; `null` where there is none. */
  find({ codes, text }: LogText, from: number): CallName | null {
    return this.recent.find(codes, from) ?? this.olderName(codes, text, from);
  }

  /** A name not met before, or long ago. */
  private olderName(codes: Uint8Array, text: string, from: number): CallName | null {
    let to = from;
    while (isNameCode(text.charCodeAt(to)) && to - from <= MAX_NAME) to++;
    if (to === from || to - from > MAX_NAME || text.charCodeAt(to) !== OPEN_PAREN) return null;
    const name = text.slice(from, to);
    let call = this.byName.get(name);
    if (call === undefined) {
      call = describe(detach(name));
      if (this.byName.size < 4096) this.byName.set(call.printed, call);
    }
    this.recent.add(codes, from, to, call);
    return call;
  }
}

function isNameCode(code: number): boolean {
  return (
    (code >= LOWER_A && code <= LOWER_Z) || code === UNDERSCORE || (code >= ZERO && code <= NINE) || code === QUESTION
  );
}

function describe(printed: string): CallName {
  if (UNMODELLED_CALLS.has(printed)) {
    const decode = (c: LineCursor): unknown => readUnmodelled(c, printed);
    return { printed, name: 'unmodelled', decode, returnsPage: false, elsewhere: null };
  }
  const irrelevant = { printed, name: null, decode: null, returnsPage: false, elsewhere: null };
  const name = DECODED.get(NUMBERED_CALLS.get(printed) ?? printed);
  if (name === undefined) return irrelevant;
  return {
    printed,
    name,
    decode: CALLS[name].read,
    returnsPage: RETURNS_PAGE.has(name),
    elsewhere: OF_MAP_FILES.has(name) ? irrelevant : null,
  };
}

/** The names as the source has them: each is one string for all events, so that comparing two compares no characters. */
const DECODED: ReadonlyMap<string, keyof typeof CALLS> = new Map(
  (Object.keys(CALLS) as (keyof typeof CALLS)[]).map((name) => [name, name]),
);
