import type { ForkGroup, GuardAnswer, VmaDetail } from 'fork-sim/worker';
import { count, refusalSentence } from './phrases.ts';

/** What fork does with a VMA, and why, in words. */
export function forkPhrase({ action, rule, because, ptes, kBAtMost }: VmaDetail['fork']): string {
  switch (action) {
    case 'copy': {
      const why = rule === 'anonVma' ? 'it has an anon_vma' : `its flags (${because}) ask for it`;
      return `fork copies its page tables (at most ${kb(kBAtMost)}; ${count(ptes, 'entry').replace('entrys', 'entries')} known), because ${why}`;
    }
    case 'refault':
      return 'fork leaves it to refault: a fault can make every entry again';
    case 'wipe':
      return 'empty in the child: MADV_WIPEONFORK';
    case 'skip':
      return 'not in the child: MADV_DONTFORK';
    default:
      return action satisfies never;
  }
}

/** Why a group of VMAs is copied or not, in a few words. */
export function forkWhy({ action, rule, because }: Pick<ForkGroup, 'action' | 'rule' | 'because'>): string {
  if (action === 'wipe') return 'MADV_WIPEONFORK';
  if (action === 'skip') return 'MADV_DONTFORK';
  if (rule === 'anonVma') return 'it has an anon_vma';
  return because === '' ? 'a fault can make every entry again' : `flags ${because}`;
}

/** May a VMA and the one above it be one? */
export function abovePhrase(above: VmaDetail['above']): string {
  switch (above.kind) {
    case 'top':
      return 'nothing above';
    case 'hole':
      return `a hole of ${count(above.pages, 'page')} above`;
    case 'seam':
      return 'could merge with the VMA above at the next call that asks';
    case 'unknown':
      return 'smaps does not show whether it shares an anon_vma with the VMA above';
    case 'wall':
      return `stays apart from the VMA above: ${refusalSentence(above.refusal)}`;
    default:
      return above satisfies never;
  }
}

/** What one guard page would change. */
export function guardPhrase({ result, before, after, kBAtMost, flags }: GuardAnswer): string {
  if (result !== '0') return `This kernel answers ${result} to MADV_GUARD_INSTALL here.`;
  const sets = flags === '' ? '' : ` It sets ${flags} on the whole VMA.`;
  if (before === after) return `One guard page here would change nothing for fork (${before}).${sets}`;
  return `One guard page here turns ${before} into ${after}: fork would copy at most ${kb(kBAtMost)} of page tables.${sets}`;
}

/** `1,234 kB`. */
export function kb(n: number): string {
  return `${n.toLocaleString('en')} kB`;
}
