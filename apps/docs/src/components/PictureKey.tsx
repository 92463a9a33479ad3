import Link from '@docusaurus/Link';
import type { MapState, MapVma } from 'fork-sim';
import { FLAG_MEANINGS } from 'fork-sim/words';
import { type ReactNode, useRef } from 'react';
import { PAGE_STATES } from '../words/phrases.ts';
import { Chip, chipsOf, namedFlags } from './Chip.tsx';
import { PageShape } from './PageShape.tsx';
import { protOf } from './Strip.tsx';

interface PictureKeyProps {
  readonly states: readonly MapState[];
  /** Shown at once; otherwise behind the word "Key". */
  readonly open?: boolean;
}

/** One thing that a picture draws: what it is called, and how it looks. */
interface KeyItem {
  /** As `data-kind` of the picture's parts names it. */
  readonly kind: string;
  readonly sample: ReactNode;
  readonly meaning: string;
}

const KINDS: readonly (readonly [MapVma['kind'], string])[] = [
  ['anon', 'anonymous memory'],
  ['private', 'private file'],
  ['shared', 'shared file'],
];

const PROTECTIONS: readonly (readonly [ReturnType<typeof protOf>, string])[] = [
  ['write', 'may be written'],
  ['read', 'may be read'],
  ['none', 'no access'],
];

/** What the parts of a picture mean: only those that it has. Pointed at or focused, an entry lights its parts. */
export function PictureKey({ states, open = false }: PictureKeyProps): ReactNode {
  const box = useRef<HTMLDetailsElement>(null);
  const light = (kind: string | null): void => {
    const figure = box.current?.closest('.step, .lines-figure, figure, .pane');
    for (const part of figure?.querySelectorAll('.strip [data-kind]') ?? []) {
      part.classList.toggle('faded', kind !== null && !part.getAttribute('data-kind')?.split(' ').includes(kind));
    }
  };
  const items = itemsOf(states);
  if (items.length === 0) return null;
  return (
    <details className="picture-key" ref={box} open={open}>
      <summary>Key</summary>
      <ul>
        {items.map(({ kind, sample, meaning }) => (
          <li key={`${kind} ${meaning}`}>
            <button
              type="button"
              onPointerEnter={() => light(kind)}
              onPointerLeave={() => light(null)}
              onFocus={() => light(kind)}
              onBlur={() => light(null)}
            >
              {sample}
              {meaning}
            </button>
          </li>
        ))}
        <li>
          <Link to="/glossary">all words</Link>
        </li>
      </ul>
    </details>
  );
}

function itemsOf(states: readonly MapState[]): KeyItem[] {
  const vmas = states.flatMap((state) => state.vmas);
  const kinds = new Set(vmas.map(({ kind }) => kind));
  const prots = new Set(vmas.map(protOf));
  const sticky = new Set(vmas.flatMap((vma) => vma.sticky));
  const letters = new Set(states.flatMap(({ pages }) => pages.flatMap((run) => Array.from(run.letters))));
  const borders = states.flatMap((state) => state.borders);
  const chips = new Set(
    states.flatMap((state) => state.vmas.flatMap((vma) => chipsOf(vma, namedFlags(state, vma.letter)))),
  );
  return [
    ...KINDS.filter(([kind]) => kinds.has(kind)).map(([kind, meaning]) => ({
      kind,
      sample: <span className={`key-bar bar-${kind} bar-write`} />,
      meaning,
    })),
    ...PROTECTIONS.filter(([prot]) => prots.has(prot)).map(([prot, meaning]) => ({
      kind: prot,
      sample: <span className={`key-bar bar-plain bar-${prot}`} />,
      meaning,
    })),
    ...[...chips].map((word) => ({
      kind: sticky.has(word) ? 'sticky' : 'flag',
      sample: <Chip word={word} sticky={sticky.has(word)} />,
      meaning: `${FLAG_MEANINGS[word] ?? 'a flag'}${sticky.has(word) ? ', sticky' : ''}`,
    })),
    ...Object.entries(PAGE_STATES)
      .filter(([letter]) => letters.has(letter) && letter !== '.')
      .map(([letter, meaning]) => ({ kind: `page-${letter}`, sample: <PageShape letter={letter} />, meaning })),
    ...(borders.some(({ refusal }) => refusal !== null)
      ? [{ kind: 'wall', sample: <span className="key-wall" />, meaning: 'a rule keeps them apart' }]
      : []),
    ...(borders.some(({ refusal }) => refusal === null)
      ? [{ kind: 'seam', sample: <span className="key-seam" />, meaning: 'could merge' }]
      : []),
    ...(vmas.some(({ anonVma }) => anonVma !== null)
      ? [{ kind: 'thread', sample: <code>av</code>, meaning: 'anon_vma: this memory was written' }]
      : []),
  ];
}
