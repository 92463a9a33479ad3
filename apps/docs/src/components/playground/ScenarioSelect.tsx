import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import type { OpenScenarios } from './useFiles.ts';

/** The scenarios of a file: which one is in the editor, and the way to the others. */
export function ScenarioSelect({ name, ids, index, choose }: OpenScenarios): ReactNode {
  return (
    <p className="scenario-select">
      <label className="profile-select">
        <span>
          {name}, scenario {formatCount(index + 1)} of {formatCount(ids.length)}
        </span>
        <select value={index} onChange={(event) => choose(Number(event.target.value))}>
          {ids.map((id, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a scenario is its place in the file
            <option key={at} value={at}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="lab-button" disabled={index === 0} onClick={() => choose(index - 1)}>
        Previous
      </button>
      <button
        type="button"
        className="lab-button"
        disabled={index === ids.length - 1}
        onClick={() => choose(index + 1)}
      >
        Next
      </button>
    </p>
  );
}
