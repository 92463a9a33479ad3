import { join } from 'node:path';
import type { ProcessReport } from 'fork-sim';
import { type Unjudged, unjudgedOf } from 'fork-sim/words';
import { InputError } from 'proc-io';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import { optionsOf, readRecording, requireCalls } from '../input/recording.ts';
import { replayLog } from '../input/replayLog.ts';
import { META } from '../record/recordingMeta.ts';

/** What came of replaying a program's recording. */
export interface ProgramVerdict {
  readonly kind: 'program';
  readonly folder: string;
  readonly report: ReplayAnswer;
  /** Processes with a final map, and of them those whose map is equal, all places right. */
  readonly processes: number;
  readonly equal: number;
  /** The processes that differ. */
  readonly different: readonly ProcessReport[];
  /** What of its log could not be judged, of all processes. */
  readonly unjudged: Unjudged;
}

/** Replays a program's recording, as its `meta.json` describes it, and compares every process's map with the real one. */
export async function verifyProgram(folder: string, io: CliIo): Promise<ProgramVerdict> {
  const recording = await readRecording(folder, io);
  requireCalls(recording);
  const { log, kernel, final } = recording;
  const request = { kernels: [kernel], options: optionsOf(recording), final, explain: false };
  const report = await replayLog([log], request, io);
  const compared = report.kernels[0]?.processes.filter(({ final: real }) => real !== null) ?? [];
  const missing = final.size - compared.length;
  if (missing > 0) {
    const message = `${missing} of ${final.size} processes of ${META} are not in the log`;
    throw new InputError(message, { file: join(folder, META), line: 1, column: 1 });
  }
  const different = compared.filter((process) => !isEqual(process));
  return {
    kind: 'program',
    folder,
    report,
    processes: compared.length,
    equal: compared.length - different.length,
    different,
    unjudged: unjudgedOf(report.kernels[0]?.processes ?? [], report.log.unreadable, report.unused.length),
  };
}

/** Every VMA equal, every mapping where the log has it, every call with the log's result, no rule of the model's own broken. */
function isEqual({ final, wrongPlaces, wrongResults, violations }: ProcessReport): boolean {
  const wrong = wrongPlaces.count + wrongResults.count + violations.length;
  return final?.differing === 0 && wrong === 0;
}
