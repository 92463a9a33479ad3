import type { Op } from 'fork-sim';
import {
  type AdviceName,
  LO_ACCESS,
  LO_DONTCOPY,
  LO_DONTDUMP,
  LO_LOCKED,
  LO_LOCKED_MASK,
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
  /** Flags of {@link flagsLo} that every named page has once the call has succeeded. */
  readonly setsLo: number;
  /** What every named page is then; `null`: the call is not about that. */
  readonly leaves: 'mapped' | 'unmapped' | 'guard' | 'no guard' | 'nothing written' | 'written' | null;
  /** A move: from this page on, this number of pages, to that page. */
  readonly moves: {
    readonly from: number;
    readonly to: number;
    readonly pages: number;
    /** The source stays mapped, and empty. */
    readonly dontUnmap: boolean;
  } | null;
}

const NOTHING: CallEffect = {
  named: 0,
  flagsLo: 0,
  replaces: false,
  discards: false,
  setsLo: 0,
  leaves: null,
  moves: null,
};

const ADVICE: { readonly [advice in AdviceName]?: Partial<CallEffect> } = {
  DONTFORK: { flagsLo: LO_DONTCOPY, setsLo: LO_DONTCOPY },
  DOFORK: { flagsLo: LO_DONTCOPY },
  WIPEONFORK: { flagsLo: LO_WIPEONFORK, setsLo: LO_WIPEONFORK },
  KEEPONFORK: { flagsLo: LO_WIPEONFORK },
  DONTDUMP: { flagsLo: LO_DONTDUMP, setsLo: LO_DONTDUMP },
  DODUMP: { flagsLo: LO_DONTDUMP },
  DONTNEED: { discards: true, leaves: 'nothing written' },
  GUARD_INSTALL: { discards: true, leaves: 'guard' },
  GUARD_REMOVE: { leaves: 'no guard' },
};

/** What an operation names and may change. */
export function callEffect(op: Op): CallEffect {
  switch (op.op) {
    case 'mmap':
      return { ...NOTHING, named: pagesOf(op.page ?? 0, op.pages), replaces: true, discards: true, leaves: 'mapped' };
    case 'munmap':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), replaces: true, discards: true, leaves: 'unmapped' };
    case 'mremap': {
      const { page, pages, newPages, newPage = page } = op;
      const named = pagesOf(page, Math.max(pages, newPage === page ? newPages : 0)) | pagesOf(newPage, newPages);
      const moves =
        newPage === page
          ? null
          : { from: page, to: newPage, pages: Math.min(pages, newPages), dontUnmap: op.dontUnmap ?? false };
      return { ...NOTHING, named, replaces: true, discards: true, moves };
    }
    case 'mprotect':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_ACCESS, setsLo: accessOf(op.prot) };
    case 'madvise':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), ...ADVICE[op.advice] };
    case 'mlock':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_LOCKED_MASK, setsLo: LO_LOCKED };
    case 'mlock2':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_LOCKED_MASK, setsLo: LO_LOCKED_MASK };
    case 'munlock':
      return { ...NOTHING, named: pagesOf(op.page, op.pages), flagsLo: LO_LOCKED_MASK };
    case 'touch':
      return { ...NOTHING, named: pagesOf(op.page, op.pages ?? 1), leaves: op.access === 'write' ? 'written' : null };
    case 'mseal':
      return { ...NOTHING, named: pagesOf(op.page, op.pages) };
    default:
      return NOTHING;
  }
}

/** The flags of an access, as vm_flags. */
function accessOf(prot: string): number {
  return ['r', 'w', 'x'].reduce(
    (bits, letter, at) => (prot.includes(letter) && prot !== 'none' ? bits | (1 << at) : bits),
    0,
  );
}

/** A bit for each page of a range. */
function pagesOf(page: number, pages: number): number {
  return ((1 << pages) - 1) << page;
}
