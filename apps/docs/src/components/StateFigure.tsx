import type { MapState, Op } from 'fork-sim';
import { formatPages, refusalShort } from 'fork-sim/words';
import type { CSSProperties, ReactNode } from 'react';
import { lettersOf } from '../picture/lettersOf.ts';
import { type View, viewOf } from '../picture/view.ts';
import { wallLabels } from '../picture/wallLabels.ts';
import { stateSentence } from '../words/phrases.ts';
import { Chip } from './Chip.tsx';
import { Table } from './ScrollTable.tsx';
import { Strip } from './Strip.tsx';

interface StateFigureProps {
  readonly state: MapState;
  readonly view?: View | undefined;
  readonly title?: string | undefined;
  readonly mark?: Op | undefined;
  readonly lit?: ReadonlySet<string> | null;
  /** Names of borders below the strip; default true. */
  readonly borders?: boolean;
}

/** A state, drawn: the strip, what keeps neighbours apart, and a table that says it all. */
export function StateFigure({ state, view, title, mark, lit, borders = true }: StateFigureProps): ReactNode {
  const sentence = stateSentence(state);
  return (
    <figure className="figure">
      {title && <figcaption className="figure-title">{title}</figcaption>}
      <Strip state={state} view={view ?? viewOf([state])} mark={mark} lit={lit ?? null} label={sentence} />
      {borders && <Borders state={state} view={view ?? viewOf([state])} />}
      <details className="figure-table">
        <summary>{sentence}</summary>
        <StateTable state={state} />
      </details>
    </figure>
  );
}

/**
 * Every pair that touches, with the rule that keeps it apart. A line takes no room where the picture above has room for the same words; for
 * those who do not see the picture it is always there.
 */
export function Borders({ state, view }: { readonly state: MapState; readonly view: View }): ReactNode {
  if (state.borders.length === 0) return null;
  const labels = new Map(wallLabels(state, view).map(({ page, width }) => [page, width / 100]));
  return (
    <ul className="borders">
      {state.borders.map(({ page, below, above, refusal }) => (
        <li
          key={page}
          className={refusal === null ? 'border-seam' : 'border-wall'}
          style={
            refusal === null
              ? {}
              : ({ '--share': labels.get(page) ?? 0, '--letters': refusalShort(refusal).length } as CSSProperties)
          }
        >
          <code>
            {below}
            {refusal === null ? '|' : '‖'}
            {above}
          </code>{' '}
          {refusal === null ? 'no rule keeps them apart' : refusalShort(refusal)}
        </li>
      ))}
    </ul>
  );
}

/** The state as a table. */
export function StateTable({ state }: { readonly state: MapState }): ReactNode {
  return (
    <Table
      label="The VMAs of this state"
      className="state-table"
      heads={['VMA', 'pages', 'size', 'perms', 'backing', 'flags', 'anon_vma', 'page states']}
    >
      {state.vmas.map((vma) => (
        <tr key={vma.letter}>
          <th scope="row">{vma.letter}</th>
          <td>
            {vma.start}–{vma.end - 1}
          </td>
          <td>{formatPages(vma.end - vma.start)}</td>
          <td>
            <code>{vma.perms}</code>
          </td>
          <td>
            {vma.backing}
            {vma.backing === 'anon' ? '' : ` @${vma.pgoff}`}
          </td>
          <td className="flags-cell">
            {vma.flags.map((word) => (
              <Chip key={word} word={word} sticky={vma.sticky.includes(word)} />
            ))}
          </td>
          <td>{vma.anonVma === null ? '–' : `av${vma.anonVma}${vma.chain > 1 ? ` (chain of ${vma.chain})` : ''}`}</td>
          <td>
            <code>{lettersOf(state, vma.start, vma.end)}</code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
