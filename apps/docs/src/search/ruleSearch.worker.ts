// One search in a thread of its own: it gets a profile, tells how far it is, and at last what it found.
import type { OwnProfile } from '../link/ownKernel.ts';
import { type SearchNews, searchForBreak } from './ruleSearch.ts';

const MIN_MS = 100;
let last = 0;

function tell(news: SearchNews): void {
  const now = performance.now();
  if (news.kind === 'searching' && now - last < MIN_MS) return;
  last = now;
  postMessage(news);
}

addEventListener('message', ({ data }: MessageEvent<OwnProfile>) => {
  searchForBreak(data, tell).then(tell, (error: unknown) => tell({ kind: 'refused', error: String(error) }));
});
