import type { ReactNode } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { byFolder } from '../../content/library.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { exampleState, litmusState } from './scenarioStates.ts';
import { useLibrary } from './useLibrary.ts';

interface ExampleSelectProps {
  readonly state: ShareState;
  readonly replace: (state: ShareState) => void;
}

/** Chooses an example, or a litmus test of the library, which comes when a reader opens the list. */
export function ExampleSelect({ state, replace }: ExampleSelectProps): ReactNode {
  const { library, load } = useLibrary(false);
  const shown =
    EXAMPLES.find(({ lines }) => lines === state.text)?.id ?? library.find(({ text }) => text === state.text)?.name;
  return (
    <label className="profile-select example-select">
      <span>Example</span>
      <select
        value={shown ?? ''}
        onFocus={load}
        onPointerDown={load}
        onChange={(event) => {
          const row = library.find(({ name }) => name === event.target.value);
          const example = EXAMPLES.find(({ id }) => id === event.target.value);
          if (row) replace(litmusState(row));
          else if (example) replace(exampleState(example));
        }}
      >
        <option value="" disabled>
          your own
        </option>
        {EXAMPLES.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
        {[...byFolder(library)].map(([folder, rows]) => (
          <optgroup key={folder} label={`litmus/${folder}`}>
            {rows.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
