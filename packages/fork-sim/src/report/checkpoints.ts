import type { SmapsEntry, StraceCall } from 'proc-io';
import type { Replay } from '../replay/replay.ts';
import { compareMaps, type MapComparison, rowsOfSmaps } from './compareMaps.ts';
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

/** A checkpoint, compared with the model's map there. */
export interface CheckpointResult extends Pick<Checkpoint, 'line' | 'pid' | 'file'> {
  /** `null`: the log shows no such process there. */
  readonly comparison: MapComparison | null;
}

/** Compares a replay with the real maps at lines of its log, as it passes them. */
export class Checkpoints {
  /** By line. */
  readonly #left: Checkpoint[];
  readonly #results: CheckpointResult[] = [];

  constructor(checkpoints: readonly Checkpoint[]) {
    this.#left = checkpoints.toSorted((a, b) => a.line - b.line);
  }

  /** Those that were passed, by line. */
  get results(): readonly CheckpointResult[] {
    return this.#results;
  }

  /** A call is about to be performed. */
  before(call: StraceCall, replay: Replay): void {
    while (this.#left.length > 0 && this.#left[0]!.line < call.line) this.#compare(this.#left.shift()!, replay);
  }

  /** The log is over. */
  end(replay: Replay): void {
    for (const checkpoint of this.#left.splice(0)) this.#compare(checkpoint, replay);
  }

  #compare({ line, pid, file, entries }: Checkpoint, { first, processes }: Replay): void {
    const process = pid === 'first' ? first : processes.find((one) => one.pid === pid);
    const rows = process?.space.process.mm.vmas().map((vma) => mapRow(vma, ''));
    this.#results.push({ line, pid, file, comparison: rows ? compareMaps(rowsOfSmaps(entries), rows) : null });
  }
}
