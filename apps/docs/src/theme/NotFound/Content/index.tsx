import Link from '@docusaurus/Link';
import type { ReactNode } from 'react';

const WAYS: readonly (readonly [to: string, name: string])[] = [
  ['/', 'the first page'],
  ['/story', 'the story of a guard page, step by step'],
  ['/playground', 'the playground'],
  ['/glossary', 'all words'],
];

/** A page that is not there: where to go from here. */
export default function NotFoundContent(): ReactNode {
  return (
    <main className="home">
      <h1>There is no such page</h1>
      <p>The address may be mistyped, or the page has moved. The search above finds words of every page; or go to</p>
      <ul>
        {WAYS.map(([to, name]) => (
          <li key={to}>
            <Link to={to}>{name}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
