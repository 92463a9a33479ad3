import Link from '@docusaurus/Link';
import type { MapState } from 'fork-sim';
import { FLAG_MEANINGS } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { PAGE_STATES } from '../words/phrases.ts';
import { chipsOf } from './Chip.tsx';

/** Says what the marks of a picture mean: only those that it has. */
export function PictureKey({ states }: { readonly states: readonly MapState[] }): ReactNode {
  const vmas = states.flatMap((state) => state.vmas);
  const chips = [...new Set(vmas.flatMap(chipsOf))];
  const sticky = new Set(vmas.flatMap((vma) => vma.sticky));
  const letters = [...new Set(states.flatMap(({ pages }) => pages.flatMap((run) => Array.from(run.letters))))];
  const marks: readonly (readonly [mark: string, meaning: string])[] = [
    ...chips.map(
      (word) => [word, `${FLAG_MEANINGS[word] ?? 'a flag'}${sticky.has(word) ? ', sticky (the pin)' : ''}`] as const,
    ),
    ...letters.flatMap((letter) =>
      letter === '.' || !PAGE_STATES[letter] ? [] : [[letter, PAGE_STATES[letter]] as const],
    ),
    ...(vmas.some(({ anonVma }) => anonVma !== null)
      ? [['av', 'the anon_vma of pages that were written'] as const]
      : []),
  ];
  if (marks.length === 0) return null;
  return (
    <p className="picture-key">
      {marks.map(([mark, meaning]) => (
        <span key={mark}>
          <code>{mark}</code> {meaning}
        </span>
      ))}
      <Link to="/glossary">all words</Link>
    </p>
  );
}
