import type { SmapsEntry, StraceCall } from 'proc-io';
import type { Replay } from '../replay/replay.ts';
import type { CheckpointResult } from './checkpointResult.ts';
import { compareMaps, rowsOfSmaps } from './compareMaps.ts';
import { MapReads } from './mapReads.ts';
import { mapRow } from './vmaRow.ts';

/** What a process really had mapped at a line of its log: the program read its own maps there, or a recorder did. */
export interface Checkpoint {
  /** Calls that begin on this line or before it were done. */
  readonly line: number;
  /** Whose map it is, by pid; `first`: the first process's. */
  readonly pid: number | 'first';
  /** Where it was read from. */
  readonly file: string;
  readonly entries: readonly SmapsEntry[];
}

/** Is something wrong at a checkpoint? */
export function isWrongCheckpoint({ source, comparison, certain }: CheckpointResult): boolean {
  if (comparison === null) return source === 'given';
  return comparison.differing > 0 && certain;
}

/** Compares a replay with the real maps at lines of its log, as it passes them: those that were given, and those that its programs read. */
export class Checkpoints {
  /** By line. */
  readonly #left: Checkpoint[];
  readonly #results: CheckpointResult[] = [];
  readonly #reads = new MapReads((result) => this.#results.push(result));
  #isOver = false;

  constructor(checkpoints: readonly Checkpoint[]) {
    this.#left = checkpoints.toSorted((a, b) => a.line - b.line);
  }

  /** Those that were passed, by line. */
  get results(): readonly CheckpointResult[] {
    return this.#results;
  }

  /** A call is about to be performed. */
  before(call: StraceCall, replay: Replay): void {
    if (this.#isOver) return;
    while (this.#left.length > 0 && this.#left[0]!.line < call.line) this.#compare(this.#left.shift()!, replay);
    this.#reads.before(call, replay);
  }

  /** The log is over: what it says once more is not compared again. */
  end(replay: Replay): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const checkpoint of this.#left.splice(0)) this.#compare(checkpoint, replay);
    this.#reads.end();
    this.#results.sort((a, b) => a.line - b.line);
  }

  #compare({ line, pid, file, entries }: Checkpoint, { first, processes }: Replay): void {
    const process = pid === 'first' ? first : processes.find((one) => one.pid === pid);
    const given = { line, pid, file, source: 'given', before: 0, certain: true, times: 1 } as const;
    if (process === undefined || process === null) {
      this.#results.push({ ...given, comparison: null, why: 'noProcess' });
      return;
    }
    const { shownFlags } = process.space;
    const rows = process.space.process.mm.vmas().map((vma) => ({ ...mapRow(vma, ''), shownFlags }));
    this.#results.push({ ...given, comparison: compareMaps(rowsOfSmaps(entries), rows), why: null });
  }
}
