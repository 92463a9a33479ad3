import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { formatOp, type RecordedScenario, type StateRecord } from 'fork-sim';
import { CHOSEN_EXERCISES, type ChosenExercise, type RecordedExercise } from '../src/content/recordedExercises.ts';
import { dataPlugin } from './dataPlugin.ts';
import { readRecording } from './readRecording.ts';

/** The hard exercises with what real kernels answered, taken from the recordings while the site is built. */
export function readExercises(kernels: string): RecordedExercise[] {
  const kept = new Map<string, Map<string, RecordedScenario>>();
  const scenariosOf = (kernel: string): Map<string, RecordedScenario> => {
    let known = kept.get(kernel);
    if (!known) {
      const { scenarios } = readRecording(join(kernels, `${kernel}.jsonl.gz`));
      known = new Map(scenarios.map((one) => [one.scenario.id, one]));
      kept.set(kernel, known);
    }
    return known;
  };
  return CHOSEN_EXERCISES.map((chosen) => {
    const recorded = chosen.kernels.map((kernel) => scenariosOf(kernel).get(chosen.scenario));
    const [first] = recorded;
    if (!first) throw new Error(`no recording of ${chosen.scenario}`);
    const lines = first.steps.slice(0, chosen.steps).map(({ op }) => formatOp(op));
    return { ...chosen, lines: lines.join('\n'), answers: recorded.map((one) => answerOf(chosen, one)) };
  });
}

function answerOf(chosen: ChosenExercise, recorded: RecordedScenario | undefined): string {
  const step = recorded?.steps[chosen.steps - 1];
  if (!step) throw new Error(`${chosen.scenario} has no step ${chosen.steps}`);
  if (chosen.ask === 'vmas') return String(step.vmas.length);
  const child: StateRecord | undefined = step.child;
  if (typeof child?.pages !== 'string') throw new Error(`${chosen.scenario}: step ${chosen.steps} is no fork`);
  return child.pages[chosen.page] ?? ' ';
}

export default function exercises(context: LoadContext): Plugin<readonly RecordedExercise[]> {
  const kernels = join(context.siteDir, '../../conformance/recordings/kernels');
  return dataPlugin<readonly RecordedExercise[]>('exercises', 'recorded.json', () => readExercises(kernels));
}
