import { LITMUS_HELP } from 'fork-sim';
import type { ReactNode } from 'react';
import { Table } from './ScrollTable.tsx';

/** The forms of one kind of line of a litmus file, from the reader's own table. */
export function LitmusGrammar({ part }: { readonly part: keyof typeof LITMUS_HELP }): ReactNode {
  return (
    <Table label={`Litmus files: ${part}`} className="lab-table" heads={['form', 'what it says']}>
      {LITMUS_HELP[part].map(({ form, says }) => (
        <tr key={form}>
          <th scope="row">
            <code>{form}</code>
          </th>
          <td>{says}</td>
        </tr>
      ))}
    </Table>
  );
}
