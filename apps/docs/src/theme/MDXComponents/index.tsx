import MDXComponents from '@theme-original/MDXComponents';
import type { ComponentProps, ReactNode } from 'react';
import { PageShape } from '../../components/PageShape.tsx';
import { ScrollTable } from '../../components/ScrollTable.tsx';
import { Term } from '../../components/Term.tsx';

/** A table of a text. */
function TextTable(props: ComponentProps<'table'>): ReactNode {
  return (
    <ScrollTable label="Table">
      <table className="text-table" {...props} />
    </ScrollTable>
  );
}

export default { ...MDXComponents, table: TextTable, PageShape, Term };
