import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';

interface ScrollTableProps {
  /** What the table lists: the name of its frame. */
  readonly label: string;
  readonly children: ReactNode;
}

/**
 * The frame of a table. Where the table is wider than the page has room, it scrolls in its frame, says so, and the keyboard reaches
 * it; where it fits, the frame is no stop of the Tab key.
 */
export function ScrollTable({ label, children }: ScrollTableProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth + 1));
    watcher.observe(element);
    for (const table of element.children) watcher.observe(table);
    return () => watcher.disconnect();
  }, []);
  return (
    <>
      {wide && (
        <p className="table-hint" aria-hidden="true">
          more columns: scroll →
        </p>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and a section a table would be too many regions */}
      <div ref={frame} className="table-scroll" role="group" aria-label={label} tabIndex={wide ? 0 : undefined}>
        {children}
      </div>
    </>
  );
}

interface TableProps extends ComponentProps<'table'> {
  readonly label: string;
  readonly heads: readonly ReactNode[];
}

/** A table in its frame. `children` are its rows. */
export function Table({ label, heads, children, ...table }: TableProps): ReactNode {
  return (
    <ScrollTable label={label}>
      <table {...table}>
        <thead>
          <tr>
            {heads.map((head, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={at} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollTable>
  );
}
