import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

/** One of several parts of which one is seen at a time. */
export interface Tab {
  readonly id: string;
  readonly name: string;
  /** A few words beside the name. */
  readonly note?: string;
  /** Drawn when the tab is chosen for the first time, and kept from then on. */
  readonly body: () => ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The id of the one that is seen. */
  readonly chosen: string;
  readonly onChosen: (id: string) => void;
}

/** Tabs: arrow keys go from one to the next, Home and End to the first and the last. */
export function Tabs({ label, tabs, chosen, onChosen }: TabsProps): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  if (!seen.has(chosen)) setSeen(new Set([...seen, chosen]));
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onChosen(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className="lab-tabs">
      <div className="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            data-tab={tab.id}
            aria-selected={tab.id === chosen}
            aria-controls={`${id}-${tab.id}-panel`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChosen(tab.id)}
          >
            {tab.name}
            {tab.note !== undefined && <span className="tab-note"> {tab.note}</span>}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          id={`${id}-${tab.id}-panel`}
          className={`tab-panel tab-${tab.id}`}
          role="tabpanel"
          aria-labelledby={`${id}-${tab.id}`}
          hidden={tab.id !== chosen}
        >
          {seen.has(tab.id) && tab.body()}
        </div>
      ))}
    </div>
  );
}
