import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import type { ReactNode } from 'react';
import { holdClaim, shownValue } from '../content/claims.ts';

/** A type without units: a claim is written as plain numbers. */
type Plain<T> = T extends number
  ? number
  : T extends bigint
    ? bigint
    : T extends string
      ? string
      : T extends object
        ? { readonly [K in keyof T]: Plain<T[K]> }
        : T;

interface ResultProps<T> {
  readonly value: T;
  /** What the page claims the value to be. A claim that does not hold fails the build. */
  readonly claim?: Plain<T>;
}

/** Shows a value as text; with a claim, also whether it holds. */
export function Result<T>(props: ResultProps<T>): ReactNode {
  const { value, claim } = props;
  const claimed = 'claim' in props;
  const holds = !claimed || shownValue(claim) === shownValue(value);
  // A reader who changes the code is told; a page that claims what is not so is not built.
  if (!ExecutionEnvironment.canUseDOM && claimed) holdClaim(value, claim);
  return (
    <div className="live-result" data-claim={claimed ? (holds ? 'holds' : 'broken') : 'none'}>
      <code>{shownValue(value)}</code>
      {claimed && (
        <p className={holds ? 'yes' : undefined}>{holds ? 'As claimed.' : `The page claims ${shownValue(claim)}.`}</p>
      )}
    </div>
  );
}
