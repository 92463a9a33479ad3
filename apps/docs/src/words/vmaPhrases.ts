import { countOf, explain, forkWhy, formatKb } from 'fork-sim/words';
import type { ForkRow, GuardAnswer, VmaRow } from 'fork-sim/worker';
import { formatVmFlags } from 'vma-core';

/** What fork does with a VMA, and why, in words. */
export function forkPhrase(fork: ForkRow): string {
  const why = forkWhy(fork, formatVmFlags(fork.flags));
  switch (fork.action) {
    case 'copy': {
      const known = countOf(fork.ptes, 'entry', 'entries');
      return `fork copies its page tables (at most ${formatKb(fork.kBAtMost)}; ${known} known), because ${why}`;
    }
    case 'refault':
      return `fork leaves it to refault: ${why}`;
    case 'wipe':
      return `empty in the child: ${why}`;
    case 'skip':
      return `not in the child: ${why}`;
    default:
      return fork.action satisfies never;
  }
}

/** May a VMA and the one above it be one? */
export function abovePhrase(above: VmaRow['above']): string {
  switch (above.kind) {
    case 'top':
      return 'nothing above';
    case 'hole':
      return `a hole of ${countOf(above.pages, 'page')} above`;
    case 'seam':
      return 'could merge with the VMA above at the next call that asks';
    case 'unknown':
      return 'smaps does not show whether it shares an anon_vma with the VMA above';
    case 'wall':
      return `stays apart from the VMA above: ${explain(above.refusal)}`;
    default:
      return above satisfies never;
  }
}

/** What one guard page would change. */
export function guardPhrase({ result, before, after, kBAtMost, flags }: GuardAnswer): string {
  if (result !== '0') return `This kernel answers ${result} to MADV_GUARD_INSTALL here.`;
  const sets = flags === 0n ? '' : ` It sets ${formatVmFlags(flags)} on the whole VMA.`;
  if (before === after) return `One guard page here would change nothing for fork (${before}).${sets}`;
  return `One guard page here turns ${before} into ${after}: fork would copy at most ${formatKb(kBAtMost)} of page tables.${sets}`;
}
