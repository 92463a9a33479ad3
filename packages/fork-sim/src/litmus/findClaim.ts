import type { ForkAction } from 'vma-core';
import { PAGE_SIZE } from 'vma-core';
import { ARENA_BASE, type VmaRecord } from '../scenario/scenario.ts';
import type { Claim, FlagsClaim, MapClaim, Pages, PagesClaim, VmaClaim } from './claim.ts';
import { formatClaim } from './claims.ts';
import { drawPart, lettersOf, maskedPages, pagesWith, type SeenState, vmaAt } from './seenState.ts';

/** The page that a VMA's name stands for; `null`: no drawing has the letter. */
type PageOf = (vma: string) => number | null;

/** What is there instead of what is claimed, as a claim would say it; `null`: the claim holds. */
export function findClaim(claim: Claim, state: SeenState, pageOf: PageOf): string | null {
  const found = seenFor(claim, state, pageOf);
  if (typeof found === 'string') return found;
  return found === null || formatClaim(found) === formatClaim(claim) ? null : formatClaim(found);
}

/** The claim of the same kind that is true; a text where none can be made; `null`: the claim given holds. */
function seenFor(claim: Claim, state: SeenState, pageOf: PageOf): Claim | string | null {
  switch (claim.kind) {
    case 'map':
      return seenMap(claim, state);
    case 'pages':
      return seenPages(claim, state);
    case 'guards':
      return { kind: claim.kind, ranges: sameAs(claim.ranges, pagesWith(state, 'G')) };
    case 'soft-dirty':
      return { kind: claim.kind, ranges: sameAs(claim.ranges, maskedPages(state, state.sd)) };
    case 'write-protected':
      return { kind: claim.kind, ranges: sameAs(claim.ranges, maskedPages(state, state.wp ?? '')) };
    case 'vmas':
      return { kind: 'vmas', count: state.vmas.length };
    case 'tables':
      return { kind: 'tables', kb: state.pt ?? 0 };
    case 'flags':
      return ofVma(claim.vma, state, pageOf, (vma) => seenFlags(claim, vma));
    case 'vma':
      return ofVma(claim.vma, state, pageOf, (vma) => seenVma(claim, vma));
    case 'forked': {
      const page = pageOf(claim.vma);
      const action = page === null ? null : actionAt(state, page);
      return action === null ? `the fork saw no VMA ${claim.vma}` : { ...claim, action };
    }
    default:
      return claim satisfies never;
  }
}

function ofVma(
  name: string,
  state: SeenState,
  pageOf: PageOf,
  seen: (vma: VmaRecord) => Claim | null,
): Claim | string | null {
  const page = pageOf(name);
  if (page === null) return `no drawing for this kernel has a VMA ${name}`;
  const vma = vmaAt(state, page);
  return vma === undefined ? `page ${page} is in no VMA` : seen(vma);
}

function seenMap({ first, drawing }: MapClaim, state: SeenState): Claim | null {
  const count = first === null ? Math.max(drawing.length, state.vmas.at(-1)?.[1] ?? 0) : drawing.length;
  const wanted = drawing.padEnd(count, '.');
  const seen = drawPart(state, first ?? 0, count);
  return sameShape(wanted, seen) ? null : { kind: 'map', first, drawing: trimmed(seen, '.') };
}

/** Do two drawings divide the pages in the same way, with any letters? */
function sameShape(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    if ((a[at] === '.') !== (b[at] === '.')) return false;
    if (at > 0 && (a[at] === a[at - 1]) !== (b[at] === b[at - 1])) return false;
  }
  return true;
}

function seenPages({ first, letters }: PagesClaim, state: SeenState): Claim | null {
  const count = first === null ? Math.max(letters.length, state.vmas.at(-1)?.[1] ?? 0) : letters.length;
  const seen = lettersOf(state, first ?? 0, count);
  return letters.padEnd(count, '-') === seen ? null : { kind: 'pages', first, letters: trimmed(seen, '-') };
}

function trimmed(row: string, empty: string): string {
  let end = row.length;
  while (end > 1 && row[end - 1] === empty) end--;
  return row.slice(0, end);
}

/** The ranges given where they say the same pages, else the shortest ranges that do. */
function sameAs(ranges: readonly Pages[], pages: readonly number[]): readonly Pages[] {
  const said = ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
  const sorted = [...new Set(said)].sort((a, b) => a - b);
  if (sorted.join() === pages.join()) return ranges;
  const runs: { first: number; count: number }[] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === page) last.count++;
    else runs.push({ first: page, count: 1 });
  }
  return runs;
}

function seenFlags({ vma, how, flags }: FlagsClaim, [, , , , , words]: VmaRecord): Claim | null {
  const there = words.split(' ').filter((word) => word !== '');
  const has = (flag: string): boolean => there.includes(flag);
  const holds =
    how === 'has'
      ? flags.every(has)
      : how === 'lacks'
        ? !flags.some(has)
        : flags.length === there.length && flags.every(has);
  return holds ? null : { kind: 'flags', vma, how: 'are', flags: there };
}

function seenVma(
  { vma, perms, backing, pgoff }: VmaClaim,
  [, , seenPerms, seenPgoff, seenBacking]: VmaRecord,
): Claim | null {
  const holds =
    perms === seenPerms && (backing === null || backing === seenBacking) && (pgoff === null || pgoff === seenPgoff);
  const anon = seenBacking === 'anon';
  return holds ? null : { kind: 'vma', vma, perms: seenPerms, backing: seenBacking, pgoff: anon ? null : seenPgoff };
}

function actionAt({ fork }: SeenState, page: number): ForkAction | null {
  const addr = ARENA_BASE + page * PAGE_SIZE;
  return fork?.decisions.find(({ vmStart, vmEnd }) => addr >= vmStart && addr < vmEnd)?.action ?? null;
}
