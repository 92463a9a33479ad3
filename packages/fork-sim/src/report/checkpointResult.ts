import type { NotCompared } from '../words/checkpointWords.ts';
import type { MapComparison } from './compareMaps.ts';

/** A checkpoint, compared with the model's map there. */
export interface CheckpointResult {
  /** Line of the checkpoint, or of the call that begins to read the map. */
  readonly line: number;
  /** Whose map it is; `null`: of the process of a log without pids. */
  readonly pid: number | 'first' | null;
  readonly file: string;
  /** `given`: by who asks. `log`: a program of the log has read it. */
  readonly source: 'given' | 'log';
  /** `null`: nothing was compared. */
  readonly comparison: MapComparison | null;
  /** VMAs from before the log begins, of which it says nothing: not compared. */
  readonly before: number;
  /** What was mapped before is known, so that a difference is a fault of the model. */
  readonly certain: boolean;
  /** Why not all was compared; `null`: it was. */
  readonly why: NotCompared | null;
  /** Readings that this stands for: more than one only where nothing was compared. */
  readonly times: number;
}
