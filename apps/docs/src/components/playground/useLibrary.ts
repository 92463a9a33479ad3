import { useCallback, useEffect, useState } from 'react';
import type { LibraryRow } from '../../content/library.ts';

/**
 * The library of litmus tests. It is not part of the page as it starts.
 * @param now whether it is wanted at once; else `load` brings it
 */
export function useLibrary(now: boolean): { readonly library: readonly LibraryRow[]; readonly load: () => void } {
  const [library, setLibrary] = useState<readonly LibraryRow[]>([]);
  const load = useCallback(() => {
    import('@generated/litmus/default/library.json').then(
      ({ default: rows }) => setLibrary(rows),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (now) load();
  }, [now, load]);
  return { library, load };
}
