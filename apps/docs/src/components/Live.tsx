import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { type ComponentType, type ReactNode, startTransition, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { doOver, isTouched, letGo, TAKES_KEYS } from '../live/deeds.ts';
import { elementAt, pathTo } from '../live/path.ts';
import { STILL } from '../live/stillAround.ts';
import { wakeInTurn } from '../live/wakeInTurn.ts';

/** A component whose code browsers load later. */
export interface LivePart<Props> {
  /** The component, once its code is there. */
  loaded: ComponentType<Props> | undefined;
  readonly load: () => Promise<ComponentType<Props>>;
}

/** Parts that the build is loading. */
const loading: Promise<unknown>[] = [];

/** Whoever draws pages outside of the site's own build waits for this first. */
export async function partsLoaded(): Promise<void> {
  await Promise.all(loading);
}

/** A component whose code browsers load later, and the build at once: it is in every page's HTML. */
export function livePart<Props>(load: () => Promise<ComponentType<Props>>): LivePart<Props> {
  const part: LivePart<Props> = {
    loaded: undefined,
    load: async () => {
      part.loaded ??= await load();
      return part.loaded;
    },
  };
  if (!ExecutionEnvironment.canUseDOM) loading.push(part.load());
  return part;
}

interface LiveProps<Props> {
  readonly part: LivePart<Props>;
  readonly props: Props;
  /** What is shown first on a page that the reader came to by a link of this site: it has no HTML. */
  readonly fallback?: ReactNode;
  /** The part takes keys wherever the focus is. */
  readonly takesKeys?: boolean;
  /** Asked once the page has started: the HTML is not what is wanted, so the part does not wait for a reader. */
  readonly atOnce?: () => boolean;
}

/**
 * A part of a page that is still at first: its HTML shows the first frame, and neither its code nor the engine runs. At the first
 * sign of a reader all parts of the page are woken, one after the other, the one that is touched first; what the reader did to it
 * meanwhile is done over. So a page that is only read costs no more than its HTML.
 *
 * React's own way, a Suspense boundary that is not hydrated yet, does not do here: a change of any context above hydrates it, and
 * what is large is put at the end of the HTML, hidden until scripts run.
 */
export function Live<Props extends object>(props: LiveProps<Props>): ReactNode {
  const { part, fallback, takesKeys = false, atOnce } = props;
  // A part that is not there from the start, but after a click on a link, has no HTML to wait with.
  const isBrowser = useIsBrowser();
  const [late] = useState(isBrowser);
  const [Part, setPart] = useState(() => (late || !ExecutionEnvironment.canUseDOM ? part.loaded : undefined));
  const ref = useRef<HTMLDivElement>(null);
  const focus = useRef<ReturnType<typeof pathTo>>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a part is woken once
  useEffect(() => {
    const root = ref.current;
    if (Part || !root) return;
    let gone = false;
    const wake = async (): Promise<void> => {
      const loaded = await part.load();
      await letGo(root);
      if (gone) return;
      focus.current = document.activeElement && pathTo(root, document.activeElement);
      // A transition is drawn in small pieces, and lets whatever the reader does go first. Who has touched the part waits for it.
      if (isTouched(root)) flushSync(() => setPart(() => loaded));
      else startTransition(() => setPart(() => loaded));
    };
    const stop = late || atOnce?.() ? void wake() : wakeInTurn(root, wake);
    return () => {
      gone = true;
      stop?.();
    };
  }, []);
  useEffect(() => {
    const root = ref.current;
    if (!Part || !root || late) return;
    const element = focus.current && elementAt(root, focus.current);
    if (element instanceof HTMLElement) element.focus({ preventScroll: true });
    void doOver(root);
  }, [Part, late]);

  const marks = { [STILL]: '', ...(takesKeys ? { [TAKES_KEYS]: '' } : {}) };
  if (Part) {
    return (
      <div ref={ref} {...(ExecutionEnvironment.canUseDOM ? {} : marks)}>
        <Part {...props.props} />
      </div>
    );
  }
  if (!ExecutionEnvironment.canUseDOM) throw new Error('this part is not loaded, and would not be in the HTML');
  if (late) {
    return (
      <div ref={ref} {...marks}>
        {fallback}
      </div>
    );
  }
  // An empty inner HTML leaves the HTML of the page in place while React takes over all around it.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set
  return <div ref={ref} {...marks} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />;
}
