import { consumers } from './consumers.ts';
import { type MapOwner, type Overview, overviewGuards, overviewOfMap } from './overview.ts';
import type { SmapsSight } from './smapsReport.ts';

/** What is said of a map at first sight, on the kernel that was asked for. */
export function smapsOverview(sight: SmapsSight, whose: MapOwner): Overview {
  const { map, guards, oneFlagApart: flags, forks, pageSize } = sight;
  const rows = map.map((row) => ({ ...row, made: null, threadStack: false }));
  const pages = map.reduce(
    (sum, { start, end, fork }) => sum + (fork.action === 'copy' ? (end - start) / pageSize : 0),
    0,
  );
  const facts = { ...whose, vmas: map.length, pageSize, copiedPages: pages };
  return overviewOfMap(facts, forks[0]!, {
    consumers: consumers(rows, whose.maxMapCount),
    guards: overviewGuards(guards, 'endVmas'),
    flags,
  });
}
