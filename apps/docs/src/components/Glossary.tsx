import useBrokenLinks from '@docusaurus/useBrokenLinks';
import groups from '@generated/glossary/default/groups.json';
import type { ReactNode } from 'react';
import { wordAnchor } from '../content/glossary.ts';

/** The project's glossary, from the repository's own file; each word can be linked to. */
export function Glossary(): ReactNode {
  const { collectAnchor } = useBrokenLinks();
  for (const { words } of groups) for (const { word } of words) collectAnchor(wordAnchor(word));
  return (
    <>
      {groups.map(({ heading, words }) => (
        <section key={heading} className="glossary">
          <h2>{heading}</h2>
          <dl>
            {words.map(({ word, code, meaning }) => (
              <div key={word}>
                <dt id={wordAnchor(word)}>
                  <Marked text={word} /> {code !== '' && <Marked text={code} />}
                </dt>
                <dd>
                  <Marked text={meaning} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

/** Text with `code` in backticks. */
function Marked({ text }: { readonly text: string }): ReactNode {
  const parts = text.split('`');
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text
  return <>{parts.map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : <span key={i}>{part}</span>))}</>;
}
