import { readFileSync } from 'node:fs';

/** The version of this package. This file stands one folder below `package.json`, and so does the bundle that is made of it. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
