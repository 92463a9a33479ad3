import { useEffect, useState } from 'react';
import type { OwnProfile } from '../link/ownKernel.ts';
import type { SearchNews } from '../search/ruleSearch.ts';

/** Keys and clicks that follow each other so fast start one search. */
const PAUSE_MS = 120;

/** Searches as the profile changes: the newest profile's news; `null`: nothing yet. Each profile has a worker, which ends with it. */
export function useRuleSearch(own: OwnProfile): SearchNews | null {
  const [news, setNews] = useState<{ readonly own: OwnProfile; readonly news: SearchNews } | null>(null);
  useEffect(() => {
    let worker: Worker | null = null;
    const timer = setTimeout(() => {
      worker = new Worker(new URL('../search/ruleSearch.worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<SearchNews>) => setNews({ own, news: data });
      worker.onerror = ({ message }) =>
        setNews({ own, news: { kind: 'refused', error: `the search could not be started: ${message}` } });
      worker.postMessage(own);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      worker?.terminate();
    };
  }, [own]);
  return news !== null && news.own === own ? news.news : null;
}
