import { type ReactNode, useEffect, useRef, useState } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { byFolder, type LibraryRow } from '../../content/library.ts';
import { OWN } from '../../link/ownKernel.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { ProfileSelect } from '../ProfileSelect.tsx';

interface PlaygroundBarProps {
  readonly state: ShareState;
  readonly change: (part: Partial<ShareState>) => void;
  readonly replace: (state: ShareState) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onHelp: () => void;
  /** The share menu. */
  readonly children: ReactNode;
}

/** What is run: the example, the kernels, a file; and what can be done with it. */
export function PlaygroundBar(props: PlaygroundBarProps): ReactNode {
  const { state, change, replace, onFiles, onHelp, children } = props;
  const own = state.own ? [OWN] : [];
  return (
    <div className="playground-bar">
      <ExampleSelect state={state} replace={replace} />
      <ProfileSelect value={state.profile} own={own} onChange={(profile) => change({ profile })} />
      <label className="profile-select">
        <input
          type="checkbox"
          checked={state.other !== undefined}
          onChange={(event) => {
            const { other: _, ...rest } = state;
            replace(event.target.checked ? { ...rest, other: state.profile === '6.18' ? '6.19' : '6.18' } : rest);
          }}
        />
        <span>compare</span>
      </label>
      {state.other !== undefined && (
        <ProfileSelect label="with" value={state.other} own={own} onChange={(other) => change({ other })} />
      )}
      <label className="profile-select">
        <input
          type="checkbox"
          checked={state.softDirty ?? false}
          onChange={(event) => change({ softDirty: event.target.checked })}
        />
        <span>soft-dirty</span>
      </label>
      <FileButton onFiles={onFiles} />
      {children}
      <button type="button" className="lab-button" onClick={onHelp}>
        Help <kbd>?</kbd>
      </button>
    </div>
  );
}

/** Where files are chosen. It may hold some when it is made: those that came before the page's scripts. */
function FileButton({ onFiles }: Pick<PlaygroundBarProps, 'onFiles'>): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const open = (): void => {
    if (!input.current?.files?.length) return;
    onFiles([...input.current.files]);
    input.current.value = '';
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came before is opened once
  useEffect(open, []);
  return (
    <label className="lab-button file-button">
      Open a file
      <input ref={input} type="file" multiple onChange={open} />
    </label>
  );
}

type ExampleSelectProps = Pick<PlaygroundBarProps, 'state' | 'replace'>;

function ExampleSelect({ state, replace }: ExampleSelectProps): ReactNode {
  const [library, setLibrary] = useState<readonly LibraryRow[]>([]);
  // The library is not part of the page as it starts: it comes when a reader opens the list.
  const load = (): void => {
    if (library.length > 0) return;
    import('@generated/litmus/default/library.json').then(
      ({ default: rows }) => setLibrary(rows),
      () => undefined,
    );
  };
  return (
    <label className="profile-select">
      <span>Example</span>
      <select
        value={
          EXAMPLES.find(({ lines }) => lines === state.text)?.id ??
          library.find(({ text }) => text === state.text)?.name ??
          ''
        }
        onFocus={load}
        onPointerDown={load}
        onChange={(event) => {
          const row = library.find(({ name }) => name === event.target.value);
          if (row) replace({ text: row.text, profile: '6.19', ...(row.softDirty ? { softDirty: true } : {}) });
          const example = EXAMPLES.find(({ id }) => id === event.target.value);
          if (!example) return;
          const { lines, profile, other, softDirty: dirty } = example;
          replace({ text: lines, profile, ...(other ? { other } : {}), ...(dirty ? { softDirty: true } : {}) });
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
