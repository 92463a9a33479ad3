import type { MapState, MapVma } from 'fork-sim';
import type { ReactNode } from 'react';
import { formatVmFlags, VM_FLAG_TABLE } from 'vma-core';

/** Flags that say no more than the permissions do, or that nearly every VMA has. */
const PLAIN: ReadonlySet<string> = new Set(['rd', 'wr', 'ex', 'sh', 'mr', 'mw', 'me', 'ms', 'ac']);

/** Flags that the permissions of a bar say already. */
const SAID: ReadonlySet<string> = new Set(['rd', 'wr', 'ex', 'sh']);
const NONE_NAMED: ReadonlySet<string> = new Set();

/** The flags of a VMA that are worth a chip; those that a wall beside it names (see {@link namedFlags}) are too. */
export function chipsOf(vma: MapVma, named: ReadonlySet<string> = NONE_NAMED): readonly string[] {
  return vma.flags.filter((word) => !PLAIN.has(word) || (named.has(word) && !SAID.has(word)));
}

/** The flags that keep a VMA and its neighbours apart. */
export function namedFlags({ borders }: MapState, letter: string): ReadonlySet<string> {
  return new Set(
    borders.flatMap(({ below, above, refusal }) =>
      refusal?.rule === 'vmFlags' && (below === letter || above === letter)
        ? formatVmFlags(refusal.diff).split(' ')
        : [],
    ),
  );
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
