import type { ReactNode } from 'react';

interface ResultProps {
  readonly value: unknown;
  /** What the page claims the value to be; the site's tests hold it against the value. */
  readonly claim?: unknown;
}

/** Shows a value as text; with a claim, also whether it holds. */
export function Result({ value, claim }: ResultProps): ReactNode {
  const shown = show(value);
  const holds = claim === undefined || show(claim) === shown;
  return (
    <div className="live-result" data-claim={claim === undefined ? 'none' : holds ? 'holds' : 'broken'}>
      <code>{shown}</code>
      {claim !== undefined && (
        <p className={holds ? 'yes' : undefined}>{holds ? 'As claimed.' : `The page claims ${show(claim)}.`}</p>
      )}
    </div>
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `0x${one.toString(16)}` : one));
  return text ?? String(value);
}
