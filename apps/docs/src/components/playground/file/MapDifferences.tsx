import { differenceText, flagWords, formatCount, formatRange } from 'fork-sim/words';
import type { MapComparison } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { Table } from '../../ScrollTable.tsx';

interface MapDifferencesProps {
  readonly answer: MapComparison;
  /** What the two sides are called. */
  readonly sides: readonly [string, string];
  readonly onAddr?: (addr: number) => void;
}

/** Rows that are shown at first, and by which more are shown. */
const ROWS = 50;

/** Two maps, where they differ. */
export function MapDifferences({ answer, sides, onAddr }: MapDifferencesProps): ReactNode {
  const { differences, differing, equal, flagsUnknown, groups } = answer;
  const [rows, setRows] = useState(ROWS);
  if (differing === 0) {
    return (
      <p className="verdict">
        ✓ {sides[0]} and {sides[1]}: all {formatCount(equal)} VMAs are the same in range, permissions
        {flagsUnknown > 0 ? ' and offset; a maps shows no flags.' : ', offset and every flag.'}
      </p>
    );
  }
  return (
    <>
      <p className="verdict">
        ≠ {formatCount(differing)} {differing === 1 ? 'difference' : 'differences'} between {sides[0]} and {sides[1]};{' '}
        {formatCount(equal)} VMAs are the same.
      </p>
      <ul className="sentences difference-groups">
        {groups.map((group) => (
          <li key={`${group.on} ${group.at}`}>{differenceText(group, sides)}.</li>
        ))}
      </ul>
      <Table
        label={`${sides[0]} and ${sides[1]}, where they differ`}
        heads={['range', sides[0], sides[1], 'differ by']}
      >
        {differences.slice(0, rows).map(({ real, model, fields }, at) => {
          const row = real ?? model;
          if (row === null) return null;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a difference is its place in the list
            <tr key={at}>
              <th scope="row">
                {onAddr ? (
                  <button type="button" className="link-button" onClick={() => onAddr(row.start)}>
                    {formatRange(row.start, row.end)}
                  </button>
                ) : (
                  <code>{formatRange(row.start, row.end)}</code>
                )}{' '}
                {row.name}
              </th>
              <td>{real === null ? '–' : `${real.perms} ${flagWords(real)}`}</td>
              <td>{model === null ? '–' : `${model.perms} ${flagWords(model)}`}</td>
              <td>{fields.length === 0 ? 'only on one side' : fields.join(', ')}</td>
            </tr>
          );
        })}
      </Table>
      {differing > rows && (
        <p className="stays">
          The first {formatCount(rows)} of {formatCount(differing)} are shown.{' '}
          {differences.length > rows && (
            <button type="button" className="lab-button" onClick={() => setRows(rows + 10 * ROWS)}>
              Show more
            </button>
          )}
        </p>
      )}
    </>
  );
}
