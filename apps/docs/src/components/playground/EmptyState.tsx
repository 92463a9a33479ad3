import type { ReactNode } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { byFolder } from '../../content/library.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { exampleState, litmusState } from './scenarioStates.ts';
import { useLibrary } from './useLibrary.ts';

interface EmptyStateProps {
  readonly replace: (state: ShareState) => void;
}

/** What an empty editor offers: the examples, and the library of litmus tests. */
export function EmptyState({ replace }: EmptyStateProps): ReactNode {
  const { library } = useLibrary(true);
  return (
    <section className="empty-state" aria-label="Begin with an example">
      <h2>Nothing to show yet: write an operation, drop a file, or begin with an example</h2>
      <p>
        <code>mmap 4+8 rw</code> maps eight pages from page 4 on, readable and writable.
      </p>
      <ul className="empty-cards">
        {EXAMPLES.map((example) => (
          <li key={example.id}>
            <button type="button" className="empty-card" onClick={() => replace(exampleState(example))}>
              <strong>{example.title}</strong>
              <span>{example.note}</span>
            </button>
          </li>
        ))}
      </ul>
      {library.length > 0 && <h3>Litmus tests: scenarios with claims, judged on every kernel</h3>}
      {[...byFolder(library)].map(([folder, rows]) => (
        <details key={folder}>
          <summary>
            {folder} ({rows.length})
          </summary>
          <ul className="empty-litmus">
            {rows.map((row) => (
              <li key={row.name}>
                <button type="button" className="link-button" onClick={() => replace(litmusState(row))}>
                  {row.title}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
