import type { MapVma } from 'fork-sim';
import type { ReactNode } from 'react';
import { VM_FLAG_TABLE } from 'vma-core';

/** Flags that say no more than the permissions do, or that nearly every VMA has. */
const PLAIN: ReadonlySet<string> = new Set(['rd', 'wr', 'ex', 'sh', 'mr', 'mw', 'me', 'ms', 'ac']);

/** The flags of a VMA that are worth a chip. */
export function chipsOf(vma: MapVma): readonly string[] {
  return vma.flags.filter((word) => !PLAIN.has(word));
}

const NAMES: ReadonlyMap<string, string> = new Map(VM_FLAG_TABLE.map(({ mnemonic, name }) => [mnemonic ?? '', name]));

/** A flag by its two letters; a sticky one has a pin. */
export function Chip({ word, sticky }: { readonly word: string; readonly sticky: boolean }): ReactNode {
  const name = NAMES.get(word) ?? word;
  return (
    <span className={sticky ? 'chip chip-sticky' : 'chip'} data-flag={word} title={sticky ? `${name}, sticky` : name}>
      {word}
      {sticky && <Pin />}
    </span>
  );
}

function Pin(): ReactNode {
  return (
    <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true" focusable="false">
      <path d="M6 0l4 4-1 .6-1-.2-2 2 .1 1.7-.8.9-2-2L0 10l2.9-3.4-2-2 .9-.8 1.8.1 2-2L5.4 1z" fill="currentColor" />
    </svg>
  );
}
