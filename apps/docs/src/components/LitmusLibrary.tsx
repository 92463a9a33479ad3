import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import library from '@generated/litmus/default/library.json';
import type { ReactNode } from 'react';
import { KERNEL_PROFILES } from 'vma-core';
import { byFolder, type LibraryRow } from '../content/library.ts';
import { encodeShare } from '../link/shareLink.ts';
import { Table } from './ScrollTable.tsx';

const SIGNS = { holds: '✓', fails: '✗', notApplicable: '–' } as const;
const SAYS = { holds: 'holds', fails: 'fails', notApplicable: 'not applicable' } as const;

/** The library of litmus tests: files by kernels; each row opens the playground. */
export function LitmusLibrary(): ReactNode {
  return (
    <>
      {[...byFolder(library)].map(([folder, rows]) => (
        <section key={folder} id={`litmus-${folder}`}>
          <h3>{folder}</h3>
          <Table
            label={`Litmus tests: ${folder}`}
            className="lab-table"
            heads={['file', ...KERNEL_PROFILES.map(({ name }) => name), 'confirmed on']}
          >
            {rows.map((row) => (
              <Row key={row.name} row={row} />
            ))}
          </Table>
        </section>
      ))}
    </>
  );
}

function Row({ row }: { readonly row: LibraryRow }): ReactNode {
  const { title, text, source, softDirty, verdicts, confirmed } = row;
  const fragment = encodeShare({ text, profile: '6.19', step: 0, ...(softDirty ? { softDirty } : {}) });
  return (
    <tr>
      <th scope="row" title={`Source: ${source}`}>
        <Link data-noBrokenLinkCheck to={`${useBaseUrl('/playground')}#${fragment}`}>
          {title}
        </Link>
      </th>
      {verdicts.map((verdict, at) => (
        <td key={KERNEL_PROFILES[at]?.name} className={verdict === 'holds' ? 'yes' : undefined} title={SAYS[verdict]}>
          {SIGNS[verdict]}
        </td>
      ))}
      <td>{confirmed.join(', ')}</td>
    </tr>
  );
}
