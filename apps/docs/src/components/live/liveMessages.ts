/** What a page asks of the frame in which live code runs. */
export type LiveOrder =
  | { readonly kind: 'run'; readonly run: number; readonly code: string; readonly theme: string }
  | { readonly kind: 'ping' };

/** What the frame says. `run` is the number of the order; `height` is in CSS pixels. */
export type LiveReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'shown'; readonly run: number }
  | { readonly kind: 'failed'; readonly run: number; readonly message: string }
  | { readonly kind: 'height'; readonly height: number };

/** A frame is never higher than this, in CSS pixels. */
const MOST_HEIGHT = 4000;
/** An error's text is cut off here: code could make it any length. */
const MOST_TEXT = 2000;

/** An order, or `null` for anything else. */
export function readOrder(data: unknown): LiveOrder | null {
  const { kind, run, code, theme } = fieldsOf(data);
  if (kind === 'ping') return { kind };
  if (kind !== 'run' || typeof run !== 'number' || typeof code !== 'string' || typeof theme !== 'string') return null;
  return { kind, run, code, theme };
}

/** A report, or `null` for anything else: the code in the frame can send what it likes. */
export function readReport(data: unknown): LiveReport | null {
  const { kind, run, message, height } = fieldsOf(data);
  if (kind === 'ready' || kind === 'pong') return { kind };
  if (kind === 'height' && typeof height === 'number' && height >= 0) {
    return { kind, height: Math.min(Math.ceil(height), MOST_HEIGHT) };
  }
  if (typeof run !== 'number') return null;
  if (kind === 'shown') return { kind, run };
  if (kind === 'failed' && typeof message === 'string') return { kind, run, message: message.slice(0, MOST_TEXT) };
  return null;
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
}
