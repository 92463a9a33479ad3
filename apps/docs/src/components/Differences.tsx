import { type ReactNode, useEffect, useRef } from 'react';
import { DIFFERENCES, type KernelDifference } from '../content/differences.ts';
import { traceRun } from '../engine.ts';
import { provideEngine } from '../traces/lateEngine.ts';
import { ProfilePair } from './ProfilePair.tsx';

// The traces of all pairs together weigh more than the engine does.
provideEngine(traceRun);

/** One group of differences: a line each, which unfolds to a live pair of panes. A link to one opens it. */
export function Differences({ group }: { readonly group: number }): ReactNode {
  return (
    <>
      {DIFFERENCES[group]?.all.map((one) => (
        <Difference key={one.id} {...one} />
      ))}
    </>
  );
}

function Difference(props: KernelDifference): ReactNode {
  const { id, title, text, profiles, lines, softDirty = false, recorded, view, tables = false } = props;
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const openLinked = (): void => {
      if (!box.current || window.location.hash !== `#${id}`) return;
      box.current.open = true;
      box.current.scrollIntoView();
    };
    openLinked();
    window.addEventListener('hashchange', openLinked);
    return () => window.removeEventListener('hashchange', openLinked);
  }, [id]);
  return (
    <details id={id} className="difference" ref={box}>
      <summary>
        <h3>{title}</h3>
        <p>{text}</p>
      </summary>
      <ProfilePair
        lines={lines}
        profiles={profiles}
        softDirty={softDirty}
        tables={tables}
        {...(view ? { view } : {})}
        title={`${title}: ${profiles[0]} and ${profiles[1]}`}
      />
      {recorded && (
        <p className="recorded-note">
          Both real kernels did so: recorded as <code>{recorded}</code>.
        </p>
      )}
    </details>
  );
}
