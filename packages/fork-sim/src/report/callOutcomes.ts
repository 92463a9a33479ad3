import type { StraceCall } from 'proc-io';
import type { PerformedCall } from '../replay/replay.ts';
import type { ReplayNotes } from '../replay/replayNotes.ts';
import { type CallRef, callRef } from './found.ts';

/** Calls that fail with one errno, or succeed, and would end otherwise were something else. */
export interface OutcomeGroup {
  readonly name: string;
  /** The errno before and after; `null`: it succeeds. */
  readonly before: string | null;
  readonly after: string | null;
  readonly count: number;
  readonly first: CallRef;
}

/** Calls that are kept of a replay. Of a log with more failing ones the rest is not compared. */
const MOST_KEPT = 200_000;

/** Which calls of a log fail in a replay, with which errno. */
export class CallOutcomes {
  readonly #failed = new Map<number, { readonly call: StraceCall; readonly errno: string }>();

  /** A call was performed just now. */
  see({ call, process }: PerformedCall): void {
    const errno = errnoIn(process.space.notes, call);
    if (errno !== null && this.#failed.size < MOST_KEPT) this.#failed.set(call.line, { call, errno });
  }

  /** The calls that end otherwise in another replay of the same log: those that are most first. */
  against(after: CallOutcomes): OutcomeGroup[] {
    const groups = new Map<string, { group: Omit<OutcomeGroup, 'count'>; count: number }>();
    for (const line of [...new Set([...this.#failed.keys(), ...after.#failed.keys()])].sort((a, b) => a - b)) {
      const [own, other] = [this.#failed.get(line), after.#failed.get(line)];
      if (own?.errno === other?.errno) continue;
      const { call } = (own ?? other)!;
      const name = call.name === 'unmodelled' ? call.args.syscall : call.name;
      const group = { name, before: own?.errno ?? null, after: other?.errno ?? null, first: callRef(call) };
      const key = `${name} ${group.before} ${group.after}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { group, count: 1 });
      else known.count++;
    }
    return [...groups.values()]
      .map(({ group, count }) => ({ ...group, count }))
      .sort((a, b) => b.count - a.count || a.first.line - b.first.line);
  }
}

/** The errno with which a call fails in the model; `null`: it succeeds, or only something outside of the model makes it fail. */
function errnoIn({ limit, mismatch, outside }: ReplayNotes, call: StraceCall): string | null {
  if (limit !== null) return limit.errno;
  if (outside !== null) return null;
  return mismatch === null ? call.errno : errnoOf(mismatch.model);
}

function errnoOf(result: string | number): string | null {
  return typeof result === 'string' && /^E[A-Z]+$/.test(result) ? result : null;
}
