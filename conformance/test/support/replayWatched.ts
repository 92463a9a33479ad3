import { runScenario, type Scenario, World } from 'fork-sim';
import { vi } from 'vitest';
import { drawDifference } from './drawDifference.ts';
import { readRecording } from './readRecording.ts';

/** What came of replaying a recording with an observer on every process. */
interface Watched {
  /** One for each scenario, in order: its first difference, drawn; `null` where it is equal in every field of every step. */
  readonly differences: readonly { readonly scenario: Scenario; readonly difference: string | null }[];
  /** How often the observers saw each kind of event. */
  readonly seen: Readonly<Record<string, number>>;
}

const replayed = new Map<string, Watched>();

/** Replays a recording below `conformance/recordings` with an observer on every process; each is replayed once. */
export function replayWatched(path: string): Watched {
  const known = replayed.get(path);
  if (known !== undefined) return known;
  const { options, scenarios } = readRecording(path);
  const { seen, stop } = watchEveryProcess();
  try {
    const differences = scenarios.map(({ scenario, steps }) => ({
      scenario,
      difference: drawDifference(steps, runScenario(scenario, options)),
    }));
    const watched = { differences, seen };
    replayed.set(path, watched);
    return watched;
  } finally {
    stop();
  }
}

/** Attaches an observer to every process that is made until `stop`, fork children too. Answers what it counts. */
function watchEveryProcess(): { readonly seen: Record<string, number>; readonly stop: () => void } {
  const seen: Record<string, number> = {};
  const unwatched = Reflect.get(World.prototype, 'newProcess');
  const spy = vi.spyOn(World.prototype, 'newProcess').mockImplementation(function newWatchedProcess(this: World) {
    const process = unwatched.call(this);
    process.mm.observer = ({ kind }) => {
      seen[kind] = (seen[kind] ?? 0) + 1;
    };
    return process;
  });
  return { seen, stop: () => spy.mockRestore() };
}
