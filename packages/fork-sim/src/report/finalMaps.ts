import type { SmapsEntry } from 'proc-io';
import type { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import type { UnusedMap } from '../words/unusedMapWords.ts';

/** What a process really had mapped at the end. */
export interface RealMap {
  /** Where it was read from. */
  readonly file: string;
  readonly entries: readonly SmapsEntry[];
}

/** What processes really had mapped at the end, by pid; `first`: of the first process, where its pid is not known beforehand. */
export type FinalMaps = ReadonlyMap<number | 'first', RealMap>;

/** The pids whose processes are kept after they have exited, to be compared. */
export function pidsOf(final: FinalMaps): Set<number> {
  return new Set([...final.keys()].filter((pid) => pid !== 'first'));
}

/** What a process of a replay really had at the end; `null`: not known. */
export function finalOf(final: FinalMaps, { first }: Replay, process: ReplayedProcess): RealMap | null {
  const [pid] = process.asked;
  const own = pid === undefined ? undefined : final.get(pid);
  return own ?? (process === first ? final.get('first') : undefined) ?? null;
}

/** Maps that were given and belong to no process of a log that was replayed to its end. */
export function unusedMaps(replay: Replay, final: FinalMaps): UnusedMap[] {
  const used = new Set(replay.processes.map((process) => finalOf(final, replay, process)));
  const unused = [...final].filter(([, map]) => !used.has(map));
  return [
    ...replay.unusedInitial.map((pid) => ({ map: 'initial' as const, pid })),
    ...unused.map(([pid]) => ({ map: 'final' as const, pid })),
  ];
}

/** The VMAs of final maps alone, as a search for page faults takes them. */
export function entriesOf(final: FinalMaps): ReadonlyMap<number | 'first', readonly SmapsEntry[]> {
  return new Map([...final].map(([pid, { entries }]) => [pid, entries] as const));
}
