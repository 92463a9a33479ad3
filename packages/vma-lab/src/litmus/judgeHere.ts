import { judgeLitmus } from 'fork-sim';
import type { CliIo } from '../cli/cliIo.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import type { LitmusFile } from './findLitmus.ts';
import { type HereVerdict, runHere, runningKernel } from './runHere.ts';

/** Performs the files on this machine's kernel, one after the other. @param profile whose claims are checked; default: by its version */
export async function judgeHere(
  files: readonly LitmusFile[],
  io: CliIo,
  profile = runningKernel().profile,
): Promise<HereVerdict[]> {
  const { kernel } = runningKernel();
  const progress = new ProgressLine(io);
  const verdicts: HereVerdict[] = [];
  for (const [index, { test }] of files.entries()) {
    progress.update(() => `litmus: ${index} of ${files.length} files on this kernel`);
    const about = judgeLitmus(test, profile).verdict !== 'notApplicable';
    verdicts.push(about ? await runHere(test, { kernel, profile }) : notAbout(kernel));
  }
  progress.done();
  return verdicts;
}

function notAbout(kernel: string): HereVerdict {
  const why = 'the file says nothing about this kernel';
  return { kernel, verdict: 'notApplicable', holds: 0, failures: [], unseen: 0, why };
}
