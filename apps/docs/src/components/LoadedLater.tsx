import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { type ComponentType, type ReactNode, startTransition, useEffect, useState } from 'react';
import { whenIdle } from '../lab/whenIdle.ts';

/** A component whose code browsers load later. */
export interface LaterPart<Props> {
  /** The component, once its code is there. */
  loaded: ComponentType<Props> | undefined;
  readonly load: () => Promise<ComponentType<Props>>;
}

/** A component whose code browsers load later, and the build at once: it is in every page's HTML. */
export function laterPart<Props>(load: () => Promise<ComponentType<Props>>): LaterPart<Props> {
  const part: LaterPart<Props> = {
    loaded: undefined,
    load: async () => {
      part.loaded ??= await load();
      return part.loaded;
    },
  };
  if (!ExecutionEnvironment.canUseDOM) void part.load();
  return part;
}

interface LoadedLaterProps<Props> {
  readonly part: LaterPart<Props>;
  readonly props: Props;
  /** What is shown first on a page that the reader came to by a link of this site: it has no HTML. */
  readonly fallback?: ReactNode;
}

/**
 * Loads a part on the pages that have it, once they are idle. Until then their HTML stays as it is. Suspense would do that too,
 * yet what it waits for is put at the end of a page's HTML, hidden until scripts run.
 */
export function LoadedLater<Props extends object>({ part, props, fallback }: LoadedLaterProps<Props>): ReactNode {
  // A part that is not there from the start, but after a click on a link, has no HTML to wait with.
  const isBrowser = useIsBrowser();
  const [late] = useState(isBrowser);
  const [Part, setPart] = useState(() => (late || !ExecutionEnvironment.canUseDOM ? part.loaded : undefined));
  useEffect(() => {
    if (Part) return;
    let gone = false;
    const stop = whenIdle(() => {
      void part.load().then((loaded) => {
        if (!gone) startTransition(() => setPart(() => loaded));
      });
    });
    return () => {
      gone = true;
      stop();
    };
  }, [Part, part]);
  if (Part) {
    return (
      <div>
        <Part {...props} />
      </div>
    );
  }
  if (!ExecutionEnvironment.canUseDOM) throw new Error('this part is not loaded, and would not be in the HTML');
  if (late) return <div data-waits="">{fallback}</div>;
  // An empty inner HTML leaves the HTML of the page in place.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set
  return <div data-waits="" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />;
}
