import Link from '@docusaurus/Link';
import { type ReactNode, useId } from 'react';

interface TermProps {
  /** Of the word in the glossary. */
  readonly anchor: string;
  /** The glossary's sentence, as plain text. */
  readonly meaning: string;
  readonly children: ReactNode;
}

/** A word at its first use on a page: it leads to the glossary, and shows the glossary's sentence under the pointer or with the focus. */
export function Term({ anchor, meaning, children }: TermProps): ReactNode {
  const id = useId();
  return (
    <span className="term">
      <Link to={`/glossary#${anchor}`} aria-describedby={id}>
        {children}
      </Link>
      <span className="term-meaning" role="tooltip" id={id}>
        {meaning}
      </span>
    </span>
  );
}
