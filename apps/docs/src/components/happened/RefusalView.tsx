import type { EventView } from 'fork-sim';
import { explain, RULE_WORDS, refusalValues } from 'fork-sim/words';
import type { ReactNode } from 'react';

/** Why a neighbour did not merge: the rule by name, in a sentence, and the two values that differ. */
export function RefusalView({ refused }: { readonly refused: Extract<EventView, { kind: 'refused' }> }): ReactNode {
  const { side, neighbour, refusal } = refused;
  const values = refusalValues(refusal);
  return (
    <div className="refusal">
      <p>
        <strong>
          {neighbour.letter} {side === 'prev' ? 'below' : 'above'} refuses: {refusal.rule}
        </strong>{' '}
        <code>{RULE_WORDS[refusal.rule].kernelFunction}</code>
      </p>
      <p>{explain(refusal)}</p>
      {values !== null && (
        <table className="refusal-values">
          <caption>{values.what}</caption>
          <tbody>
            <tr>
              <th scope="row">✱ the range</th>
              <td>
                <Marked text={values.range} differ={values.differ} />
              </td>
            </tr>
            <tr>
              <th scope="row">{neighbour.letter}</th>
              <td>
                <Marked text={values.neighbour} differ={values.differ} />
              </td>
            </tr>
          </tbody>
        </table>
      )}
    </div>
  );
}

/** A value, with the words marked that the other has not. */
function Marked({ text, differ }: { readonly text: string; readonly differ: readonly string[] }): ReactNode {
  if (differ.includes(text)) return <mark>{text}</mark>;
  return text.split(' ').map((word) => <span key={word}>{differ.includes(word) ? <mark>{word}</mark> : word} </span>);
}
