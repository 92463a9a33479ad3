import type { ReactNode } from 'react';
import { DIFFERENCES } from '../content/differences.ts';
import { ProfilePair } from './ProfilePair.tsx';

/** One group of differences, each a live pair of panes. */
export function Differences({ group }: { readonly group: number }): ReactNode {
  return (
    <>
      {DIFFERENCES[group]?.all.map(({ id, title, text, profiles, lines, softDirty, recorded, view, tables }) => (
        <section key={id} id={id} className="story-step">
          <h3>{title}</h3>
          <p>{text}</p>
          <ProfilePair
            lines={lines}
            profiles={profiles}
            softDirty={softDirty ?? false}
            tables={tables ?? false}
            {...(view ? { view } : {})}
            title={`${title}: ${profiles[0]} and ${profiles[1]}`}
          />
          {recorded && (
            <p className="recorded-note">
              Both real kernels did so: recorded as <code>{recorded}</code>.
            </p>
          )}
        </section>
      ))}
    </>
  );
}
