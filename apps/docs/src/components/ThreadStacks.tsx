import { countOf, formatCount } from 'fork-sim/words';
import { type ReactNode, useMemo, useState } from 'react';
import { type GuardWay, MOST_THREADS, StackExperiment } from '../content/stackExperiment.ts';
import { Interactive } from './Interactive.tsx';

const WAYS: readonly (readonly [GuardWay, string])[] = [
  ['mprotect', 'a page without access (PROT_NONE)'],
  ['marker', 'a guard marker (MADV_GUARD_INSTALL)'],
];

/** Threads by a slider, and the VMAs that their stacks take, as the engine maps them: up to the limit, where the next thread fails. */
export function ThreadStacks(): ReactNode {
  const [threads, setThreads] = useState(1000);
  const [way, setWay] = useState<GuardWay>('mprotect');
  const experiment = useMemo(() => new StackExperiment(way), [way]);
  const { threads: made, vmas, failed } = experiment.count(threads);
  const { limit } = experiment;
  return (
    <Interactive>
      <section className="panel stacks" aria-label="Threads, and the VMAs of their stacks">
        <label className="stacks-threads">
          <span>Threads</span>
          <input
            type="range"
            min={0}
            max={MOST_THREADS}
            step={100}
            value={threads}
            onChange={(event) => setThreads(Number(event.target.value))}
          />
          <output>{formatCount(threads)}</output>
        </label>
        <fieldset className="walk-pages">
          <legend>The guard of a stack is</legend>
          {WAYS.map(([one, name]) => (
            <label key={one}>
              <input type="radio" name="stack-guard" checked={way === one} onChange={() => setWay(one)} /> {name}
            </label>
          ))}
        </fieldset>
        <div className="stacks-bar" aria-hidden="true">
          <span className="stacks-fill" style={{ width: `${(vmas / limit) * 100}%` }} data-full={failed !== null} />
        </div>
        <p aria-live="polite" className={failed === null ? undefined : 'stacks-failed'}>
          {failed === null
            ? `${countOf(made, 'stack')}: ${countOf(vmas, 'VMA')} of ${formatCount(limit)}.`
            : `Thread ${formatCount(made + 1)} fails, ${failed}: ${countOf(vmas, 'VMA')} of ${formatCount(limit)} are there already.`}
        </p>
      </section>
    </Interactive>
  );
}
