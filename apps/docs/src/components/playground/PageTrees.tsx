import type { TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import { PageTree } from './PageTree.tsx';

interface PageTreesProps {
  readonly step: TraceStep;
  readonly kernel: string;
  /** Unfolded at first: where there is one kernel. */
  readonly open: boolean;
  readonly page: number;
  readonly onPage: (page: number) => void;
}

/** The page tables after a step; after a fork those of both. The chosen page is one field for both. */
export function PageTrees({ step, kernel, open, page, onPage }: PageTreesProps): ReactNode {
  const { state, child } = step;
  return (
    <details className="trees" open={open}>
      <summary>Page tables</summary>
      <label className="profile-select">
        <span>Walk to page</span>
        <input
          type="number"
          min={0}
          max={state.span - 1}
          value={page}
          onChange={(event) => {
            const to = Number(event.target.value);
            if (Number.isInteger(to) && to >= 0 && to < state.span) onPage(to);
          }}
        />
      </label>
      <div className={child === null ? 'trees-one' : 'trees-two'}>
        <PageTree state={state} whose={child === null ? '' : 'parent'} kernel={kernel} page={page} onPage={onPage} />
        {child !== null && <PageTree state={child} whose="child" kernel={kernel} page={page} onPage={onPage} />}
      </div>
    </details>
  );
}
