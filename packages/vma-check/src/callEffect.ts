import type { Op } from 'fork-sim';
import {
  LO_ACCESS,
  LO_ACCOUNT,
  LO_DONTCOPY,
  LO_DONTDUMP,
  LO_LOCKED_MASK,
  LO_MERGEABLE,
  LO_WIPEONFORK,
} from 'vma-core';

/** What a call names, and what it is for: what it may change. */
export interface CallEffect {
  /** A bit for each page that the call names. */
  readonly named: number;
  /** Flags of named pages that the call is for, low half. */
  readonly flagsLo: number;
  /** It gives the pages another mapping, or takes it away: nothing of the old one need be left. */
  readonly replaces: boolean;
  /** What named pages hold may be thrown away. */
  readonly discards: boolean;
  /** A move: from this page on, so many pages, to that page. */
  readonly moves: { readonly from: number; readonly to: number; readonly pages: number } | null;
}

const NOTHING: CallEffect = { named: 0, flagsLo: 0, replaces: false, discards: false, moves: null };

const ADVICE_FLAGS: Readonly<Record<string, number>> = {
  DONTFORK: LO_DONTCOPY,
  DOFORK: LO_DONTCOPY,
  WIPEONFORK: LO_WIPEONFORK,
  KEEPONFORK: LO_WIPEONFORK,
  DONTDUMP: LO_DONTDUMP,
  DODUMP: LO_DONTDUMP,
  MERGEABLE: LO_MERGEABLE,
  UNMERGEABLE: LO_MERGEABLE,
};
const DISCARDS: ReadonlySet<string> = new Set(['DONTNEED', 'FREE', 'REMOVE', 'GUARD_INSTALL', 'DONTNEED_LOCKED']);

/** What an operation names and may change. */
export function callEffect(op: Op): CallEffect {
  switch (op.op) {
    case 'mmap':
      return { ...NOTHING, named: pagesOf(op.page ?? 0, op.pages), flagsLo: -1, replaces: true, discards: true };
    case 'munmap':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: -1, replaces: true, discards: true };
    case 'mremap': {
      const { page, pages, newPages, newPage = page } = op;
      const named = pagesOf(page, Math.max(pages, newPage === page ? newPages : 0)) | pagesOf(newPage, newPages);
      const moves = newPage === page ? null : { from: page, to: newPage, pages: Math.min(pages, newPages) };
      return { named, flagsLo: -1, replaces: true, discards: true, moves };
    }
    case 'mprotect':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_ACCESS | LO_ACCOUNT };
    case 'madvise': {
      const flagsLo = ADVICE_FLAGS[op.advice] ?? 0;
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo, discards: DISCARDS.has(op.advice) };
    }
    case 'mlock':
    case 'mlock2':
    case 'munlock':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_LOCKED_MASK };
    case 'touch':
      return { ...NOTHING, named: pagesOf(op.page, op.pages ?? 1) };
    case 'mseal':
      return { ...NOTHING, named: pagesOf(op.page, op.pages) };
    default:
      return NOTHING;
  }
}

/** A bit for each page of a range. */
function pagesOf(page: number, pages: number): number {
  return ((1 << pages) - 1) << page;
}
