import type { MapState } from 'fork-sim';
import { countOf, formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { entrySentence, pageTree, type TreeTable, type WalkStep, walkTo } from '../../picture/pageTree.ts';
import { TableRack } from './TableRack.tsx';

interface PageTreeProps {
  readonly state: MapState;
  /** Whose tables they are; empty where there is one process. */
  readonly whose: string;
  readonly kernel: string;
  readonly page: number;
  readonly onPage: (page: number) => void;
}

/** The page-table tree: the tables of each level, and the walk to the chosen page lit. */
export function PageTree({ state, whose, kernel, page, onPage }: PageTreeProps): ReactNode {
  const tree = pageTree(state);
  const walk = walkTo(state, page);
  const tables = state.tables.length - 1;
  return (
    <section className="tree" aria-label={`Page tables${whose === '' ? '' : ` of the ${whose}`} on ${kernel}`}>
      <p className="figure-title">
        {whose === '' ? 'Page tables' : `Page tables, ${whose}`}: {countOf(tables, 'table')} below the PGD,{' '}
        {state.tablesKb} kB
      </p>
      <ol className="tree-levels">
        {walk.map((step, depth) => (
          <li key={step.level} className={step.table === null ? 'tree-level tree-absent' : 'tree-level'}>
            <Level step={step} all={tree[depth] ?? []} state={state} page={page} onPage={onPage} />
          </li>
        ))}
      </ol>
      <p className="tree-entry" role="status">
        {entrySentence(state, page)}
      </p>
      <details className="figure-table">
        <summary>All {countOf(state.tables.length, 'table')} as text</summary>
        <ul className="tree-text">
          {tree.flat().map((table) => (
            <li key={`${table.level} ${table.first}`}>{tableSentence(table)}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

interface LevelProps {
  readonly step: WalkStep;
  readonly all: readonly TreeTable[];
  readonly state: MapState;
  readonly page: number;
  readonly onPage: (page: number) => void;
}

function Level({ step, all, state, page, onPage }: LevelProps): ReactNode {
  const { name, index, table } = step;
  const others = all.length > 1 ? `, ${all.length} of them` : '';
  return (
    <>
      <span className="tree-name">
        <strong>{name}</strong>
        {others}
      </span>
      <span className="tree-index">
        {table === null ? 'no table: the walk ends above' : `entry ${index}`}
        {table !== null && <span className="tree-used">{table.entries} of 512 in use</span>}
      </span>
      {table !== null && <TableRack table={table} index={index} state={state} page={page} onPage={onPage} />}
    </>
  );
}

function tableSentence({ level, first, entries, index, used }: TreeTable): string {
  const where = index === null ? '' : `, at entry ${index} of the table above, from page ${formatCount(first)} on`;
  const which = used.length === 0 ? '' : `: ${used.slice(0, 24).join(', ')}${used.length > 24 ? ', ...' : ''}`;
  return `${level.toUpperCase()} table${where}: ${entries} of 512 entries in use${which}.`;
}
